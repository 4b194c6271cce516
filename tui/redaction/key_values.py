"""Values after sensitive keys: JSON, logfmt, headers, query strings, environment, YAML, code, in any escaping.

Owns finding the identifier around a stem, its separator, and the value behind it. Which names are sensitive is for
keys.py, which values are worth masking for placeholders.py, forms without a separator for statements.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction import statements
from tui.redaction.headers import PARAMETERISED
from tui.redaction.keys import Key
from tui.redaction.marks import MARK
from tui.redaction.placeholders import has_digit, is_left_alone, is_plain_word, is_state
from tui.redaction.quoting import ANSI, OPENING, bare_end, header_end, one_of_bytes, quoted_end
from tui.redaction.spans import Progress, Span
from tui.redaction.stems import STEMS, Name, meaning, name_at
from tui.redaction.values import JSON_SCALAR, collection_spans, json_scalar_spans, whole_value_spans
from tui.typed import Final

_AFTER: Final = Lazy(
    rb"""(?x)
    (?P<close>(?:\\{0,31}["'`]|%(?:25){0,2}2[27]|(?:&|\\{1,15}u0026)(?:quot|\#(?:34|39|x27));|\\{1,15}(?:u00|x)2[27])?)
    (?P=close)?
    (?:(?:\\{0,31}["'`])?\]|%(?:25){0,2}5[dD])?
    (?:(?:\x1b|\\{1,7}(?:u001[bB]|x1[bB]|033|e))\[[0-9;]{0,16}m){0,4}
    (?P<typed>[ \t]{1,4}\*?(?:string|str|String|text|bytes|char\*)(?=[ \t]{0,4}[:=])
      |[ \t]{0,2}:[ \t]{0,2}(?:&(?:'static[ ])?|Optional\[|final[ ])?(?:String|str|string|SecretStr|bytes|String[?])\]?
       (?=[ \t]{0,4}=))?
    (?P<before>[ \t]{0,40})
    (?P<op>=\\{1,15}u003[eE]|=&gt;|:{1,3}=|=>|-(?:>|&gt;|\\{1,15}u003[eE])|[.?+]=|\?\?=|={1,3}|:|\|\||~|,|%(?:25){0,2}3[aAdD]|&\#(?:61|58);|\\{1,15}u003[dDaA]|\\{1,15}u003[dD]\\{1,15}u003[eE])
    (?P<after>(?:[ \t]|\\{1,15}[nt]){0,40})
    """
)
_VALUE_PREFIX: Final = Lazy(
    rb"""(?:[bBuUrRfF]{1,2}(?=\\{0,31}["'])|&(?=["'])|@(?=["'])|string\([0-9]{1,6}\)[ ](?=\\{0,31}")
    |(?:Some|Secret|SecretStr|String|new[ ]String|Ok|Just|Redacted|value|(?i:password|md5|sha1|sha2|crypt|encrypt|str|trim))
     \((?=\\{0,31}["']))""",
    re.VERBOSE,
)

_WORD: Final = Lazy(rb"""[A-Za-z0-9_-]{3,}+(?=[\s"'`]|\Z)""")
"""A value that is neither quoted nor encoded nor marked nor a collection: most are."""
_DEFAULTS: Final = frozenset((b"||", b"??=", b"?="))
"""Operators before a value for want of another: only in code, where it is quoted."""
_ALSO_PROSE: Final = frozenset((b":", b"->", b"=="))
"""Operators of sentences and code, behind which a plain word is none of a secret's."""
_PLAIN: Final = frozenset((b":", b"="))
"""Operators behind the names of headers."""


def _is_header(key: Key) -> bool:
    return not key.weak and key.kind in ("auth", "cookie")


def key_value_spans(line: bytes) -> Iterator[Span]:
    """What stands after each sensitive key of the line."""
    progress = Progress()
    for start, _ in STEMS.hits(line):
        if start < progress.end:
            continue
        name = name_at(line, start)
        progress.reach(name.end)
        key = meaning(name.text)
        if key is None:
            continue
        for span in _after_key(line, name, key, progress):
            progress.reach(span.end)
            yield span


def named_key_spans(line: bytes, name: Name, key: Key, progress: Progress) -> Iterator[Span]:
    """What stands after a name that is sensitive because somebody says so."""
    return _after_key(line, name, key, progress)


def _after_key(line: bytes, name: Name, key: Key, progress: Progress) -> Iterator[Span]:
    found = _AFTER.match(line, name.end)
    if found is None:
        yield from statements.spans_without_separator(line, name, key)
        return
    start = found.end()
    close, blank_before, operator, blank_after = found.group("close", "before", "op", "after")
    if operator == b"," or (operator == b":" and line.startswith(b":", start)):
        yield from statements.spans_without_separator(line, name, key)
        return
    if operator == b":" and line.startswith(b":", name.start - 1) and _is_in_arn(line, name.start):
        return
    simple = not close and line[name.start - 1 : name.start] != b'"' and not (operator in _PLAIN and _is_header(key))
    if simple and (word := _WORD.match(line, start)):
        if operator == b"=" and blank_after and not blank_before:
            return  # an empty value, then the next pair
        if operator not in _DEFAULTS:
            yield from _bare_spans(line, start, word.end(), name, key, operator, blank_after)
        return
    colour = ANSI.match(line, start)
    if colour is not None:
        start = colour.end()
    if operator in _DEFAULTS and OPENING.match(line, start) is None:
        return
    if operator == b"=" and blank_after and not blank_before and OPENING.match(line, start) is None:
        return  # an empty value, then the next pair
    yield from value_spans(line, start, key, name, close, operator, blank_after, progress)


_CLOSES: Final = Lazy(
    rb"""[ \t]{0,8}(?:[}\])]|,[ \t]{0,8}\\{0,31}["'{\[]|,?\r?$|:|[ \t][\w.-]{1,40}=|\\{1,15}[nr]\\{0,31}["'])"""
)


def _is_in_arn(line: bytes, start: int) -> bool:
    """True inside a resource name with colons, such as arn:aws:secretsmanager:...:secret:name."""
    word = line[max(0, start - 160) : start].rsplit(None, 1)[-1:]
    return (
        line[start - 1 : start] == b":"
        and bool(word)
        and re.search(rb"(?:arn|urn|projects|vault):", word[0]) is not None
    )


def value_spans(
    line: bytes, start: int, key: Key, name: Name, close: bytes, operator: bytes, blank: bytes, progress: Progress
) -> Iterator[Span]:
    """The secret parts of the value that begins at `start`."""
    if start >= len(line) or MARK.match(line, start):
        return
    prefix = _VALUE_PREFIX.match(line, start)
    if prefix is not None:
        start = prefix.end()
    opening = OPENING.match(line, start)
    if opening is not None:
        if not close and operator in (b"=", b":") and _CLOSES.match(line, opening.end()):
            return  # nothing but the end of the string around it
        end, _ = quoted_end(line, opening.end(), opening[0])
        yield from whole_value_spans(line, opening.end(), end, key, name.text)
    elif _opens_collection(line, start, operator):
        yield from collection_spans(line, start, key, close, progress)
    elif _is_header(key) and operator in _PLAIN and not (close and JSON_SCALAR.match(line, start)):
        end = min(len(line), start + 4096) if PARAMETERISED.match(line, start) else header_end(line, start)
        yield from whole_value_spans(line, start, end, key, name.text, progress)
    elif close and operator in (b":", b"=>"):
        yield from json_scalar_spans(line, start, key, close)
    else:
        end = _entry_end(line, name, start) if operator == b"=" and not blank else 0
        encodings = operator.count(b"25") + 1 if operator[:1] == b"%" else 0
        yield from _bare_spans(line, start, end or bare_end(line, start, encodings), name, key, operator, blank)


def _opens_collection(line: bytes, start: int, operator: bytes) -> bool:
    if line[start : start + 1] not in _COLLECTIONS or line[start : start + 2] == b"{{":
        return line[start : start + 4] == b"map["
    # {word}rest is a value that happens to begin so, {word} alone a template
    return not (_TEMPLATE.match(line, start) or (operator == b"=" and _BRACED.match(line, start)))


_COLLECTIONS: Final = one_of_bytes(b"[{")
_TEMPLATE: Final = Lazy(rb"""\{[A-Za-z_][\w.]{0,60}\}(?=[\s,;&"']|$)""")
_BRACED: Final = Lazy(rb"[\[{][^\s\"'\\:=,\[\]{}]{1,80}[\]}][\w#!$%&*+]")
_ENVIRONMENT: Final = Lazy(rb"[A-Z][A-Z0-9_]*")
_ENTRY_START: Final = Lazy(rb"""(?:[\[,]\s?|Environment=)(\\{0,31}["'])\Z""")


def _entry_end(line: bytes, name: Name, start: int) -> int:
    """Where the value of `"NAME=value"` in a list or after `Environment=` ends, whatever it holds; 0 for other names."""
    opened = _ENTRY_START.search(line, max(0, name.start - 48), name.start)
    if opened is None or not _ENVIRONMENT.fullmatch(name.text):
        return 0
    return quoted_end(line, start, opened[1])[0]


def _bare_spans(
    line: bytes, start: int, end: int, name: Name, key: Key, operator: bytes, blank: bytes
) -> Iterator[Span]:
    value = line[start:end]
    trimmed = value.rstrip(b".,!?;") if (operator == b":" and blank) or operator == b"==" else value
    if is_left_alone(key, trimmed):
        return
    if key.kind == "phone":
        yield from statements.phone_value(line, start, key)
        return
    if key.kind in ("card", "iban", "ssn"):
        end = statements.spaced_end(line, start, end)
        trimmed = line[start:end]
    if operator in _ALSO_PROSE and is_plain_word(trimmed) and not _is_yaml(line, name, key, start, end):
        return
    text = name.text.lower()
    if (
        text in (b"pass", b"pw")
        and operator == b":"
        and (not has_digit(value) or value.endswith(b":") or b"/" in value)
    ):
        return  # the verdict of a test
    if text == b"pass" and trimmed.isdigit():
        return
    yield Span(start, start + len(trimmed), key.kind, "key")


def _is_yaml(line: bytes, name: Name, key: Key, start: int, end: int) -> bool:
    """True when the line is nothing but a password and its value, as in a configuration file."""
    before, after = line[: name.start], line[end:]
    return key.kind == "password" and not before.strip(b" \t-") and not after.strip() and not is_state(line[start:end])
