"""Quoting: where a value that stands after a key begins and ends, through any depth of escaping.

Owns the quote characters, their encodings and the rule for closing ones. What the value is worth is for others.
"""

from __future__ import annotations

from tui.lazy import Lazy
from tui.typed import Final

MAX_VALUE_BYTES: Final = 1 << 16
"""A value without an end in this many bytes is masked as far as the line goes."""

OPENING: Final = Lazy(
    rb"""(?P<twice>\\{0,31}["'])(?P=twice)(?=[\w!@$*/+-])|\\{0,31}["'`]|%(?:25){0,2}2[27]|(?:&|\\{1,15}u0026)(?:quot|\#(?:34|39|x22|x27)|apos);|\\{1,15}(?:u00|x)2[27]"""
)
"""A quote as it may stand in a log line."""


def one_of_bytes(characters: bytes) -> frozenset[bytes]:
    """The characters as a set of single bytes: asking bytes for bytes raises and drops an exception each time."""
    return frozenset(bytes((byte,)) for byte in characters)


BACKSLASH: Final = 0x5C
_QUOTES: Final = one_of_bytes(b"\"'`")
ANSI: Final = Lazy(rb"(?:(?:\x1b|\\{1,7}(?:u001[bB]|x1[bB]|033|e))\[[0-9;]{0,16}m){1,6}")


_QUOTE: Final = r"(?:\\{0,31}[\"'`]{1,2}|&quot;|%22|\\{1,15}(?:u00|x)22)"


def with_quotes(*parts: str) -> Lazy[bytes]:
    """A pattern in which Q stands for a quote in any escaping and B for blanks, also escaped ones."""
    text = "".join(parts).replace("Q", _QUOTE).replace("B", r"(?:[ \t]|\\[nrt]){0,20}")
    return Lazy(text.encode())


_BREAKS: Final = Lazy(rb"\\{1,31}[nrt]")


def with_breaks(line: bytes) -> bytes:
    """The line with escaped line ends and tabs as real ones, byte for byte, for rules that look at words."""
    if BACKSLASH not in line:
        return line
    return _BREAKS.sub(lambda found: (b" " if found[0].endswith(b"t") else b"\n") * len(found[0]), line)


def quoted_end(line: bytes, start: int, quote: bytes) -> tuple[int, int]:
    """Where the value that starts behind `quote` ends, and where the line goes on behind its closing quote.

    The closing quote stands at the same depth; one escaped more deeply belongs to the value, one escaped less deeply
    ends an outer string and with it the value. Without a closing quote the value goes on to the end of the line.
    """
    character = quote[-1:]
    if character not in _QUOTES or quote.count(character) == 2:
        end = line.find(quote, start, start + MAX_VALUE_BYTES)
        return (end, end + len(quote)) if end >= 0 else _unclosed(line, start)
    depth = len(quote) - 1
    modulus = 2 * (depth + 1)
    limit = min(len(line), start + MAX_VALUE_BYTES)
    position = start
    while True:
        end = line.find(character, position, limit)
        if end < 0:
            return _unclosed(line, start)
        backslashes = _backslashes_before(line, end, start)
        if backslashes <= depth or backslashes % modulus == depth:
            if line[end + 1 : end + 2] == character and depth == 0 and end > start and _is_doubled(line, end):
                position = end + 2
                continue
            if backslashes > depth and line[end + 1 : end + 2].isalnum():
                position = end + 1  # escaped once more by something that does not escape this kind of quote
                continue
            cut = min(backslashes, depth)
            return end - cut, end + 1
        position = end + 1


def _is_doubled(line: bytes, end: int) -> bool:
    """True when the quote at `end` and the one behind it stand for one inside the value, as in SQL."""
    return line[end : end + 1] == b"'" or line[end + 2 : end + 3].isalnum()


def _unclosed(line: bytes, start: int) -> tuple[int, int]:
    end = len(line.rstrip(b"\r"))
    return max(start, end), max(start, end)


def _backslashes_before(line: bytes, end: int, start: int) -> int:
    count = 0
    while end - count > start and line[end - count - 1] == BACKSLASH:
        count += 1
    return count


_BARE: Final = Lazy(
    rb"""(?x)
    (?: [^\s"'`<>\x00\x1b\\&,;)\]}|]++
    | (?! \\{1,15}["'`ntr] | \\{1,15}u00(?:26|3[cCeE]|22|27|1[bB]|0[aAdD])
        | &(?:amp;|quot;|lt;|gt;|apos;|\#[0-9]{2};|(?=[\w.%\[\]-]{1,60}=)|(?=&)|$)
        | [,;](?=[\s,;)\]}"'\\]|$|[\w.\[\]-]{1,60}[=:]) | [)\]}|](?=[\s,;)\]}|"'\\.:]|$)
      ) [\\&,;)\]}|]
    )*+
    """
)
"""Anything but what ends a value: blanks and quotes, and punctuation where it begins something else."""
_ENCODED: Final = tuple(
    Lazy(
        rb"(?:[^\s\"'`<>&\x00;,)\]}\\%%+]++|(?!%%(?:25){0,%d}(?:26|22|27|7[dD]|2[cC]|20|0[aAdD]|3[bBcCeE]))%%)*+"
        % depth
    )
    for depth in range(3)
)
"""In percent encoding of one, two and three levels; what is encoded more deeply than the separator is part of the value."""
_HEADER: Final = Lazy(
    rb"""(?:[^\r"'`\x00\x1b\\ \t]++|(?!\\{1,15}["'`ntr]|\\{1,15}u00(?:22|27|0[aAdD])|[ \t]+-[HdX][ ])[\\ \t])*+"""
)


def bare_end(line: bytes, start: int, encodings: int = 0) -> int:
    """Where a value without quotes ends: at a blank, a quote, or punctuation that begins something else.

    `encodings` is how often the text around it is percent-encoded; the end is then encoded as often.
    """
    pattern = _ENCODED[min(encodings, len(_ENCODED)) - 1] if encodings else _BARE
    return pattern.match(line, start, start + MAX_VALUE_BYTES).end()  # type: ignore[union-attr]


def header_end(line: bytes, start: int) -> int:
    """Where the value of a header that is no quoted string ends: with the line or the string around it."""
    end: int = _HEADER.match(line, start, start + MAX_VALUE_BYTES).end()  # type: ignore[union-attr]
    return end if end < start + MAX_VALUE_BYTES else len(line)
