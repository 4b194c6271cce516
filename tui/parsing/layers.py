"""The text of one record -> a draft, opened layer by layer.

Owns what may lie inside what: wrappers around a line, an object in a message, a line of a log in an object, a stack below
a line. How each layer is read belongs to the module of its format; which lines are one record, and what a Record is made
of, to the parser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC

from tui.json_text import dumps, loads
from tui.lazy import Lazy
from tui.parsing import documents, record_lists
from tui.parsing.below import said, take_stack
from tui.parsing.columns import Columns, split_cells
from tui.parsing.detection import Learnt
from tui.parsing.documents import MAY_HOLD
from tui.parsing.draft import Draft, Setting
from tui.parsing.encodings import overwritten, unescaped
from tui.parsing.json_lines import Fields, find_object, flatten, load, read_pieces
from tui.parsing.levels import level_below
from tui.parsing.literals import read_dict
from tui.parsing.patterns import Pattern
from tui.parsing.stacks import find_stack, level_margins
from tui.parsing.structured import read_fields
from tui.parsing.text_lines import read_duration_of_message, read_pairs_of_message, read_text
from tui.parsing.wrappers import service_of_pod, unwrap
from tui.parsing.xml_records import read_xml
from tui.record import Severity
from tui.typed import Final
from tui.values import replace

MAX_LAYERS: Final = 4
_DOCKER: Final = b'{"log":"'
_ANSI: Final = Lazy(r"\x1b(?:\[[0-9;:]*[mK]|\]8;[^\x07\x1b]*(?:\x07|\x1b\\))")
"""Colours, what grep writes beside them, and links. Whatever else would command a terminal stays, to be seen."""


class Layers:
    """Reads texts of one source, of which something was learnt."""

    def __init__(self, learnt: Learnt) -> None:
        self._learnt = learnt

    def read(self, raw: str, setting: Setting, first: bytes) -> Draft:
        """What the lines of a record tell; `first` is the first of them, which shows the stream they belong to."""
        if raw[:1] == "{" and not raw.startswith(_DOCKER.decode()):
            value = load(raw)
            if value is not None:
                return self._whole(value, setting, 0)
        elif raw[:1] == "[" and raw[1:3].lstrip("[ ")[:1] == "{":
            parts = documents.read_list(raw, setting) or self._listed(raw, setting)
            if parts:
                return Draft(parts=parts)
        if self._learnt.columns is not None and raw[:1] != "#":
            row = self._row(raw, self._learnt.columns, setting)
            if row is not None:
                return row
        text, outer = self._unwrapped(raw, setting)
        if outer is not None and outer.time_ns is not None:
            setting = setting.inside()
        draft = self._text(text, setting, 0, self._learnt.stream_of(first).pattern)
        return draft if outer is None or draft.parts else draft.under(outer)

    def told_by_body(self, draft: Draft, setting: Setting) -> Draft:
        """A log record whose text is a line of a log: the text tells what the record itself does not."""
        message = (draft.message or "").strip()
        if draft.span is not None or not draft.own_message or (draft.severity and draft.ids) or len(message) >= 65_536:
            return draft
        inner = self._text(message, setting, 1)
        if inner.format == "text" and not inner.severity:
            return draft
        inner.fields = {**draft.fields, **inner.fields}
        inner.time_ns = None if draft.time_ns is not None else inner.time_ns
        inner.severity = draft.severity or inner.severity
        inner.service, inner.logger = draft.service or inner.service, inner.logger or draft.logger
        inner.ids = [*draft.ids, *inner.ids]
        inner = inner.under(replace(draft, ids=[], fields={}))
        inner.format, inner.raw = draft.format, draft.raw
        return inner

    def _whole(self, value: Mapping[str, object], setting: Setting, depth: int) -> Draft:
        """What a line that is an object tells: of a document all its records."""
        if depth == 0 and not MAY_HOLD.isdisjoint(value):
            parts = documents.read(value, setting) or self._members(record_lists.records_of(value), setting)
            if parts:
                return Draft(parts=parts)
        fields = flatten(value)
        draft = self._object(fields, setting, depth)
        return draft if depth or draft.own_message else _as_span(draft, fields, tuple(fields))

    def _listed(self, raw: str, setting: Setting) -> list[Draft]:
        """The records of a list on one line."""
        try:
            return self._members(record_lists.records_of(loads(raw)), setting)
        except (ValueError, RecursionError):
            return []

    def _members(self, found: Sequence[Mapping[str, object]], setting: Setting) -> list[Draft]:
        drafts = [self._object(flatten(one), setting, 1) for one in found]
        for one, draft in zip(found, drafts, strict=True):
            draft.raw = dumps(one).decode("utf-8", "replace")
        return drafts

    def _row(self, raw: str, columns: Columns, setting: Setting) -> Draft | None:
        """A row of a table, whose cells may hold whole records."""
        fields = columns.read(raw)
        if fields is None:
            return None
        draft = self._object(fields, Setting(UTC, setting.reference_ns, setting.order) if columns.utc else setting, 0)
        if draft.format in ("json", "docker"):
            draft.format = columns.format
        draft.zoned = draft.zoned or columns.utc
        if draft.duration_ns is not None:
            draft.duration_ns *= columns.scale(fields)
        return _as_span(draft, fields, columns.names)

    def _unwrapped(self, raw: str, setting: Setting) -> tuple[str, Draft | None]:
        """The lines without their wrappers, cut lines joined again; what the first line's wrappers knew."""
        wrapping = self._learnt.wrapping
        parts: list[str] = []
        outer: Draft | None = None
        joined = True
        for at, line in enumerate(raw.split("\n")):
            layer = unwrap(line.rstrip("\r"), wrapping, setting)
            outer = layer.draft if at == 0 else outer
            parts.append(layer.text if joined else "\n" + layer.text)
            joined = layer.partial
        text = "".join(parts)
        return (_ANSI.sub("", text) if "\x1b" in text else text), outer

    def _text(self, text: str, setting: Setting, depth: int, preferred: Pattern | None = None) -> Draft:
        if text[:1] == "{":
            leading = self._leading_object(text, setting, depth)
            if leading is not None:
                return leading
        elif "<" in text[:12] and (fields := read_xml(text)) is not None:
            draft = self._object(fields, setting, depth)
            draft.format = "xml" if draft.format == "json" else draft.format
            return draft
        elif '"{""' in text and (cells := self._cells(text, setting, depth)) is not None:
            return cells
        if "#012" in text:
            text = unescaped(text)
        if "\r" in text:
            text = overwritten(text)
        if "\n" in text:
            text = level_margins(text)
        draft = read_text(text, setting, preferred)
        message = draft.message or ""
        embeds = depth < MAX_LAYERS and ('{"' in message or "{'" in message or '{ "' in message)
        if embeds:
            draft = self._embedded(draft, message, setting, depth)
        elif depth < MAX_LAYERS and message and (draft.format in _SYSLOGS or "CEF:" in message or "LEEF:" in message):
            draft = self._nested_text(draft, message, setting, depth)
        if "\n" in text or "panic" in text or "Fatal error" in text:
            stack = take_stack(draft, text)
            if stack is not None and stack.crash:
                # The last line that a program logged in peace says nothing about how it ended.
                draft.severity = max(draft.severity, Severity.ERROR)
            draft.severity = draft.severity or level_below(text)
        read_pairs_of_message(draft)
        read_duration_of_message(draft)
        return draft

    def _cells(self, text: str, setting: Setting, depth: int) -> Draft | None:
        """A CSV record, one cell of which is an object; what its columns are called is not known."""
        cells = split_cells(text)
        at = next((at for at, cell in enumerate(cells) if cell[:1] == "{"), None)
        value = load(cells[at]) if at is not None and depth < MAX_LAYERS else None
        if value is None:
            return None
        inner = self._object(flatten(value), setting, depth + 1)
        rest = ",".join(cell for cell in cells if not cell.startswith("{"))
        outer = read_text(rest, setting)
        return inner.under(outer)

    def _leading_object(self, text: str, setting: Setting, depth: int) -> Draft | None:
        value = load(text) or load(text.rstrip(" ,]"))
        rest = ""
        literal = None
        if value is None:
            first, _, rest = text.partition("\n")
            value = load(first)
        if value is None and "'" in text[:16]:
            literal = read_dict(text)
            value, rest = (literal[0], text[literal[1] :]) if literal else (None, "")
        if value is None:
            parts = documents.read_cut(text, setting) if depth == 0 else []
            return Draft(parts=parts) if parts else _salvaged(text, setting)
        draft = self._whole(value, setting, depth)
        if draft.parts:
            return draft
        if literal is not None:
            draft.format = "python-dict" if draft.format == "json" else draft.format
        if rest.strip() and take_stack(draft, rest, append=True) is not None:
            # Loggers of objects put errors inside them: what a program prints below one is a crash or close to it.
            draft.severity = max(draft.severity, Severity.ERROR)
        return draft

    def _embedded(self, outer: Draft, message: str, setting: Setting, depth: int) -> Draft:
        """A message that holds an object: the object knows better, what stands before it helps out."""
        found = find_object(message)
        if found is None:
            return outer
        before, value, after = found
        if after.strip(" \r\n\t[])"):
            return outer
        inner = self._object(flatten(value), setting, depth + 1)
        lead = before.strip(" \t:-|@")
        lead = "" if lead == "cee" else lead
        # A line with a head of its own that says something before an object without one only quotes the object.
        quoted = " " in lead and not (inner.severity or inner.time_ns is not None)
        if lead and (not inner.own_message or quoted):
            inner.message, inner.own_message = lead, True
            outer.message = lead
        elif lead and outer.logger is None:
            outer.logger = lead
        name = inner.format if inner.own_message and outer.format == "text" else outer.format
        draft = inner.under(outer)
        draft.format = name
        return draft

    def _nested_text(self, outer: Draft, message: str, setting: Setting, depth: int) -> Draft:
        event = _EVENT.search(message)
        if event is not None:
            message = message[event.start() :]
        elif outer.format not in _SYSLOGS:
            return outer
        inner = self._text(message, setting.inside(), depth + 1)
        if inner.format in _NEVER_INSIDE and inner.time_ns is None:
            return outer
        inner.service = inner.service or outer.service
        return inner.under(outer)

    def _object(self, fields: Fields, setting: Setting, depth: int) -> Draft:
        """A record from flat fields, opening a record that lies inside its message."""
        draft = read_fields(fields, setting)
        message = draft.message
        if draft.service is None:
            pod = next((fields[key] for key in _PODS if key in fields), None)
            draft.service = service_of_pod(pod, None) if isinstance(pod, str) else None
        if message is None:
            return draft
        if "\x1b" in message:
            message = draft.message = _ANSI.sub("", message)
        if "#012" in message:
            message = draft.message = unescaped(message)
        if depth >= MAX_LAYERS or not draft.own_message:
            return draft
        stripped = message.strip()
        if stripped[:1] == "{" and stripped[-1:] == "}":
            value = load(stripped)
            if value is None and "'" in stripped[:16]:
                literal = read_dict(stripped)
                value = literal[0] if literal is not None and literal[1] == len(stripped) else None
            if value is not None:
                inner = self._object(flatten(value), setting, depth + 1)
                inner.format = inner.format if inner.own_message else draft.format
                return inner.under(draft)
        elif not draft.severity and len(stripped) < 65_536 and stripped:
            inner = self._text(stripped, setting if draft.time_ns is None else setting.inside(), depth + 1)
            if inner.format != "text" or inner.severity or (inner.time_ns is not None and draft.time_ns is None):
                return inner.under(draft)
        if "\n" in message and draft.error is None and (found := find_stack(message)) is not None:
            draft.error = found.error
            if found.start == 0:
                draft.message = said(found.error) or message
        return draft


def _as_span(draft: Draft, fields: dict[str, object], keys: tuple[str, ...]) -> Draft:
    """The draft, as that of a span when the fields are those of one."""
    if all(kind != "span" for kind, _ in draft.ids):
        return draft
    from tui.parsing.span_rows import span_draft_of  # most sources hold none

    found = span_draft_of(fields, draft, keys)
    return draft if found is None else Draft(parts=(found,))


def _salvaged(text: str, setting: Setting) -> Draft | None:
    """What can still be read of an object that is cut or broken; the message is all of it."""
    fields = read_pieces(text)
    if not fields:
        return None
    draft = read_fields(fields, setting)
    draft.message, draft.own_message, draft.format = text, False, "text"
    draft.notes.append("not valid JSON")
    return draft


_PODS: Final = (
    "kubernetes.pod_name", "kubernetes.pod.name", "PodName", "pod_name", "podName", "k8s.pod.name", "pod", "cmdb_id",
)  # fmt: skip
_EVENT: Final = Lazy(r"(?:CEF|LEEF):\d[\d.]*\|")
_NEVER_INSIDE: Final = frozenset({"text", "winston-simple", "npm", "npm-debug"})
"""Formats that a message of syslog only seems to have: sshd begins with `error: `, too."""
_SYSLOGS: Final = frozenset({"syslog", "syslog-iso", "syslog-5424", "rsyslog"})
