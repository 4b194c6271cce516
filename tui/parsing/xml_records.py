"""Records written as XML elements -> flat fields: Windows events, log4j, java.util.logging, CMTrace.

Owns which elements and attributes of such a record become fields. It reads the shape only, without entities of its own
and without a document: what the fields mean is left to `structured`.
"""

from __future__ import annotations

from tui.lazy import Lazy
from tui.typed import Final

MAX_CHARS: Final = 1 << 18
MAX_FIELDS: Final = 300
START: Final = rb"\s{0,8}(?:- )?<(?:Event|log4j:event|record|LogEntry|logentry|entry|event|E2ETraceEvent)[ >]|<!\[LOG\["
"""How a record begins."""

_START: Final = Lazy(START.decode())
_TAG: Final = Lazy(r"<([A-Za-z][\w:.-]{0,80})((?:\s{1,40}[\w:.-]{1,80}\s?=\s?(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>")
_ATTRIBUTE: Final = Lazy(r"([\w:.-]{1,80})\s?=\s?(?:\"([^\"]*)\"|'([^']*)')")
_LEAF: Final = Lazy(r"(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</", 16)
_CMTRACE: Final = Lazy(r"<!\[LOG\[(.*?)\]LOG\]!?>\s*<([^>]*)>", 16)
_CMTRACE_LEVELS: Final = {"0": "info", "1": "info", "2": "warning", "3": "error"}
_NESTED: Final = frozenset(("Thrown", "Cause", "Instant"))
"""Elements whose attributes keep the element's name before theirs."""
_EXCEPTION: Final = Lazy(r"<exception>\s*<message>([^<]*)<")
_OFFSET: Final = Lazy(r"[+-]\d{1,4}$")


def read_xml(text: str) -> dict[str, object] | None:
    """The attributes and the elements that hold text, by their names, the first of equal ones; None for other text."""
    if not _START.match(text):
        return None
    from html import unescape  # a table of two thousand names, which most sources do without

    text = text[:MAX_CHARS]
    trace = _CMTRACE.match(text)
    if trace is not None:
        return _cmtrace(trace[1], trace[2])
    fields: dict[str, object] = {}
    for tag in _TAG.finditer(text):
        name = tag[1].rpartition(":")[2]
        attributes = _attributes(tag[2])
        if "value" in attributes and (key := attributes.get("key") or attributes.get("name")):
            fields.setdefault(key, attributes["value"])
            continue
        leaf = None if tag[3] else _LEAF.match(text, tag.end())
        if leaf is not None:
            value = leaf[1] if leaf[1] is not None else unescape(leaf[2]).strip()
            # Windows calls its data Data, and says in an attribute which.
            fields.setdefault(attributes.pop("Name", name), value)
        for key, one in attributes.items():
            fields.setdefault(f"{name}.{key}" if key == "Name" or name in _NESTED else key, one)
        if len(fields) >= MAX_FIELDS:
            break
    if exception := _EXCEPTION.search(text):
        fields["exception"] = unescape(exception[1])
    return fields or None


def _attributes(text: str) -> dict[str, str]:
    from html import unescape

    found = _ATTRIBUTE.finditer(text)
    return {
        one[1].rpartition(":")[2]: unescape(one[2] or one[3] or "") for one in found if not one[1].startswith("xml")
    }


def _cmtrace(message: str, rest: str) -> dict[str, object]:
    fields: dict[str, object] = dict(_attributes(rest))
    # Its offset counts minutes west of Greenwich: the clock is local, and what it is worth is not said.
    fields["time"] = _OFFSET.sub("", str(fields.get("time", "")))
    fields["level"] = _CMTRACE_LEVELS.get(str(fields.get("type", "")), "")
    return {"message": message, **fields}
