"""Identifiers: values in any notation -> canonical (kind, value), from fields, headers and message text.

Owns the canonical form and every header notation. Which key holds an id is in `id_keys`; byte spellings of a canonical
id and which records belong together are left to the story.
"""

# a word list
# ruff: noqa: SIM905

from __future__ import annotations

import re
from binascii import a2b_base64

from tui.lazy import Lazy
from tui.parsing.id_keys import IdKey, id_key, kind_of_key
from tui.record import Id
from tui.typed import Final

__all__ = ["Found", "canonical", "canonical_value", "ids_in_text", "kind_of_key", "read_ids"]

Found = tuple[str, str]
"""(kind, canonical value); kinds as in Id and additionally `parent`."""

KIND_ORDER: Final = {"trace": 0, "request": 1, "correlation": 2, "span": 3, "job": 4, "parent": 5}
"""The order in which the ids of a record are listed."""

MAX_ID_CHARS: Final = 200
_NO_IDS: Final = frozenset(
    "- -- none null nil undefined n/a na unknown empty false true nan <nil> <none> (null) (none) <null> ? * %s".split()
)
_ZEROS: Final = Lazy(r"[0-]+")
_HEX: Final = Lazy(r"[0-9a-f]+")
_UUID: Final = Lazy(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_XRAY: Final = Lazy(r"1-([0-9a-fA-F]{8})-([0-9a-fA-F]{24})")
_BASE64: Final = Lazy(r"[A-Za-z0-9+/_-]{11}=?|[A-Za-z0-9+/_-]{22}(?:==)?")
_GCP_PATH: Final = Lazy(r"projects/[^/]+/traces/([0-9A-Za-z]+)$")
_TRACEPARENT: Final = Lazy(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})(?:-|$)", re.IGNORECASE)
_FAST: Final = Lazy(
    r"[0-9a-f]{16}(?:[0-9a-f]{16})?|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
).fullmatch


def canonical_value(value: object, notation: str = "plain") -> str | None:
    """The one spelling under which equal ids compare equal; None for what stands for "no id"."""
    if isinstance(value, str):
        if _FAST(value) is not None and (notation != "datadog" or len(value) != 16):
            if value[0] == "0" and not value.strip("0-"):
                return None
            return value if len(value) != 36 else value.replace("-", "")
        text = value.strip(" \t\r\n\"'{}()<>[],;")
    elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    else:
        text = str(value)
    if not text or len(text) > MAX_ID_CHARS:
        return None
    path = _GCP_PATH.search(text)
    text = path[1] if path else text
    lower = text.lower()
    if lower.startswith("0x") and _HEX.fullmatch(lower[2:]):
        lower = text = lower[2:]
    if lower in _NO_IDS or _ZEROS.fullmatch(lower):
        return None
    return _shaped(text, lower, notation)


def _shaped(text: str, lower: str, notation: str) -> str | None:
    if _UUID.fullmatch(text):
        return lower.replace("-", "")
    xray = _XRAY.fullmatch(text)
    if xray:
        return (xray[1] + xray[2]).lower()
    if notation == "datadog" and len(text) != 32 and text.isdecimal() and text.isascii():
        return _decimal(text)
    if notation == "padded" and len(text) <= 32 and _HEX.fullmatch(lower):
        return lower.zfill(16 if len(lower) <= 16 else 32)
    if _HEX.fullmatch(lower) and not lower.isdecimal():
        return lower
    if notation == "base64" and not _HEX.fullmatch(lower) and _BASE64.fullmatch(text):
        return _decoded(text) or text
    return text


def _decimal(text: str) -> str | None:
    number = int(text) if len(text) < 40 else 0
    if not number:
        return None
    return f"{number:016x}" if number < 1 << 64 else f"{number:032x}" if number < 1 << 128 else text


def _decoded(text: str) -> str | None:
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = a2b_base64(body + "=" * (-len(body) % 4), strict_mode=True)
    except ValueError:
        return None
    return raw.hex() if len(raw) in (8, 16) and any(raw) else None


def canonical(key: str, value: object) -> Id | None:
    """The identifier that a field of this name holds, first of them for a header with several; None without one."""
    found = read_ids(key, value)
    if not found:
        return None
    kind, text = found[0]
    return Id("span" if kind == "parent" else kind, text)


def read_ids(key: str, value: object) -> tuple[Found, ...]:
    """Everything that a field identifies: a header such as `traceparent` names a trace and a span."""
    entry = id_key(key)
    return () if entry is None else read_entry(entry, value)


def read_entry(entry: IdKey, value: object) -> tuple[Found, ...]:
    """As `read_ids`, for a key that was looked up already."""
    kind, notation, _ = entry
    if notation == "plain":
        if isinstance(value, str) and kind == "trace" and len(value) > 36:
            return _trace_text(value)
        text = canonical_value(value)
        return () if text is None else ((kind, text),)
    reader = _READERS.get(notation)
    if reader is not None:
        return reader(value) if isinstance(value, str) else ()
    if notation == "doubtful" and not _looks_like_id(kind, value):
        return ()
    text = canonical_value(value, notation)
    return () if text is None else ((kind, text),)


def _looks_like_id(kind: str, value: object) -> bool:
    if isinstance(value, int):
        return kind in ("job", "request", "correlation") and value > 9_999_999
    if not isinstance(value, str):
        return False
    text = value.strip().lower()
    if kind in ("trace", "span", "parent"):
        bare = text.replace("-", "")
        return (
            (len(bare) in (16, 32) and bool(_HEX.fullmatch(bare))) or "/traces/" in text or bool(_XRAY.fullmatch(text))
        )
    return 8 <= len(text) <= 64 and " " not in text and any(char.isdigit() for char in text)


def _pairs(*found: tuple[str, str | None, str]) -> tuple[Found, ...]:
    """(kind, text, notation) -> what is an id among them."""
    read = ((kind, canonical_value(text, notation)) for kind, text, notation in found if text)
    return tuple((kind, text) for kind, text in read if text is not None)


def _trace_text(value: str) -> tuple[Found, ...]:
    if "Root=" in value:
        return _amzn(value)
    found = _traceparent(value)
    return found or _pairs(("trace", value, "plain"))


def _traceparent(value: str) -> tuple[Found, ...]:
    match = _TRACEPARENT.match(value.strip(" \"'[]"))
    return () if match is None else _pairs(("trace", match[1], "plain"), ("span", match[2], "plain"))


def _b3(value: str) -> tuple[Found, ...]:
    parts = value.split(",")[0].strip().split("-")
    if len(parts) < 2:
        return ()
    parent = parts[3] if len(parts) > 3 else None
    return _pairs(("trace", parts[0], "padded"), ("span", parts[1], "padded"), ("parent", parent, "padded"))


def _uber(value: str) -> tuple[Found, ...]:
    parts = value.strip().replace("%3A", ":").replace("%3a", ":").split(":")
    if len(parts) != 4:
        return _pairs(("trace", parts[0], "padded")) if len(parts) == 1 else ()
    return _pairs(("trace", parts[0], "padded"), ("span", parts[1], "padded"), ("parent", parts[2], "padded"))


def _amzn(value: str) -> tuple[Found, ...]:
    parts = dict(part.strip().partition("=")[::2] for part in value.split(";"))
    found = _pairs(("trace", parts.get("Root"), "plain"), ("span", parts.get("Parent"), "plain"))
    return found or _pairs(("trace", value if _XRAY.fullmatch(value.strip()) else None, "plain"))


def _gcp(value: str) -> tuple[Found, ...]:
    trace, _, rest = value.partition("/")
    return _pairs(("trace", trace, "plain"), ("span", rest.partition(";")[0], "datadog"))


def _sentry(value: str) -> tuple[Found, ...]:
    parts = value.strip().split("-")
    return _pairs(("trace", parts[0], "plain"), ("span", parts[1] if len(parts) > 1 else None, "plain"))


def _sw8(value: str) -> tuple[Found, ...]:
    parts = value.split("-")
    text = _decoded_text(parts[1]) if len(parts) >= 8 else None
    return _pairs(("trace", text, "plain"))


def _decoded_text(text: str) -> str | None:
    try:
        return a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True).decode("ascii")
    except ValueError:
        return None


def _skywalking(value: str) -> tuple[Found, ...]:
    text = value.strip()
    dotted = text.count(".") == 2 and len(text) > 24
    return _pairs(("trace", text if dotted or _UUID.fullmatch(text) else None, "plain"))


def _swctx(value: str) -> tuple[Found, ...]:
    parts = value.strip(" []").removeprefix("SW_CTX:").strip(" []").split(",")
    return _pairs(("trace", parts[2].strip(), "plain")) if len(parts) >= 5 else ()


_READERS: Final = {
    "traceparent": _traceparent, "b3": _b3, "uber": _uber, "amzn": _amzn, "gcp": _gcp, "sentry": _sentry, "sw8": _sw8,
    "skywalking": _skywalking, "swctx": _swctx,
}  # fmt: skip

_KEYED: Final = Lazy(
    r"""(?<![\w.-])([A-Za-z][\w.-]{1,60}|(?:[Tt]race|[Rr]equest|[Cc]orrelation|[Ss]pan) I[Dd]|XRAY TraceId)["']?\s?"""
    r"""(?:[:=]|=>)\s?["'\[{(<]{0,2}([A-Za-z0-9][A-Za-z0-9_.:/;=+-]{2,199})"""
)
_TAGGED: Final = Lazy(
    r"\b(?:req|request)-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE
)
_JOB: Final = Lazy(r"\b(?:JID|jid)-([0-9a-f]{12,32})\b")
_BARE: Final = Lazy(
    r"(?<![\w/.-])(?:00-[0-9a-fA-F]{32}-[0-9a-fA-F]{16}-[0-9a-fA-F]{2}|"
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}|"
    r"1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24})(?![\w-])(?!\.\w)"
)
_OTHER_THING: Final = Lazy(
    r"(?:user|session|order|account|customer|tenant|device|client|cart|product|item|payment|invoice|md5|sha\d*|hash|digest|"
    r"checksum|etag|key|token|secret|uid|guid|volume|disk|instance|image|node|pod|cluster|org|project|domain|subject|sub|"
    r"container|commit|revision|version|file|object|uuid|member|group|role|license|email|card)"
    r"(?:[-_ ]?id)?s?[\"']?\s?[:=#]?\s?[\"'\[({<]{0,2}$",
    re.IGNORECASE,
)
# Two cheap searches spare most messages the dear ones: all names end in one of these letters, all bare ids are long.
_NAME_GATE: Final = Lazy(
    r"[=:](?<=(?:[iI][dD]|[cC][eE]|[nN][tT]|[xX][tT]|[eE][qQ]|[aA][yY]|[bB]3|[tT][xX]|.[\"'\s])[=:])"
).search
_BARE_GATE: Final = Lazy(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|[0-9a-fA-F]{32}|1-[0-9a-fA-F]{8}-").search
MAX_TEXT_CHARS: Final = 16_384
MAX_TEXT_IDS: Final = 16


def ids_in_text(text: str) -> tuple[Id, ...]:
    """Identifiers that a message names: `request_id=…`, `[req-…]`, `TraceID: …`; bare UUIDs if nothing is named."""
    found = found_in_text(text)
    return tuple(Id("span" if kind == "parent" else kind, value) for kind, value in found)


def found_in_text(text: str, *, bare: bool = True) -> tuple[Found, ...]:
    """As `ids_in_text`, with parents told apart; `bare` also takes UUIDs and 32 hex digits that no word introduces."""
    named = _NAME_GATE(text, 0, MAX_TEXT_CHARS) is not None
    long = (bare or "req" in text) and _BARE_GATE(text, 0, MAX_TEXT_CHARS) is not None
    if not (named or long or "JID-" in text):
        return ()
    found: dict[Found, None] = {}
    for match in _KEYED.finditer(text, 0, MAX_TEXT_CHARS) if named else ():
        for one in _mentioned(match[1], match[2]):
            found[one] = None
        if len(found) >= MAX_TEXT_IDS:
            break
    if "JID-" in text and (job := _JOB.search(text, 0, MAX_TEXT_CHARS)):
        found[("job", job[1])] = None
    for match in _TAGGED.finditer(text, 0, MAX_TEXT_CHARS) if long else ():
        found.setdefault(("request", match[1].replace("-", "").lower()))
    if not found and bare and long:
        found = _bare(text)
    return tuple(found)[:MAX_TEXT_IDS]


_REQ: Final = IdKey("request", "doubtful", 4)


def _mentioned(key: str, value: str) -> tuple[Found, ...]:
    entry = _REQ if key in ("req", "Req", "REQ") else id_key(key.removeprefix("XRAY ").replace(" ", ""))
    if entry is None:
        return ()
    value = value.rstrip(".:;,/=+-_")
    if ";" in value and entry.notation != "amzn":
        value = value.partition(";")[0]
    if entry.notation in ("plain", "doubtful") and not _plausible(value):
        return ()
    return read_entry(entry, value)


def _plausible(value: str) -> bool:
    """Prose such as "request id: missing" is no id: one has a digit, or is long."""
    return len(value) >= 4 and (any(char.isdigit() for char in value) or len(value) >= 20)


def _bare(text: str) -> dict[Found, None]:
    found: dict[Found, None] = {}
    for match in _BARE.finditer(text, 0, MAX_TEXT_CHARS):
        if _OTHER_THING.search(text, max(0, match.start() - 40), match.start()):
            continue
        whole = match[0]
        if whole.startswith("00-") and len(whole) == 55:
            found.update(dict.fromkeys(_traceparent(whole)))
            continue
        value = canonical_value(whole)
        if value is not None and not (len(whole) == 32 and value.isdecimal()):
            found[("correlation" if "-" in whole and not whole.startswith("1-") else "trace", value)] = None
        if len(found) >= 4:
            break
    return found
