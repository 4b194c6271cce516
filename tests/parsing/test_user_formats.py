"""Formats, names, level words and links of users count before what is built in, and are checked by their samples."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parsing.systems import REFERENCE_NS
from tests.parsing.test_formats import framed
from tui.parsing.parser import Parser
from tui.parsing.user_formats import FormatError, install
from tui.query.level_signs import severe
from tui.query.numerals import comparison
from tui.record import Id, Record
from tui.settings import SettingsError, load

TEXT = r"""
[[format]]
name = "acme"
pattern = '(?P<time>\d{10}\.\d+)~(?P<level>\w)~(?P<service>\w+)~(?P<cents>\d+)~(?P<message>.*)'
levels = { K = "error", H = "info" }
sample = [{ line = "1795446164.5~K~pay~17~declined", time = "2026-11-23T15:02:44.5Z", level = "error", cents = 17 }]
"""
OBJECTS = """
[[format]]
name = "acme"
fields = { time = "geschehen", level = "grad", message = "text_de", request = "vorgang" }
levels = { 1 = "error" }
"""
WORDS = """
[vocabulary]
time = ["zeitpunkt"]
message = ["meldung"]
request = ["vorgangsnummer"]
levels = { kritisch = "error" }
[links]
join = ["order_id"]
ignore = ["job_id"]
"""


@pytest.fixture(autouse=True)
def nothing_added() -> Iterator[None]:
    yield
    install({})


def read(*lines: str) -> list[Record]:
    data = [line.encode() for line in lines]
    parser = Parser("case")
    parser.learn(data, reference_ns=REFERENCE_NS)
    return [parser.record(one) for one in framed(parser, data)]


def test_a_pattern_tells_where_records_begin_and_what_their_parts_mean() -> None:
    install(tomllib.loads(TEXT))
    first, second = read(
        "1795446164.5~K~pay~17~declined", "Details: more", "1795446165~H~pay~18~x", "1795446165.5~H~pay~18~ok"
    )[:2]
    assert (first.format, first.time_ns, first.level, first.service) == (
        "acme",
        1_795_446_164_500_000_000,
        "error",
        "pay",
    )
    assert (first.message, first.fields["cents"]) == ("declined\nDetails: more\n1795446165~H~pay~18~x", 17)
    assert (second.level, second.message) == ("info", "ok")


def test_fields_mean_what_the_user_says_where_all_of_them_are() -> None:
    install(tomllib.loads(OBJECTS))
    whole = {
        "time": "2020-01-01T00:00:00Z",
        "geschehen": "2026-11-23T15:02:44Z",
        "grad": 1,
        "level": "info",
        "text_de": "kaputt",
        "vorgang": "v-1234567",
    }
    record, other = read(json.dumps(whole), '{"geschehen":"x","msg":"y","level":"info"}')
    assert (record.format, record.level, record.message, record.ids) == (
        "acme",
        "error",
        "kaputt",
        (Id("request", "v-1234567"),),
    )
    assert record.time_ns == 1_795_446_164_000_000_000
    assert (other.format, other.level, other.message) == ("json", "info", "y")


def test_names_words_and_links_are_added_and_taken_back() -> None:
    line = '{"zeitpunkt":"2026-11-23T15:02:44Z","level":"kritisch","meldung":"kaputt","vorgangsnummer":"v1234567","order_id":"o-17","job_id":"j-1234567"}'
    (before,) = read(line)
    install(tomllib.loads(WORDS))
    (record,) = read(line)
    assert (record.time_ns, record.level, record.message) == (1_795_446_164_000_000_000, "error", "kaputt")
    assert record.ids == (Id("request", "v1234567"), Id("correlation", "o-17"))
    install({})
    assert read(line) == [before]
    assert before.ids == (Id("job", "j-1234567"),)


def test_queries_pass_over_nothing_that_only_the_user_can_tell() -> None:
    assert severe(17) is not None
    assert comparison("cents", ">", 5) is not None
    install(tomllib.loads(TEXT))
    assert severe(17) is None
    assert comparison("cents", ">", 5) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.replace('level = "error", cents', 'level = "warn", cents'), "format 'acme', sample 1: level is 'error', not 'warn'"),
        (TEXT.replace("44.5Z", "44Z"), "format 'acme', sample 1: time is 2026-11-23T15:02:44.500000000Z, not '2026-11-23T15:02:44Z'"),
        (TEXT.replace("~17~", "~x~"), "format 'acme', sample 1: the format does not fit, it is read as text"),
        (TEXT.replace("(?P<time>", "(?P<time>("), "format 'acme': pattern: missing )"),
        (TEXT.replace("(?P<message>.*)", "(?P<message>.*)(?=x)"), "format 'acme': pattern: invalid perl operator: (?="),
        ("[[format]]\nname = 'x'", "format 'x': it takes either a pattern, for text, or fields, for objects"),
        ("[[format]]\nname = 'x'\npattern = 'a'", "format 'x': pattern: no group is named time, level"),
        (OBJECTS.replace("grad", "").replace('"error"', '"bad"'), "format 'acme': levels: a table of texts, each with one of trace"),
        ("[vocabulary]\nzeit = ['x']", "[vocabulary]: there is no 'zeit'; known are correlation"),
        ("[links]\njoin = 'x'", "[links] join: it is a list of names of fields"),
        ("format = 3", "[[format]]: it is a list of tables"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_clear_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        install(tomllib.loads(text))
    assert str(caught.value).startswith(said)
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"config\.toml: ") as raised:
        load({}, {"TRACETAIL_CONFIG": str(path)})
    assert "\n" not in str(raised.value)
