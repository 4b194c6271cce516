"""Documents of tracers among the lines: what an object is, the records that it holds, and the parts it can be cut into.

A table of formats; each is known by its content. What they mean is told in their own modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from tui.json_text import dumps, loads
from tui.lazy import Lazy
from tui.parsing import record_lists
from tui.parsing.draft import Draft, Setting
from tui.typed import Any, Final, NamedTuple

Json = Mapping[str, Any]
"""An object of a document."""

_FAULTS: Final = (ValueError, TypeError, LookupError, OverflowError, RecursionError, ArithmeticError, AttributeError)
ITEM: Final = "sentry_item"
"""Name of the member that says what an item of an envelope of Sentry is, beside the item itself."""
MAY_HOLD: Final = frozenset(
    {"resourceSpans", "resource_spans", "resourceLogs", "resource_logs", "resourceMetrics", "resource_metrics", "batches",
     "trace", "result", "context", "data", "spans", "spanID", "traceId", "event_id", "contexts", ITEM, "incomplete",
     "time_source", *record_lists.NAMES}
)  # fmt: skip
"""An object without any of these members is no document."""
CUT: Final = "the document is cut"
SIGN_BYTES: Final = 64 << 10
"""So far from its beginning a document has shown what it is."""
_SIGNS: Final = Lazy(
    r'"(?:resource_?[sS]pans|resource_?[lL]ogs|resource_?[mM]etrics|scope_?[sS]pans|instrumentationLibrarySpans|'
    r'traceID|traceId|event_id|sentry_item|start_timestamp|trace_id)"\s{0,20}:'
)


class Format(NamedTuple):
    """One format of documents."""

    is_document: Callable[[Json], bool]
    drafts: Callable[[Json, Setting], Iterator[Draft]]
    split: Callable[[Json], Iterator[tuple[int, Json]]]


def _whole(value: Json) -> Iterator[tuple[int, Json]]:
    yield 0, value


@cache
def formats() -> tuple[Format, ...]:
    """All formats; loaded when the first object comes that may be a document, since most sources hold none."""
    from tui.parsing import jaeger, otlp, saved, sentry, zipkin

    return (
        Format(otlp.is_document, otlp.drafts, otlp.split),
        Format(otlp.is_printed_span, otlp.printed_span, _whole),
        Format(saved.is_story, saved.drafts, saved.split),
        Format(saved.is_record, saved.record_drafts, saved.record_split),
        Format(jaeger.is_document, jaeger.drafts, jaeger.split),
        Format(zipkin.is_span, zipkin.drafts, zipkin.split),
        Format(sentry.is_document, sentry.drafts, sentry.split),
    )


def format_of(value: Json) -> Format | None:
    """The format of an object that is a document."""
    if MAY_HOLD.isdisjoint(value):
        return None
    return next((one for one in formats() if one.is_document(value)), None)


def read(value: Json, setting: Setting) -> list[Draft]:
    """The records of a document; none when it is no document or holds nothing."""
    found = format_of(value)
    if found is None:
        return []
    drafts: list[Draft] = []
    try:
        drafts.extend(found.drafts(value, setting))
    except _FAULTS:
        # what was read before the fault stands; the rest is told as it is
        drafts.append(Draft(message=dumps(value).decode(), notes=["unreadable as a trace document"]))
    return drafts


def read_list(text: str, setting: Setting) -> list[Draft]:
    """The records of a list of documents on one line, as Zipkin writes them; of one that is cut, what is whole."""
    try:
        value = loads(text)
    except (ValueError, RecursionError):
        return read_cut(text, setting)
    return _read_any(value, setting)


def _read_any(value: object, setting: Setting) -> list[Draft]:
    if isinstance(value, dict):
        return read(value, setting)
    if not isinstance(value, list) or not is_list(value):
        return []
    return [draft for one in members(value) for draft in read(one, setting)]


def read_cut(text: str, setting: Setting) -> list[Draft]:
    """The records that are whole in a document that ends in the middle."""
    if _SIGNS.search(text, 0, SIGN_BYTES) is None:
        return []
    from tui.parsing.cut_json import mended

    whole = mended(text.encode("utf-8", "surrogateescape"))
    try:
        value = loads(whole or b"")
    except (ValueError, RecursionError):
        return []
    drafts = _read_any(value, setting)
    for draft in drafts:
        draft.notes.append(CUT)
    return drafts


def may_be_document(head: bytes) -> bool:
    """Whether what begins like this names things as documents do, or holds a list of records."""
    return record_lists.may_begin(head) or _SIGNS.search(head[:SIGN_BYTES].decode("utf-8", "replace")) is not None


def is_list(value: object) -> bool:
    """Whether a value is a list of documents, or of lists of them."""
    return isinstance(value, list) and any(format_of(one) is not None for one in members(value)[:1])


def members(value: list[Any]) -> list[Json]:
    """The objects of a list of objects, or of lists of them."""
    every = [one for each in value for one in (each if isinstance(each, list) else [each])]
    return [one for one in every if isinstance(one, dict)]


def lines(value: object) -> list[bytes] | None:
    """A document as lines of one span or record each, by time, each a document again; None when it is none."""
    found = cut(value)
    if found is None:
        return [dumps(one) + b"\n" for one in record_lists.records_of(value)] or None
    return [line for _, line in sorted(found, key=lambda one: one[0])]


def cut(value: object) -> list[tuple[int, bytes]] | None:
    """The same in its own order, with their times in nanoseconds; 0 for none."""
    whole = members(value if isinstance(value, list) else [value])
    if not whole or format_of(whole[0]) is None:
        return None
    return [line for one in whole for line in _cut(one)]


def parts(document: Json) -> Iterator[tuple[int, bytes]]:
    """The same one by one, so that they need not all be there at once. Raises what broken documents bring about."""
    found = format_of(document)
    if found is not None:
        yield from ((time_ns, dumps(part) + b"\n") for time_ns, part in found.split(document))


def _cut(document: Json) -> list[tuple[int, bytes]]:
    """Lines with their times, at once as bytes, which take a tenth of the room; never none."""
    try:
        cut = list(parts(document))
    except _FAULTS:
        cut = []
    return cut or [(0, dumps(document) + b"\n")]
