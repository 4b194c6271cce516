from __future__ import annotations

import json

from tests.parsing.test_formats import framed
from tui.parsing.parser import Parser
from tui.parsing.timestamps import parse_time
from tui.record import Record


def read(text: str) -> list[Record]:
    lines = [line.encode() for line in text.split("\n")]
    parser = Parser("s")
    parser.learn(lines, reference_ns=parse_time("2026-11-24T00:00:00Z"))
    return [parser.record(group) for group in framed(parser, lines)]


W3C = """#Software: Some Server 10.0
#Date: 2026-11-23 00:00:01
#Fields: {date}time cs-method cs-uri-stem cs-uri-query sc-status time-taken
{day}15:02:44 GET /cart id=7 200 15
{day}15:02:45 POST /pay - 503 1500"""


def test_the_fields_line_of_a_server_names_what_its_lines_hold() -> None:
    records = read(W3C.format(date="date ", day="2026-11-23 "))
    assert [record.level for record in records] == [None, None, None, "info", "error"]
    assert [record.message for record in records[3:]] == ["GET /cart 200", "POST /pay 503"]
    assert records[4].time_ns == parse_time("2026-11-23T15:02:45Z")


def test_a_date_said_once_is_that_of_all_lines() -> None:
    assert read(W3C.format(date="", day=""))[3].time_ns == parse_time("2026-11-23T15:02:44Z")


def test_zeek_parts_its_cells_by_tabs() -> None:
    text = "#separator \\x09\n#fields\tts\tuid\tmethod\turi\tstatus_code\n1795446164.123456\tCx1\tGET\t/a b\t404"
    record = read(text)[-1]
    assert (record.time_ns, record.level, record.message) == (
        parse_time("2026-11-23T15:02:44.123456Z"),
        "warn",
        "GET /a b 404",
    )


def test_a_csv_cell_may_hold_commas_line_feeds_and_whole_records() -> None:
    app = json.dumps({"level": "error", "msg": "no, stock", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"})
    docker = json.dumps({"log": app + "\n", "stream": "stdout", "time": "2026-11-23T15:02:44Z"})
    rows = [
        "timestamp,pod,message",
        '2026-11-23T15:02:43Z,cart-1,"one,\ntwo"',
        '2026-11-23T15:02:45Z,cart-1,"' + docker.replace('"', '""') + '"',
    ]
    _, first, second = read("\n".join(rows))
    assert first.message == "one,\ntwo"
    assert (second.level, second.message, second.trace_id) == ("error", "no, stock", "4bf92f3577b34da6a3ce929d0e0e4736")


def test_a_csv_without_names_is_opened_by_its_object() -> None:
    record = read('2026-11-23T15:02:43Z,cart,"{""level"":""warn"",""msg"":""low""}"')[0]
    assert (record.level, record.message, record.time_ns) == ("warn", "low", parse_time("2026-11-23T15:02:43Z"))


def test_lists_of_words_are_no_table() -> None:
    assert [record.message for record in read("time, gentlemen, please\nand so on")] == [
        "time, gentlemen, please",
        "and so on",
    ]
