"""The redactor as a stage: what it promises whatever it is fed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.redaction import redactor as module
from tui.redaction.redactor import Redactor, Stream

REDACTOR = Redactor(b"k" * 32)

FRAGMENTS = st.sampled_from(
    [
        b"password=",
        b'"password":"',
        b"hunter2",
        b"token ",
        b"Bearer ",
        b"abcdef1234567890",
        b"Authorization: ",
        b'"',
        b"'",
        b"\\",
        b'\\"',
        b"\\n",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"=",
        b" ",
        b"\t",
        b"\r",
        b"\x00",
        b"\xff",
        b"\x1b[31m",
        b"%3D",
        b"%22",
        b"&quot;",
        b"\\u0022",
        b"jane@example.com",
        b"@",
        b"https://u:p4ss@h/",
        b"://",
        b"4111 1111 1111 1111",
        b"DE89370400440532013000",
        b"+14155552671",
        b"078-05-1120",
        b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        b"-----BEGIN PRIVATE " + b"KEY-----",
        b"-----END PRIVATE KEY-----",
        b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
        b"Cookie: ",
        b"sid=abcdef0123456789abcdef",
        b";",
        b"[token#0a1b2c3d]",
        b"[pin#hidden]",
        b"#",
        b"<password>",
        b"</password>",
        b"--api-key ",
        b"INSERT INTO t (a, password) VALUES ",
        b"(",
        b")",
        b"name",
        b"value",
        b"null",
        b"123456",
        b"$",
        b"{{",
        b"&",
    ]
)
SOUP = st.lists(st.one_of(FRAGMENTS, st.binary(max_size=6)), max_size=14).map(b"".join)


@given(SOUP)
@settings(max_examples=600, deadline=None)
def test_any_bytes_keep_their_line_count_and_a_second_pass_changes_nothing(data: bytes) -> None:
    redacted, counts = REDACTOR.block(data)
    assert redacted.count(b"\n") == data.count(b"\n")
    assert (redacted is data) == (not counts)
    again, _ = REDACTOR.block(redacted)
    assert again == redacted


@given(st.lists(SOUP.map(lambda line: line.replace(b"\n", b" ")), max_size=8), st.data())
@settings(max_examples=200, deadline=None)
def test_any_split_on_line_boundaries_gives_the_same_bytes(lines: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    cut = data.draw(st.integers(0, len(lines)))
    head = b"".join(line + b"\n" for line in lines[:cut])
    stream = Stream()
    pieces = REDACTOR.block(head, stream)[0] + REDACTOR.block(whole[len(head) :], stream)[0]
    single = Stream()
    one_by_one = b"".join(REDACTOR.line(line, single)[0] + b"\n" for line in lines)
    assert REDACTOR.block(whole)[0] == pieces == one_by_one


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=12),
        FRAGMENTS.map(lambda part: part.decode("latin-1")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["password", "token", "user", "authorization", "cookie", "pin", "msg", "data", "card"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


@given(JSON, st.booleans(), st.booleans(), st.integers(0, 2))
@settings(max_examples=500, deadline=None)
def test_json_stays_json(document: object, in_array: bool, compact: bool, depth: int) -> None:
    whole = [document] if in_array else {"record": document}
    text = json.dumps(whole, separators=(",", ":") if compact else None)
    for _ in range(depth):
        text = json.dumps({"log": text})
    redacted, _ = REDACTOR.line(text.encode())
    if not redacted.startswith(b"[unredactable"):
        json.loads(redacted)


@given(SOUP)
@settings(max_examples=300, deadline=None)
def test_findings_tell_exactly_what_a_rewrite_would_mask(data: bytes) -> None:
    line = data.replace(b"\n", b" ")
    findings = REDACTOR.findings(line)
    assert bool(findings) == (REDACTOR.line(line)[0] is not line)
    ends = [0, *(finding.end for finding in findings)]
    assert all(end <= finding.start < finding.end for end, finding in zip(ends, findings, strict=False))


def test_a_block_without_secrets_is_returned_as_the_same_object() -> None:
    block = b'{"level":"info","msg":"cache hit","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}\n' * 100
    assert REDACTOR.block(block) == (block, {})
    assert REDACTOR.block(block)[0] is block


def test_only_the_lines_with_secrets_change_in_a_block() -> None:
    block = b"one\r\ntwo password=hunter2\r\nthree \xff\x00\nfour"
    redacted, counts = REDACTOR.block(block)
    first, second, third, fourth = redacted.split(b"\n")
    assert (first, third, fourth) == (b"one\r", b"three \xff\x00", b"four")
    assert second.startswith(b"two password=[password#") and second.endswith(b"]\r")
    assert counts == {"key": 1}


def test_everything_passes_when_redaction_is_off() -> None:
    line = b"password=hunter2"
    off = Redactor(b"k" * 32, enabled=False)
    assert off.line(line)[0] is line
    assert off.findings(line) == []


def test_equal_secrets_get_equal_marks_under_one_key_and_others_under_another() -> None:
    def mark(redactor: Redactor, line: bytes) -> bytes:
        return redactor.line(line)[0].split(b"=", 1)[1]

    assert mark(REDACTOR, b"password=hunter2") == mark(REDACTOR, b"db_password=hunter2")
    assert mark(REDACTOR, b"password=hunter2") != mark(REDACTOR, b"password=hunter3")
    assert mark(REDACTOR, b"password=hunter2") != mark(Redactor(b"x" * 32), b"password=hunter2")


def test_one_person_keeps_one_mark_in_every_spelling() -> None:
    marks = {
        REDACTOR.text(spelling).removeprefix("mail ")
        for spelling in (
            "mail jane@example.com",
            "mail JANE@Example.COM",
            "mail jane%40example.com",
            "mail jane\\u0040example.com",
        )
    }
    assert len(marks) == 1
    cards = {REDACTOR.text(spelling) for spelling in ("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111")}
    assert len(cards) == 1
    assert cards.pop().endswith("-1111]")


def test_what_a_user_types_becomes_the_mark_that_stands_in_the_log() -> None:
    log, _ = REDACTOR.line(b'{"user":"jane@example.com"}')
    assert REDACTOR.text("jane@example.com").encode() in log


def test_an_unquoted_json_number_becomes_a_quoted_mark() -> None:
    redacted, _ = REDACTOR.line(b'{"password":12345678,"cvv":123,"n":1}')
    document = json.loads(redacted)
    assert document["password"].startswith("[password#")
    assert document["cvv"] == "[pin#hidden]"
    assert document["n"] == 1


def test_numbers_and_words_under_the_names_of_headers_cost_no_record() -> None:
    line = b'[{"authorization":true,"cookie":12,"n":1},{"authorization":12345678,"m":[2]}]'
    redacted, counts = REDACTOR.line(line)
    first, second = json.loads(redacted)
    assert first == {"authorization": True, "cookie": 12, "n": 1}
    assert second["authorization"].startswith("[auth#") and second["m"] == [2]
    assert counts == {"key": 1}


def test_bytes_around_a_secret_are_kept_as_they_are() -> None:
    line = b'{"b": 1.0,"a":1E5, "url":"https:\\/\\/x", "password" :  "hunter2" ,"a":2}'
    redacted, _ = REDACTOR.line(line)
    head, tail = line.split(b"hunter2")
    assert redacted.startswith(head) and redacted.endswith(tail)


def test_sensitive_keys_win_over_id_shapes() -> None:
    uuid = b"550e8400-e29b-41d4-a716-446655440000"
    assert uuid not in REDACTOR.line(b'{"password":"' + uuid + b'"}')[0]
    assert uuid in REDACTOR.line(b'{"request_id":"' + uuid + b'"}')[0]


def test_provider_tokens_are_masked_even_under_an_id_key() -> None:
    token = b"gh" + b"p_" + b"a1B2" * 9
    assert token not in REDACTOR.line(b'{"request_id":"' + token + b'"}')[0]


def test_a_line_on_which_a_rule_fails_is_replaced_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(line: bytes) -> None:
        raise RuntimeError("a fault in a rule")

    redactor = Redactor(bytes(32))
    monkeypatch.setattr(redactor, "_find", broken)
    redacted, counts = redactor.block(b"fine\npassword=hunter2\nalso fine\n")
    assert redacted == b"fine\n[unredactable record: 16 bytes]\nalso fine\n"
    assert counts == {"unredactable": 1}
    (finding,) = redactor.findings(b"password=hunter2")
    assert (finding.kind, finding.start, finding.end) == ("unredactable", 0, 16)


def test_more_findings_than_anybody_could_read_make_a_line_unredactable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SPANS", 3)
    assert REDACTOR.line(b"a@example.com b@example.com c@example.com d@example.com")[0].startswith(b"[unredactable")
