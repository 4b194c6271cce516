"""Byte spellings of canonical ids: what to look for in logs that nobody has parsed yet.

`spellings` lists every form known, for searching and marking; `needles` is the shortest list that still finds each of
them, possibly together with other text: what is found is parsed and decided by `links`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from tui.lazy import Lazy
from tui.record import Id

_HEX: Final = Lazy(r"[0-9a-f]+")
_PLAIN: Final = Lazy(r"[A-Za-z0-9_.~:-]+")
_UNIQUE_TAIL: Final = 12
_UNIQUE_BASE64: Final = 8
_NOT_SHARED: Final = Lazy("[+/]")
"""Characters of base64 that stand otherwise in its other alphabets."""
_SHORTEST_FORM: Final = 4


@lru_cache(maxsize=4096)
def spellings(one: Id) -> tuple[bytes, ...]:
    """Every byte spelling of this id that may stand in raw logs, the canonical one first."""
    forms = _hex_forms(one.value, one.kind) if _HEX.fullmatch(one.value) else _text_forms(one.value)
    told = (form for form in forms if len(form) >= _SHORTEST_FORM or form == one.value)
    return tuple(dict.fromkeys(form.encode("utf-8", "surrogateescape") for form in told))


def needles(ids: Iterable[Id]) -> frozenset[bytes]:
    """Byte strings of which one occurs in every spelling of each id; of one id none contains another.

    An id brings needles of its own even where those of another would find it too: a new needle tells that lines which
    were looked at before may now belong.
    """
    return frozenset(needle for one in ids for needle in _needles(one))


@lru_cache(maxsize=4096)
def _needles(one: Id) -> tuple[bytes, ...]:
    forms = spellings(one)
    tail = one.value[-_UNIQUE_TAIL:]
    # The last group of a UUID stands in its dashed and dashless form alike, but in version 1 it names the machine.
    telling = len(set(tail)) > 4 and not (len(one.value) == 32 and one.value[12] in "16" and one.value[16] in "89ab")
    if len(one.value) in (16, 32) and _HEX.fullmatch(one.value) and telling:
        forms = (*(text.encode() for text in (tail, tail.upper())), *forms)
    if _HEX.fullmatch(one.value):
        forms = (*(text.encode() for text in _base64_cores(one)), *forms)
    kept: list[bytes] = []
    for form in sorted(set(forms), key=len):
        if not any(known in form for known in kept):
            kept.append(form)
    return tuple(kept)


def _dashed(value: str) -> str:
    """As a UUID, where it may be one."""
    if len(value) != 32 or not _HEX.fullmatch(value):
        return value
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _base64_cores(one: Id) -> Iterator[str]:
    """What the alphabets of base64 write alike of each of its forms, where that is long enough to tell it."""
    for data in _base64_of(one.value, one.kind):
        core = max(_NOT_SHARED.split(_unpadded(data)), key=len)
        if len(core) >= _UNIQUE_BASE64:
            yield core


def _hex_forms(value: str, kind: str) -> Iterator[str]:
    yield from _cases(value)
    if len(value) == 32:
        yield from _cases(_dashed(value))
        yield from _cases(f"1-{value[:8]}-{value[8:]}")
    if kind not in ("trace", "span") or len(value) not in (16, 32):
        return
    low = value[-16:]
    yield from _cases(low)
    yield from _cases(value.lstrip("0"))
    if len(value) == 32:
        yield from _cases(f"{low[:4]}-{low[4:]}")
        yield str(int(value, 16))
    elif kind == "trace":
        # as it stands in the dashed form of a 128-bit id of which this is the low half
        yield from _cases(f"{low[:4]}-{low[4:]}")
    yield str(int(low, 16))
    yield from _cases(low.lstrip("0"))
    for data in _base64_of(value, kind):
        yield from _base64(data)


def _cases(text: str) -> tuple[str, str]:
    return text, text.upper()


def _base64_of(value: str, kind: str) -> Iterator[bytes]:
    """The bytes of a hexadecimal id that may stand in base64."""
    if kind not in ("trace", "span") or len(value) not in (16, 32):
        return
    whole, low = bytes.fromhex(value), bytes.fromhex(value[-16:])
    if len(value) == 32:
        yield whole
    elif kind == "trace":
        # as it stands in the base64 form of a 128-bit id of which this is the low half
        yield low[1:]
    yield low


def _unpadded(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _base64(data: bytes) -> Iterator[str]:
    plain = _unpadded(data)
    yield plain
    yield plain.replace("+", "-").replace("/", "_")
    yield plain.replace("/", "\\/")


def _text_forms(value: str) -> Iterator[str]:
    yield value
    if _PLAIN.fullmatch(value):
        return
    printable = value.encode("utf-8", "replace").decode()
    for ascii_only in (False, True):
        inner = json.dumps(printable, ensure_ascii=ascii_only)[1:-1]
        yield inner
        yield inner.replace("/", "\\/")
        yield re.sub("[<>&=+'/]", lambda match: f"\\u{ord(match[0]):04x}", inner)
        yield re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", inner)
    yield quote(printable, safe="")
    yield quote(printable)
