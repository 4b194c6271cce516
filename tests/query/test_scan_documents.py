"""What matches a record of a document is never filtered out by the test on its line."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.parsing.documents import coded, jaeger, on_one_line, otlp, otlp_logs, zipkin
from tests.parsing.test_documents import CASES, EVENT
from tests.query.test_scan import NOW_NS, OTHER, questions
from tui.parsing.parser import Parser
from tui.parsing.unfolding import Unfolder
from tui.parsing.vocabulary import SPAN_FAILURES
from tui.query.level_signs import severe
from tui.query.predicate import compile_query
from tui.query.scan import prefilter
from tui.query.signs import together
from tui.query.syntax import QueryError, parse
from tui.record import LineGroup, Severity


def lines() -> list[bytes]:
    made = [
        otlp(),
        otlp(encode=str.upper),
        otlp(encode=coded, kind="SPAN_KIND_SERVER"),
        otlp_logs(),
        jaeger(),
        zipkin(),
        EVENT,
    ]
    found = [on_one_line(one) for one in made]
    for path in sorted(CASES.iterdir()):
        unfolder = Unfolder()
        text = unfolder.feed(path.read_bytes()) + unfolder.flush()
        found += [line for line in text.split(b"\n") if line] if b"{\n" not in text else [text.replace(b"\n", b" ")]
    return found


LINES = lines()


@settings(max_examples=200)
@given(st.sampled_from(LINES), st.data())
def test_what_matches_is_never_filtered_out(line: bytes, data: st.DataObject) -> None:
    records = Parser("doc.json", service="fallback").records(LineGroup("doc.json", 0, (line,)))
    record = data.draw(st.sampled_from(records))
    text = data.draw(questions(record))
    try:
        query = parse(text, now_ns=NOW_NS)
    except QueryError:
        assume(False)
    if compile_query(query).matches(record):
        block = OTHER + line + b"\n"
        for one in (prefilter(query), prefilter(query, inherited={"fallback"})):
            if one is not None:
                assert one.may_match(line), text
                spots = together([one.spots(block, len(block)), one.disguises(block, len(block))])
                assert spots is None or any(at >= len(OTHER) for at in spots), text


@pytest.mark.parametrize(
    "line",
    [
        *LINES,
        *(
            b'{"sentry_item":"span","payload":{"span_id":"a1","status":"%s"}}' % one.encode()
            for one in sorted(SPAN_FAILURES)
        ),
    ],
)
def test_a_failure_shows_in_the_bytes_of_its_line(line: bytes) -> None:
    sign = severe(Severity.WARN)
    assert sign is not None
    records = Parser("doc.json").records(LineGroup("doc.json", 0, (line,)))
    assert not any(one.severity >= Severity.WARN for one in records) or sign.shown(line)
