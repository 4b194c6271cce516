"""Values after a sensitive key without a separator: flags, calls, SQL, netrc, plain sentences.

Owns these forms, each as small as it can be told apart from prose about passwords, and which forms the bytes around a
name allow. Names that stand in a string or an element of their own are for named.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui.lazy import Lazy
from tui.redaction.keys import Key
from tui.redaction.marks import MARK
from tui.redaction.named import (
    cell_spans,
    element_spans,
    entry_spans,
    form_spans,
    keyword_spans,
    named_value_spans,
    pair_spans,
    quoted_spans,
    tuple_spans,
)
from tui.redaction.placeholders import is_left_alone, is_plain_word, is_uuid, looks_secret
from tui.redaction.protected import is_escape_end
from tui.redaction.quoting import OPENING, bare_end, one_of_bytes, quoted_end, with_quotes
from tui.redaction.spans import Span
from tui.redaction.stems import Name
from tui.redaction.values import whole_value_spans
from tui.typed import Final

_Form = Callable[[bytes, Name, Key, bytes], Iterator[Span]]

_FLAG_GAP: Final = with_quotes(r"(?:Q?[ \t]{0,4},[ \t]{0,4}(?=Q)|[ \t]{1,8}(?![-|&>]))")
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
_BRACKETS: Final = one_of_bytes(b"[({<")


def _forms(name: Name, behind: bytes, ahead: bytes) -> Iterator[_Form]:
    """The forms that the bytes on both sides of a name allow."""
    if name.text.startswith(b"-"):
        yield _of_flag
    if ahead in _QUOTE_STARTS:
        yield pair_spans
    if behind in _QUOTE_ENDS:
        yield named_value_spans
        yield entry_spans
    if behind in _ELEMENT_STARTS:
        yield element_spans
    if ahead in _QUOTE_STARTS:
        yield form_spans
    if ahead == b",":
        yield tuple_spans
    if ahead == b"(":
        yield _of_call
    if ahead in _BLANKS:
        yield keyword_spans
        yield cell_spans
        yield _of_sentence
    if ahead in _BRACKETS or ahead == b"\\":
        yield _of_brackets


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
        yield from quoted_spans(line, gap.end(), key, name.text)
        return
    end = bare_end(line, gap.end())
    value = line[gap.end() : end]
    if MARK.match(value) or value.startswith(b"-") or (key.kind != "password" and is_plain_word(value)):
        return
    if not is_left_alone(key, value):
        yield Span(gap.end(), end, key.kind, "statement")


_CALL: Final = with_quotes(r"\([ ]?(?:b(?=[\"']))?")


def _of_call(line: bytes, name: Name, key: Key, _before: bytes) -> Iterator[Span]:
    """`setPassword("x")` and SQL's `PASSWORD('x')`."""
    found = _CALL.match(line, name.end)
    if found is None or key.weak or not (key.kind == "password" or name.text[:3].lower() in (b"set", b"wit")):
        return
    if OPENING.match(line, found.end()):
        yield from quoted_spans(line, found.end(), key, name.text)
        return
    end = line.find(b")", found.end(), found.end() + 100)
    if end > 0 and _is_passwordish(line[found.end() : end]) and b" " not in line[found.end() : end]:
        yield from whole_value_spans(line, found.end(), end, key, name.text)


_COLUMN_BEFORE: Final = Lazy(rb"(?i)(?:field|column|param\w*|key|property|attribute|unknown|input|name)[ ]['\"]?\Z")


_GIVEN: Final = Lazy(rb"(?i)\b(?:with|using)[ ]\Z")
"""Right before the name: what follows is the thing itself."""
_CHANGED: Final = Lazy(
    rb"(?i)(?:[ ](?:was|has[ ]been))?(?:[ ](?:changed|updated|reset|rotated))?[ ]from[ ][\"'`]?([^\s\"'`]{3,100})[\"'`]?"
    rb"[ ]to[ ][\"'`]?([^\s\"'`,;]{3,100})"
)
_BRACKETED: Final = Lazy(rb"(?:[\[(<]|\\{1,15}u003[cC])([^\s\[\]()<>{}\"'\\]{5,100})(?:[\])>]|\\{1,15}u003[eE])")


def _bracketed(line: bytes, start: int, key: Key) -> Iterator[Span]:
    found = _BRACKETED.match(line, start)
    if found is not None and key.kind == "password" and _is_passwordish(found[1]) and not is_left_alone(key, found[1]):
        yield Span(found.start(1), found.end(1), key.kind, "statement")


def _of_brackets(line: bytes, name: Name, key: Key, _before: bytes) -> Iterator[Span]:
    """`password<x>` and `password[x]`."""
    yield from _bracketed(line, name.end, key)


def _of_sentence(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`PASSWORD 'x'`, "password is hunter2", "token 3Fa8...": only what looks the part."""
    changed = _CHANGED.match(line, name.end) if key.kind == "password" else None
    if changed is not None and _is_passwordish(changed[1]) and _is_passwordish(changed[2]):
        for group in (1, 2):
            yield Span(changed.start(group), changed.end(group), key.kind, "statement")
        return
    said = _SAID.match(line, name.end)
    if name.text.lower() == b"pass":
        return  # a verb
    if said is None or key.kind in ("phone", "card", "iban", "ssn", "pin", "cookie"):
        return
    if said[0].strip() == b"to" and key.kind != "password":
        return
    spoken = bool(said[0].strip()) or _GIVEN.search(before[-8:]) is not None
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
    if key.weak:
        return
    if line[start : start + 1] in _BRACKETS:
        yield from _bracketed(line, start, key)
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
        or (spoken and _JOINED.search(name.text) and is_uuid(value))
        or (key.kind == "password" and (_is_passwordish(value) if spoken else _is_complex(line[start:end])))
    ):
        yield Span(start, start + len(value), key.kind, "statement")


_JOINED: Final = Lazy(rb"[a-z0-9][A-Z_-][a-zA-Z]")
"""In names of several words: unlike a plain "token" they are no part of a sentence."""
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
