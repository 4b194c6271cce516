"""What is never masked by its shape: ids, hashes, times and whatever joins the lines of a request.

Owns the names of protected keys and the shapes around a run of digits that show it to be part of something longer. Keys
that are sensitive themselves win over all of this, and so do provider tokens.
"""

from __future__ import annotations

from functools import lru_cache

from tui.lazy import Lazy
from tui.redaction.quoting import one_of_bytes
from tui.typed import Final

_BEFORE: Final = 100
_KEY_BEFORE: Final = Lazy(
    rb"[\w:./-]{0,24}[\\\"'`\[(]{0,9}[ \t]{0,4}(?:[:=]|>=|[aAdD]3%)[ \t]{0,4}[\\\"'`\]]{0,9}([A-Za-z0-9_.\-\x80-\xff]{1,80})"
)
"""A key and its separator, read backwards from the value: so the pattern is tried at one place only."""

_NOUNS: Final = """
    span trace id ids order invoice request req transaction txn tracking ref reference msg message event offset seq sequence
    memory bytes line pid price amount cost total sum reading count size value ticket shipment parcel batch job build version case contract item product serial
"""
_NOUN_BEFORE: Final = Lazy(
    rf"(?i)[\"'(\[]?[ ]?#?[ ]?(?:{'|'.join(noun[::-1] for noun in _NOUNS.split())}|\w+ fo rebmun|"
    r"rebmun (?:gnikcart|redro|eciovni))(?:\Z|[^A-Za-z])".encode()
)
"""A noun right before a number, in a sentence; read backwards, as above."""

_ID_WORDS: Final = frozenset(
    b"""
    id ids uuid guid ulid ksuid trace traceid span spanid parent correlation correlationid request requestid transaction
    messageid idempotency order ref reference seq sequence offset timestamp ts time epoch nonce hash sha md5 digest
    checksum etag version revision commit build serial tracking invoice imei imsi iccid ean upc isbn sku barcode b
    traceparent tracestate tid sid pid rid jid duration elapsed latency bytes size length count total amount balance
    cursor partition key shard zxid lsn xid txid block height nanos micros millis ns us ms rows records items lag
    operation session run job batch ticket case shipment parcel return zipcode postcode memory address pointer port
    index position row page capacity free used available rss heap weight score rate price cost qty quantity
    """.split()
)
"""Last words of keys whose values join records, count or measure."""

_WORDS: Final = Lazy(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def has_protected_key(line: bytes, start: int) -> bool:
    """True when the value at `start` stands under a key such as trace_id, orderNumber or timestamp."""
    found = _KEY_BEFORE.match(line[max(0, start - _BEFORE) : start][::-1])
    return found is not None and _is_protected(found[1][::-1])


def follows_id_noun(line: bytes, start: int) -> bool:
    """True when a word such as "order" or "span" stands right before the number at `start`."""
    return _NOUN_BEFORE.match(line[max(0, start - 30) : start][::-1]) is not None


@lru_cache(maxsize=4096)
def _is_protected(name: bytes) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    if (
        not words
        or words == [b"number"]
        or {b"card", b"phone", b"pan", b"cc", b"account", b"iban", b"bank"} & set(words)
    ):
        return False
    return words[-1] in _ID_WORDS or b"id" in words or words[-1].endswith((b"id", b"uuid", b"number", b"hash"))


_INSIDE: Final = one_of_bytes(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_JOINING_BEFORE: Final = one_of_bytes(b"-.#~$")
_JOINING_AFTER: Final = one_of_bytes(b"-.:@~%")


def is_part_of_more(line: bytes, start: int, end: int) -> bool:
    """True when the digits start..end belong to a longer word, number, UUID or dotted value."""
    before, after = line[start - 1 : start] if start else b"", line[end : end + 1]
    if after in _INSIDE or (before in _INSIDE and not is_escape_end(line, start)):
        return True
    if before in _JOINING_BEFORE and start >= 2 and line[start - 2 : start - 1] in _INSIDE:
        return True
    return after in _JOINING_AFTER and line[end + 1 : end + 2] in _INSIDE


_ESCAPE_END: Final = Lazy(
    rb"(?:\\[ntrbf]|\\u00[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}|&#?\w{2,5};|\x1b\[[0-9;]{0,12}m)\Z"
)


def is_escape_end(line: bytes, start: int) -> bool:
    """True when what stands right before `start` is an escape (such as \\n or %3D) and no part of a word."""
    return _ESCAPE_END.search(line[max(0, start - 14) : start]) is not None


def stands_alone(line: bytes, start: int) -> bool:
    """True when nothing that could belong to a token stands before `start`."""
    if not start:
        return True
    before = line[start - 1 : start]
    return not before.isalnum() or is_escape_end(line, start)
