"""Values of names that stand in a string or an element of their own: pairs, name beside value, XML, forms, tables.

Owns these forms. A name right before its separator is for key_values.py, a name in a sentence for statements.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.gate import compile_any
from tui.redaction.keys import Key
from tui.redaction.leaves import leaves
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_left_alone, is_plain_word
from tui.redaction.quoting import OPENING, quoted_end, with_quotes
from tui.redaction.spans import Progress, Span
from tui.redaction.stems import Name, meaning, name_at
from tui.redaction.values import collection_spans, json_scalar_spans, whole_value_spans
from tui.typed import Final

_WEAK: Final = (
    "otp|totp|pin|cvv2?|cvc2?|csc|pan|iban|ssn|card|msisdn|phone|mobile|tel|fax|auth|session|sid|sig|signature|hmac|salt|"
    "seed|pass|pw|key|keys|cookie|authorization|secret|token|jwt"
)
NAMED_ANCHORS: Final = (
    r"(?:name|key|field|header|property|variable|attribute|param|parameter|k|n)[\\\"'`]+[ \t]*[:=][ \t]*[\\\"'`]+"
    rf"(?:[\w.\-]*[_.\-])?(?:{_WEAK})[\\\"'`]",
)
"""For the gate, in any case: names that stems.py only knows with a separator behind them."""
_NAMED_STEMS: Final = compile_any(NAMED_ANCHORS, ignore_case=True)


def named_spans(line: bytes) -> Iterator[Span]:
    """`{"key":"otp","value":{"intValue":1234}}`: values beside short names, in either order."""
    for _, end in _NAMED_STEMS.hits(line):
        name = name_at(line, end - 2)
        key = meaning(name.text)
        if key is not None:
            yield from named_value_spans(line, name, key, line[max(0, name.start - _BEFORE) : name.start])


_BEFORE: Final = 400
_MAX_BESIDE_BYTES: Final = 512
"""How far a collection beside a name is walked through: such names follow one another closely."""
_PAIRED: Final = with_quotes(r"(?P<close>Q)[ ]{0,4},[ \t]{0,8}(?:b(?=[\"']))?(?=Q)")
_NAMED: Final = with_quotes(
    r"(?P<close>Q)?B[,;]?B(?:Q?[A-Za-z_]{1,16}Q?[ ]?[:=][ ]?Q?[\w ./-]{0,40}Q?[ ]?,?[ ]?){0,2}?",
    r"Q?(?i:value|val|v|content|data|string_?value|newvalue|default|password|secret)Q?B[:=]B",
)
_NAME_BEFORE: Final = with_quotes(
    r"(?i:name|key|field|header|property|variable|attribute|n|k|param|parameter|id)Q?[ ]{0,4}[:=][ ]{0,4}Q\Z"
)
_VALUE_KEY: Final = with_quotes(r"(?i:value|val)Q?[ ]{0,4}[:=][ ]{0,4}(?=[\w{\[\"'`\\&%-])")
_THEN_NAME: Final = with_quotes(r"[ ]{0,4},?[ ]{0,4}Q?(?i:name|key|field|header|k|n)Q?[ ]{0,4}[:=][ ]{0,4}Q")
_SCALAR: Final = Lazy(rb"[\w.+-]{1,80}")


def quoted_spans(line: bytes, start: int, key: Key, name: bytes) -> Iterator[Span]:
    """The secret parts of the quoted value that begins at `start`."""
    opening = OPENING.match(line, start)
    if opening is not None:
        end, _ = quoted_end(line, opening.end(), opening[0])
        yield from whole_value_spans(line, opening.end(), end, key, name)


def pair_spans(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`["password", "x"]`, `("Authorization", "Bearer x")`, `setProperty("X_TOKEN", "x")`."""
    found = _PAIRED.match(line, name.end)
    if found is None:
        return
    head = re.search(rb"[\[(][ ]{0,4}b?" + re.escape(found["close"]) + rb"(?:[\w.\[-]{0,40})\Z", before)
    opening = OPENING.match(line, found.end())
    if opening is None:
        return
    end, behind = quoted_end(line, opening.end(), opening[0])
    value = line[opening.end() : end]
    closed = line[behind : behind + 4].lstrip()[:1] in (b"]", b")")
    if (head is not None and closed and not is_plain_word(value)) or (
        key.kind == "auth" and not key.weak and b" " in value
    ):
        yield from whole_value_spans(line, opening.end(), end, key, name.text)


def named_value_spans(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`"name":"DB_PASSWORD","value":"x"` and `<property name="password" value="x"/>`, in either order."""
    if _NAME_BEFORE.search(before[-60:]) is None:
        return
    found = _NAMED.match(line, name.end)
    if found is not None:
        yield from _value_spans(line, found.end(), key, name.text, found["close"] or b"")
        return
    if b"val" not in before and b"Val" not in before and b"VAL" not in before:
        return
    close = OPENING.match(line, name.end)
    for earlier in reversed(list(_VALUE_KEY.finditer(line, max(0, name.start - _BEFORE), name.start))):
        if _THEN_NAME.fullmatch(line, _value_end(line, earlier.end()), name.start):
            yield from _value_spans(line, earlier.end(), key, name.text, close[0] if close else b"")
            return


def _value_spans(line: bytes, start: int, key: Key, name: bytes, close: bytes) -> Iterator[Span]:
    """Of a string, number or collection; `close` is the quote behind the name, which tells how deep all are escaped."""
    if OPENING.match(line, start):
        yield from quoted_spans(line, start, key, name)
    elif line[start : start + 1] in (b"{", b"["):
        yield from collection_spans(line, start, key, close, Progress(), _MAX_BESIDE_BYTES)
    else:
        yield from json_scalar_spans(line, start, key, close)


def _value_end(line: bytes, start: int) -> int:
    opening = OPENING.match(line, start)
    if opening is not None:
        return quoted_end(line, opening.end(), opening[0])[1]
    if line[start : start + 1] in (b"{", b"["):
        return leaves(line, start, 0, _BEFORE)[1]
    scalar = _SCALAR.match(line, start)
    return scalar.end() if scalar else start


_XML: Final = Lazy(
    rb"(?:[ ][^<>]{0,200}?)?(?:>|&gt;|\\{1,15}u003[eE])(?:\s|\\[nrt]){0,20}(?:(?:<|&lt;|\\{1,15}u003[cC])!\[CDATA\[)?"
)
_XML_END: Final = Lazy(rb"\]\]|<\\{0,15}/|<|\\{1,15}u003[cC]")
_ESCAPED_END: Final = Lazy(rb"&lt;|\\{1,15}u0026lt;")
_XML_BEFORE: Final = Lazy(rb"(?:<|&lt;|\\{1,15}u003[cC])(?:[A-Za-z0-9_-]{1,40}:)?\Z")
_ENTRY: Final = with_quotes(r"Q(?:[ ](?:type|encrypted|xml:space)=Q\w{1,20}Q)?[ ]?(?:>|&gt;|\\{1,15}u003[eE])")
_MAX_ELEMENT_BYTES: Final = 8192


def element_spans(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`<password>x</password>` in any escaping."""
    if _XML_BEFORE.search(before[-60:]) is None:
        return
    found = _XML.match(line, name.end)
    if found is not None:
        yield from _content_spans(line, found.end(), name, key)


def entry_spans(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`<entry key="password">x</entry>`."""
    found = _ENTRY.match(line, name.end) if _NAME_BEFORE.search(before[-60:]) else None
    if found is not None:
        yield from _content_spans(line, found.end(), name, key)


def _content_spans(line: bytes, start: int, name: Name, key: Key) -> Iterator[Span]:
    pattern = _ESCAPED_END if line[start - 4 : start] == b"&gt;" else _XML_END
    stop = pattern.search(line, start, start + _MAX_ELEMENT_BYTES)
    end = stop.start() if stop else min(len(line), start + _MAX_ELEMENT_BYTES)
    closed = stop is not None and stop[0] != b"<"
    if end > start and (closed or not re.search(rb"[\"'{}]", line[start:end])):
        yield from whole_value_spans(line, start, end, key, name.text)


_LINE_END: Final = r"(?:\\{1,31}r\\{1,31}n|\\{1,31}n)"
_FORM: Final = with_quotes(
    r"Q(?:;[^\\\r\n]{0,80})?(?:" + _LINE_END + r"Content-[^\\\r\n]{1,100})?" + _LINE_END + r"{2}"
)
_FORM_END: Final = Lazy(rb"""\\{1,31}[rn]|[\r\n"]""")
_BORDER: Final = Lazy(rb"(?:\\{1,31}r)?\\{1,31}n--")


def form_spans(line: bytes, name: Name, key: Key, _before: bytes) -> Iterator[Span]:
    """A field of a multipart form whose line ends are escaped."""
    found = _FORM.match(line, name.end)
    if found is None:
        return
    stop = _BORDER.search(line, found.end(), found.end() + 400) or _FORM_END.search(line, found.end())
    end = stop.start() if stop else len(line)
    yield from whole_value_spans(line, found.end(), end, key, name.text)


_TUPLE: Final = with_quotes(r",[ ]{0,4}(?:(?:<<|(?:\\{1,15}u003[cC]){2}|(?:&lt;){2})(?=Q)|(?=Q))")


def tuple_spans(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """Erlang's `{password,<<"x">>}`."""
    found = _TUPLE.match(line, name.end) if before.endswith(b"{") else None
    if found is not None:
        yield from quoted_spans(line, found.end(), key, name.text)


_KEYWORD: Final = with_quotes(r"[ ]{1,4}(?=Q)")


def keyword_spans(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """Clojure's `{:password "x"}`."""
    if before[-1:] == b":" and before[-2:-1] in (b" ", b"{", b"("):
        found = _KEYWORD.match(line, name.end)
        if found is not None:
            yield from quoted_spans(line, found.end(), key, name.text)


_CELL: Final = Lazy(rb"[ ]{0,80}\|[ ]{0,80}([^\s|]{3,200})[ ]{0,80}\|")


def cell_spans(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """A row of a table: `| password | x |`."""
    found = _CELL.match(line, name.end) if before.rstrip(b" ").endswith(b"|") else None
    if found is not None and not (MARK.match(found[1]) or is_left_alone(key, found[1]) or is_plain_word(found[1])):
        yield Span(found.start(1), found.end(1), key.kind, "key")
