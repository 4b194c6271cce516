"""Personal data made of digits: cards, IBANs, social security and phone numbers.

Owns their shapes and check digits. A number that belongs to an id, a time or something longer is never touched: see
protected.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.gate import BOUNDARY, Places
from tui.redaction.protected import follows_id_noun, has_protected_key, is_part_of_more
from tui.redaction.spans import Span
from tui.typed import Final

_NOT_DIGITS: Final = bytes(byte for byte in range(256) if not 48 <= byte <= 57)
_GAP: Final = r"(?:[ \-+.]|%20)"
_FOUR: Final = "[0-9]" * 4
_FOUR_MIXED: Final = r"(?:[ \-]|%20)?" + "[A-Z0-9]" * 4

_CARDS: Final = (
    f"[2-6][0-9][0-9][0-9]{_GAP}?{_FOUR}{_GAP}?{_FOUR}{_GAP}?[0-9][0-9]",
    f"3[0-9][0-9][0-9]{_GAP}{_FOUR}[0-9][0-9]{_GAP}{_FOUR}",
)
_TRACKS: Final = r"(?:[bB]|;)[2-6][0-9]*[\^=]"
_IBANS: Final = r"[A-Z][A-Z][0-9][0-9]" + _FOUR_MIXED * 2 + r"(?:[ \-]|%20)?[A-Z0-9]"
_SSNS: Final = rf"[0-9][0-9][0-9]-[0-9][0-9]-{_FOUR}\b"
_WITH_PLUS: Final = r"(?:\+|%2B|\\u002[bB])[1-9]" + r"[0-9 ().\-]*[0-9]" * 6
_WITH_BRACKETS: Final = rf"\([2-9][0-9][0-9]\) ?[2-9][0-9][0-9][\-. ]{_FOUR}"
_WITH_WORD: Final = (
    r"(?i:phone|call|tel\.?|mobile|sms|whatsapp|cell)(?: (?:number|no\.?|is|at|me|to))*[ :]+[0-9(]" + r"[0-9 ().\-]" * 7
)

CARD_ANCHORS: Final = (*(BOUNDARY + card for card in _CARDS), _TRACKS)
IBAN_ANCHORS: Final = (BOUNDARY + _IBANS,)
SSN_ANCHORS: Final = (BOUNDARY + _SSNS,)
PHONE_ANCHORS: Final = (_WITH_PLUS, _WITH_BRACKETS, _WITH_WORD)

_CARD: Final = Lazy(
    rb"(?<![0-9A-Za-z])[2-6][0-9]{3}(?:(?P<sep>[ +.-]|%20)[0-9]{2,7}(?:(?P=sep)[0-9]{1,7}){1,3}|[0-9]{10,15})"
    rb"(?![0-9A-Za-z])"
)
_TRACK: Final = Lazy(rb"(?:%?[bB]|;)([2-6][0-9]{13,18})[\^=]")
_CARD_PLACES: Final = Places(tuple(r"\b" + card for card in _CARDS), _CARD)
_TRACK_PLACES: Final = Places((r"(?:%?[bB]|;)[2-6][0-9]*[\^=]",), _TRACK)
_NEAR_CARD: Final = Lazy(rb"(?i)card|pan\b|payment|visa|mastercard|amex|credit|debit|maestro")
_GROUPS: Final = frozenset(
    ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 2), (4, 4, 4, 3), (6, 6, 4), (4, 4, 5))
)


def card_spans(line: bytes) -> Iterator[Span]:
    """Payment cards: issuer, length and check digit agree and no id stands there."""
    for found in _CARD_PLACES.finditer(line):
        digits = found[0].replace(b"%20", b"").translate(None, _NOT_DIGITS)
        if not is_card(digits) or is_part_of_more(line, found.start(), found.end()):
            continue
        separator = found["sep"]
        if separator is not None:
            groups = tuple(len(group) for group in found[0].split(separator))
            if groups not in _GROUPS:
                continue
        elif (len(digits) == 19 or _is_in_path(line, found.start())) and not _NEAR_CARD.search(
            line[max(0, found.start() - 40) : found.start()]
        ):
            continue
        if not has_protected_key(line, found.start()) and not follows_id_noun(line, found.start()):
            yield Span(found.start(), found.end(), "card", "card", _quote(line, *found.span()))
    if 0x5E in line or 0x3D in line:  # caret, equals sign
        for found in _TRACK_PLACES.finditer(line):
            if is_card(found[1]):
                yield Span(found.start(1), found.end(1), "card", "card")


_MEMBER: Final = Lazy(rb'(\\{0,31}")[ \t]{0,4}:[ \t]{0,4}\Z')
_MEMBER_END: Final = Lazy(rb"[ \t]{0,4}[,}\]]")


def _quote(line: bytes, start: int, end: int) -> bytes:
    """The quote that a bare number in JSON of any depth needs around its mark; nothing where the number is text."""
    before = _MEMBER.search(line, max(0, start - 40), start)
    return before[1] if before is not None and _MEMBER_END.match(line, end) else b""


def _is_in_path(line: bytes, start: int) -> bool:
    """True for a number right behind a slash of a path, which is an id there."""
    return line[start - 1 : start] == b"/" and line[start - 2 : start - 1].isalnum()


def is_card(digits: bytes) -> bool:
    return 14 <= len(digits) <= 19 and luhn(digits) and _is_issued(digits) and len(set(digits)) > 1


def _is_issued(digits: bytes) -> bool:
    """True when an issuer hands out numbers with this beginning in this length."""
    length, two, three, four, six = len(digits), int(digits[:2]), int(digits[:3]), int(digits[:4]), int(digits[:6])
    if digits[:1] == b"4":
        return length in (16, 19)
    if two in (34, 37):
        return length == 15
    if 300 <= three <= 305 or two in (36, 38, 39) or three == 309:
        return length == 14 or (length == 16 and two != 36)
    if 51 <= two <= 55 or 2221 <= four <= 2720 or 2200 <= four <= 2204:
        return length == 16
    if four == 6011 or 644 <= three <= 649 or two == 65 or two == 62:
        return length in (16, 17, 18, 19) if two == 62 else length in (16, 19)
    if 3528 <= four <= 3589:
        return 16 <= length <= 19
    return six in (508500,) or (two in (50, 56, 57, 58, 60, 63, 67) and length in (16, 19))


_DOUBLED: Final = bytes.maketrans(b"0123456789", b"0246813579")
"""Of a digit the digits' sum of its double."""


def luhn(digits: bytes) -> bool:
    """Whether the check digit at the end of ASCII digits is right."""
    total = sum(digits[-1::-2]) + sum(digits[-2::-2].translate(_DOUBLED)) - 48 * len(digits)
    return total % 10 == 0


_IBAN: Final = Lazy(
    rb"(?<![A-Za-z0-9])([A-Z]{2}[0-9]{2}(?:(?P<sep>[ -]|%20)?[A-Z0-9]{4}(?:(?(sep)(?P=sep))[A-Z0-9]{1,4}){1,7}))"
    rb"(?![A-Za-z0-9])"
)
_IBAN_PLACES: Final = Places((_IBANS,), _IBAN)
_COUNTRIES: Final = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27
GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27
MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28
TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
"""Country and length of its account numbers."""
_IBAN_LENGTHS: Final = {country[:2]: int(country[2:]) for country in _COUNTRIES.split()}


def iban_spans(line: bytes) -> Iterator[Span]:
    """Bank accounts by country length and check digits."""
    for found in _IBAN_PLACES.finditer(line):
        end = _iban_end(line, found.start(), found.end())
        if end and not has_protected_key(line, found.start()):
            yield Span(found.start(), end, "iban", "iban")


def _iban_end(line: bytes, start: int, end: int) -> int:
    """Where the account at `start` ends, or 0 when there is none: the shape may have taken in a following word."""
    wanted = _IBAN_LENGTHS.get(line[start : start + 2].decode("latin-1"))
    if wanted is None:
        return 0
    text = line[start:end]
    position, kept = 0, bytearray()
    while position < len(text) and len(kept) < wanted:
        if text[position : position + 3] == b"%20":
            position += 3
        else:
            if text[position] not in b" -":
                kept.append(text[position])
            position += 1
    stop = start + position
    if len(kept) != wanted or line[stop : stop + 1].isalnum() or not is_iban(bytes(kept)):
        return 0
    return stop


def is_iban(text: bytes) -> bool:
    upper = text.upper().decode("latin-1")
    if _IBAN_LENGTHS.get(upper[:2]) != len(upper) or not upper.isalnum() or not upper.isascii():
        return False
    return int("".join(str(int(character, 36)) for character in upper[4:] + upper[:4])) % 97 == 1


_SSN: Final = Lazy(rb"(?<![\w.+/-])([0-9]{3})-([0-9]{2})-([0-9]{4})(?![\w/-]|\.[0-9])")
_SSN_PLACES: Final = Places((r"\b" + _SSNS,), _SSN)


def ssn_spans(line: bytes) -> Iterator[Span]:
    """US social security numbers with dashes and valid parts."""
    for found in _SSN_PLACES.finditer(line):
        if is_ssn(found[1], found[2], found[3]) and not has_protected_key(line, found.start()):
            yield Span(found.start(), found.end(), "ssn", "ssn")


def is_ssn(area: bytes, group: bytes, serial: bytes) -> bool:
    return area not in (b"000", b"666") and area < b"900" and group != b"00" and serial != b"0000"


_PHONE: Final = Lazy(
    rb"(?:(?<![\w+./#=-])|(?<=[=\"'/]))(?:\+|%2B|\\u002[bB])([1-9][0-9]{0,3}(?:[ .()-]{0,2}[0-9]{1,5}){1,7})"
    rb"(?![\w]|[.:-][0-9])"
)
_NPA: Final = Lazy(rb"(?<![\w)])\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[-. ][0-9]{4}(?![\w-])")
_WORDED: Final = Lazy(
    rb"(?i)\b(?:phone|call|tel\.?|mobile|sms(?: to)?|whatsapp|cell)(?: (?:number|no\.?))?(?: (?:is|at|me|to))?[ :]{1,3}"
    rb"([0-9(][0-9 ().-]{7,16}[0-9])(?![\w-])"
)
_PHONE_PLACES: Final = Places((_WITH_PLUS,), _PHONE)
_NPA_PLACES: Final = Places((_WITH_BRACKETS,), _NPA)
_WORDED_PLACES: Final = Places((_WITH_WORD,), _WORDED)


def phone_spans(line: bytes) -> Iterator[Span]:
    """Phone numbers with a plus or in the North American form, and others right behind a word for phone."""
    for found in _PHONE_PLACES.finditer(line):
        digits = found[1].translate(None, _NOT_DIGITS)
        if 10 <= len(digits) <= 15 and _is_dialled(digits) and not has_protected_key(line, found.start()):
            yield Span(found.start(), found.end(), "phone", "phone")
    for found in _NPA_PLACES.finditer(line):
        yield Span(found.start(), found.end(), "phone", "phone")
    for found in _WORDED_PLACES.finditer(line):
        digits = found[1].translate(None, _NOT_DIGITS)
        if 9 <= len(digits) <= 15 and not digits.startswith(b"1" * 4):
            yield Span(found.start(1), found.end(1), "phone", "phone")


def _is_dialled(digits: bytes) -> bool:
    if digits[:1] == b"1":
        return len(digits) == 11 and digits[1:2] > b"1"
    return len(set(digits)) > 2
