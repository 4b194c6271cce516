"""Values after a sensitive key without a separator: flags, SQL, XML, lists of pairs, forms, netrc, plain sentences.

Owns these forms, each as small as it can be told apart from prose about passwords.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from tui.lazy import Lazy
from tui.redaction.keys import Key, classify
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_left_alone, is_plain_word, looks_secret
from tui.redaction.protected import is_escape_end
from tui.redaction.quoting import OPENING, bare_end, one_of_bytes, quoted_end
from tui.redaction.spans import Span
from tui.redaction.stems import Name
from tui.redaction.values import whole_value_spans

_Form = Callable[[bytes, Name, Key, bytes], Iterator[Span]]
_QUOTE: Final = r"(?:\\{0,31}[\"'`]|&quot;|%22|\\{1,15}u0022)"


def _compiled(*parts: str) -> Lazy[bytes]:
    """A pattern in which Q stands for a quote in any escaping and B for blanks, also escaped ones."""
    text = "".join(parts).replace("Q", _QUOTE).replace("B", r"(?:[ \t]|\\[nrt]){0,20}")
    return Lazy(text.encode())


_PAIRED: Final = _compiled(r"(?P<close>Q)[ ]{0,4},[ \t]{0,8}(?:b(?=[\"']))?(?=Q)")
_NAMED: Final = _compiled(
    r"Q?B[,;]?B(?:Q?[A-Za-z_]{1,16}Q?[ ]?[:=][ ]?Q?[\w ./-]{0,40}Q?[ ]?,?[ ]?){0,2}?",
    r"Q?(?i:value|val|v|content|data|string_?value|newvalue|password|secret)Q?B[:=]B",
    r"(?:\{BQ?(?i:string_?value|value)Q?B:B)?(?=Q)",
)
_NAME_BEFORE: Final = _compiled(
    r"(?i:name|key|field|header|property|variable|attribute|n|k|param|parameter|id)Q?[ ]{0,4}[:=][ ]{0,4}Q\Z"
)
_VALUE_BEFORE: Final = _compiled(
    r"(?i:value|val|v)Q?[ ]{0,4}[:=][ ]{0,4}(Q)([^\"'`\\]{1,200})Q[ ]{0,4},?[ ]{0,4}",
    r"Q?(?i:name|key|field|header|k|n)Q?[ ]{0,4}[:=][ ]{0,4}Q\Z",
)
_XML: Final = Lazy(
    rb"(?:[ ][^<>]{0,200})?(?:>|&gt;|\\{1,15}u003[eE])(?:\s|\\[nrt]){0,20}(?:<!\[CDATA\[|&lt;!\[CDATA\[)?"
)
_XML_END: Final = Lazy(rb"\]\]|</|&lt;|<\\{0,15}/|\\{1,15}u003[cC]|<")
_XML_BEFORE: Final = Lazy(rb"(?:<|&lt;|\\u003[cC])(?:[A-Za-z0-9_-]{1,40}:)?\Z")
_LINE_END: Final = rb"(?:\\{1,31}r\\{1,31}n|\\{1,31}n)"
_FORM: Final = Lazy(
    _QUOTE.encode() + rb"(?:;[^\\\r\n]{0,80})?(?:" + _LINE_END + rb"Content-[^\\\r\n]{1,100})?" + _LINE_END + rb"{2}"
)
_FORM_END: Final = Lazy(rb"""\\{1,31}[rn]|[\r\n"]""")
_FLAG_GAP: Final = _compiled(r"(?:Q?[ \t]{0,4},[ \t]{0,4}(?=Q)|[ \t]{1,8}(?![-|&>]))")
_SAID: Final = Lazy(
    rb"(?i)[ \t]{1,4}(?:(?:is|was|to|set to|changed to|reset to|are|of|value|equals|for [\w@.-]{1,40} (?:is|was|to))"
    rb"[ ]?[:=]?[ ]{1,2}|[:=-]{1,2}[ ])?"
)
_ANOTHER_PAIR: Final = Lazy(rb"[A-Za-z_][\w.\-]{1,60}=")
_NETRC: Final = Lazy(rb"(?i)(?:machine[ \t]+\S{1,100}[ \t]+login|default login)[ \t]+\S{1,100}[ \t]+\Z")


def spans_without_separator(line: bytes, name: Name, key: Key) -> Iterator[Span]:
    """What stands behind a sensitive name that neither `:` nor `=` follows."""
    before = line[max(0, name.start - 260) : name.start]
    for form in _forms(name, before[-1:], line[name.end : name.end + 1]):
        found = list(form(line, name, key, before))
        if found:
            yield from found
            return


_QUOTE_STARTS: Final = one_of_bytes(b"\\\"'`&%")
_QUOTE_ENDS: Final = one_of_bytes(b"\"'`;2")
"""Of quotes in any escaping: \", &quot;, %22."""
_ELEMENT_STARTS: Final = one_of_bytes(b"<;cC:")
"""The last bytes of <, &lt;, \u003c and of a namespace."""
_BLANKS: Final = one_of_bytes(b" \t")
_OPENS_MORE: Final = one_of_bytes(b"[({<")


def _forms(name: Name, behind: bytes, ahead: bytes) -> Iterator[_Form]:
    """The forms that the bytes on both sides of a name allow."""
    if name.text.startswith(b"-"):
        yield _of_flag
    if ahead in _QUOTE_STARTS:
        yield _of_pair
    if behind in _QUOTE_ENDS:
        yield _of_named
    if behind in _ELEMENT_STARTS:
        yield _of_xml
    if ahead in _QUOTE_STARTS:
        yield _of_form
    if ahead == b"(":
        yield _of_call
    if ahead in _BLANKS:
        yield _of_sentence


def _quoted(line: bytes, start: int, key: Key, name: bytes) -> Iterator[Span]:
    opening = OPENING.match(line, start)
    if opening is not None:
        end, _ = quoted_end(line, opening.end(), opening[0])
        yield from whole_value_spans(line, opening.end(), end, key, name)


def _of_flag(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`--password x`, also as two strings of a list."""
    if not name.text.startswith(b"-") or key.kind == "phone":
        return
    if before and before[-1:] not in b" \t\"'`=(,[" and not is_escape_end(line, name.start):
        return
    gap = _FLAG_GAP.match(line, name.end)
    if gap is None:
        return
    if OPENING.match(line, gap.end()):
        yield from _quoted(line, gap.end(), key, name.text)
        return
    end = bare_end(line, gap.end())
    value = line[gap.end() : end]
    if not MARK.match(value) and not is_left_alone(key, value) and not value.startswith(b"-"):
        yield Span(gap.end(), end, key.kind, "statement")


def _of_pair(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
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


def _of_named(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`"name":"DB_PASSWORD","value":"x"` and `<property name="password" value="x"/>`, in either order."""
    if _NAME_BEFORE.search(before[-60:]) is None:
        return
    found = _NAMED.match(line, name.end)
    if found is not None:
        yield from _quoted(line, found.end(), key, name.text)
        return
    earlier = _VALUE_BEFORE.search(before)
    if earlier is not None:
        offset = name.start - len(before)
        yield from whole_value_spans(line, offset + earlier.start(2), offset + earlier.end(2), key, name.text)


def _of_xml(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    if _XML_BEFORE.search(before[-60:]) is None:
        return
    found = _XML.match(line, name.end)
    if found is None:
        return
    stop = _XML_END.search(line, found.end(), found.end() + 8192)
    end = stop.start() if stop else min(len(line), found.end() + 8192)
    if end > found.end() and not re.search(rb"[\"'{}]", line[found.end() : end]):
        yield from whole_value_spans(line, found.end(), end, key, name.text)


def _of_form(line: bytes, name: Name, key: Key, _before: bytes) -> Iterator[Span]:
    """A field of a multipart form whose line ends are escaped."""
    found = _FORM.match(line, name.end)
    if found is None:
        return
    stop = _FORM_END.search(line, found.end())
    end = stop.start() if stop else len(line)
    yield from whole_value_spans(line, found.end(), end, key, name.text)


_CALL: Final = _compiled(r"\([ ]?(?:b(?=[\"']))?")


def _of_call(line: bytes, name: Name, key: Key, _before: bytes) -> Iterator[Span]:
    """`setPassword("x")` and SQL's `PASSWORD('x')`."""
    found = _CALL.match(line, name.end)
    if found is None or key.weak or not (key.kind == "password" or name.text[:3].lower() in (b"set", b"wit")):
        return
    if OPENING.match(line, found.end()):
        yield from _quoted(line, found.end(), key, name.text)
        return
    end = line.find(b")", found.end(), found.end() + 100)
    if end > 0 and _is_passwordish(line[found.end() : end]) and b" " not in line[found.end() : end]:
        yield from whole_value_spans(line, found.end(), end, key, name.text)


_COLUMN_BEFORE: Final = Lazy(rb"(?i)(?:field|column|param\w*|key|property|attribute|unknown|input|name)[ ]['\"]?\Z")


def _of_sentence(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`PASSWORD 'x'`, "password is hunter2", "token 3Fa8...": only what looks the part."""
    said = _SAID.match(line, name.end)
    if said is None or key.kind in ("phone", "card", "iban", "ssn", "pin", "cookie"):
        return
    spoken = bool(said[0].strip())
    start = said.end()
    opening = OPENING.match(line, start)
    if opening is not None:
        end, _ = quoted_end(line, opening.end(), opening[0])
        value = line[opening.end() : end]
        if (key.kind == "password" and opening[0][-1:] in b"'\"`;" and not _COLUMN_BEFORE.search(before[-24:])) or (
            looks_secret(value) and not key.weak
        ):
            yield from whole_value_spans(line, opening.end(), end, key, name.text)
        return
    if key.weak or line[start : start + 1] in _OPENS_MORE:
        return
    end = bare_end(line, start)
    value = line[start:end].rstrip(b".,!?;:")
    if len(value) < 3 or MARK.match(value) or is_left_alone(key, value):
        return
    if not spoken and _ANOTHER_PAIR.match(value):
        # "wrong password correlation_id=…": what follows has a key of its own, which decides
        return
    netrc = key.kind == "password" and name.text.lower() == b"password" and _NETRC.search(before) is not None
    if (
        netrc
        or (looks_secret(value) and len(value) >= (12 if spoken else 16))
        or (key.kind == "password" and (_is_passwordish(value) if spoken else _is_complex(line[start:end])))
    ):
        yield Span(start, start + len(value), key.kind, "statement")


_SIGN: Final = Lazy(rb"[0-9!@#$%^&*]")
_LETTER: Final = Lazy(rb"[A-Za-z]")


def _is_passwordish(value: bytes) -> bool:
    return len(value) >= 5 and _SIGN.search(value) is not None and _LETTER.search(value) is not None


_COMPLEX: Final = Lazy(rb"(?=.{0,60}[0-9])(?=.{0,60}[A-Za-z])(?=.{0,60}[!@#$%^&*]).{6,60}")


def _is_complex(value: bytes) -> bool:
    """True for what nobody writes but as a password: letters, digits and signs."""
    return _COMPLEX.fullmatch(value) is not None


_SPACED: Final = Lazy(rb"(?:[ -]?[A-Z0-9]{1,6}){1,10}")


def spaced_end(line: bytes, start: int, end: int) -> int:
    """Where a number written in groups ends when its key says what it is."""
    found = _SPACED.match(line, start, start + 60)
    return max(end, found.end()) if found else end


_PHONE_VALUE: Final = Lazy(rb"[+(]?[0-9](?:[ ().-]{0,2}[0-9]){6,14}")


def phone_value(line: bytes, start: int, key: Key) -> Iterator[Span]:
    found = _PHONE_VALUE.match(line, start)
    if found is not None and not line[found.end() : found.end() + 1].isalnum():
        yield Span(found.start(), found.end(), key.kind, "key")


INSERT_ANCHORS: Final = (r"insert (?:ignore )?into",)
"""For the gate, in any case; the other forms stand behind a stem."""

_INSERT: Final = Lazy(rb"(?i)insert[ ](?:ignore[ ])?into[ ][\w.\"`\\]{1,100}[ ]?\(([^()]{1,2000})\)[ ]?values[ ]?")
_UNIT: Final = Lazy(rb"(?:\\{0,31}['\"]|[^,()'\"\\\s][^,()'\"]{0,200}|,|\(|\)|[ \t])")


def insert_spans(line: bytes) -> Iterator[Span]:
    """`INSERT INTO users (name, password) VALUES ('a', 'b')`: the values in the sensitive columns."""
    if b"alues" not in line and b"ALUES" not in line:
        return
    for found in _INSERT.finditer(line):
        columns = [column.strip(b" \"'`[]\\") for column in found[1].split(b",")]
        keys = [classify(column) for column in columns]
        if any(keys):
            yield from _row_spans(line, found.end(), keys)


_NEXT_ROW: Final = Lazy(rb"[ ]{0,4},[ ]{0,4}\(")


def _row_spans(line: bytes, start: int, keys: list[Key | None]) -> Iterator[Span]:
    position, column = start, 0
    while position < len(line):
        unit = _UNIT.match(line, position)
        if unit is None:
            return
        text, position = unit[0], unit.end()
        key = keys[column] if column < len(keys) else None
        if text == b"(":
            column = 0
        elif text == b")":
            following = _NEXT_ROW.match(line, position)
            if following is None:
                return
            position, column = following.end(), 0
        elif text == b",":
            column += 1
        elif text[-1:] in b"'\"":
            end, position = quoted_end(line, unit.end(), text)
            if key is not None:
                yield from whole_value_spans(line, unit.end(), end, key)
        elif key is not None and text.strip() and not is_left_alone(key, text.strip()):
            yield Span(unit.start(), unit.start() + len(text.rstrip()), key.kind, "statement")
