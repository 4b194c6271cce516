"""What opens in the pane: detail, the request's story, errors, counts, help. And the marks in the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tui.record import Id, Record
from tui.session.pivot import Pivot
from tui.session.session import Session
from tui.store.order import Key
from tui.story.links import Request
from tui.views.ask import Ask
from tui.views.counts_view import FacetsView, HistogramView
from tui.views.detail_view import DetailView
from tui.views.errors_view import ErrorsView
from tui.views.explain_view import ExplainView
from tui.views.finding import Finding
from tui.views.help_view import HelpView
from tui.views.log_view import LogView
from tui.views.panes import Panes
from tui.views.query_bar import QueryInput
from tui.views.request_view import RequestView

WHICH_REQUEST: Final = "Open the request with this trace, request or correlation id:"


class Looking:
    """Opens panes and links them with the log."""

    def __init__(
        self, session: Session, log: LogView, panes: Panes, finding: Finding, set_query: Callable[[str], None]
    ) -> None:
        self.session = session
        self.log = log
        self.panes = panes
        self.finding = finding
        self._set_query = set_query

    def commands(self) -> dict[str, Callable[[], None]]:
        return {
            "detail": self.enter,
            "request": self.request,
            "request-of": self.ask_for_request,
            "errors": self.errors,
            "explain": self.explain,
            "histogram": self.histogram,
            "facets": self.facets,
            "clocks": self.correct_clocks,
            "help": self.help,
            "reveal": self.reveal,
            "mark": self.mark,
            "next-mark": self.next_mark,
            "cut-link": self.cut_link,
            "restore-link": self.restore_link,
        }

    # -- panes -----------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """In the log: the detail of the line. In a pane: what the pane says."""
        if self.panes.pane.chosen and self.panes.content is not None:
            self.panes.content.entered(self.panes.pane.ref)
        elif self.log.record is not None:
            if isinstance(self.panes.content, DetailView):
                self.log.screen.set_focus(self.panes.pane)
            else:
                self.panes.show(DetailView(self.log, self.request, self._add_to_query), focus=False)

    def reveal(self) -> None:
        """Show what the mark in the chosen field of the detail stands for."""
        content, pane = self.panes.content, self.panes.pane
        if not self.session.settings.reveal:
            self.log.app.notify("showing what a mark stands for is forbidden here (reveal)", timeout=3)
        elif not isinstance(content, DetailView) or not pane.chosen:
            self.log.app.notify("choose a value in the detail first: Enter on a line, then Enter or Tab", timeout=3)
        elif content.reveal(pane.ref, self.session.under_marks):
            self.panes.fill(True, pane.ref)
        else:
            self.log.app.notify("no mark here whose value is still to be had; streams are kept masked", timeout=3)

    def request(self) -> None:
        """Open the story of the request of the chosen record, in the log or in a pane."""
        record = self.log.record
        content = self.panes.content
        if isinstance(content, ErrorsView) and self.panes.pane.chosen:
            record = content.record(self.panes.pane.ref) or record
        if record is None:
            self.log.app.notify("choose a line first", timeout=3)
            return
        self.open_request(record)

    def open_request(self, record: Record) -> None:
        ids = [one for one in record.ids if one.kind != "span"] or list(record.ids)
        if not ids:
            self.log.app.notify(
                "this line carries no request, correlation or trace id; choose a line that shows one at its right edge",
                timeout=5,
            )
            return
        view = self._story(Pivot(Request.of(record), record))
        self.panes.show(view, over=isinstance(self.panes.content, ErrorsView), at=record.key)

    def ask_for_request(self) -> None:
        """Open the story of a request of which only an id is known, from a ticket or another program."""
        self.log.app.push_screen(Ask(WHICH_REQUEST, "", "opens it"), self._open_by_id)

    def _open_by_id(self, text: str | None) -> None:
        if text:
            # as in the lines: what is masked there is looked for by its mark
            self.panes.show(self._story(Pivot(Request(self.session.redactor.text(text)))))

    def open_other(self, ids: Sequence[Id]) -> None:
        """Open the story of a request over what is open."""
        self.panes.show(self._story(Pivot(Request(ids))), over=True)

    def _story(self, pivot: Pivot) -> RequestView:
        self.session.pivot(pivot)
        return RequestView(self.session, pivot, self.show_record, self._link, lambda: self.panes.pane.size.height)

    def correct_clocks(self) -> None:
        """Move the lines of sources whose clocks are off, or move them back; the log and the request are read anew."""
        content = self.panes.content
        shifts = content.clocks(self.session.clocks()) if isinstance(content, RequestView) else {}
        if not isinstance(content, RequestView) or not shifts:
            self.log.app.notify("no clock is seen to be off here; t opens a request that may show it", timeout=4)
            return
        seed = next(iter(content.story.records))
        self.session.correct_clocks(shifts)
        self.finding.read_again()
        self.open_request(seed)

    def errors(self) -> None:
        self.panes.show(ErrorsView(self.session, self.open_request))

    def explain(self) -> None:
        """Name the services behind what changed: at the marked line, else when most did."""
        since_ns = self.marked_ns()
        self.panes.show(ExplainView(self.session, since_ns, self._show_line))

    def marked_ns(self) -> int | None:
        """The time of the current line when it is marked."""
        record = self.log.record
        key = self._key_of(record) if record is not None else None
        return record.time_ns if record is not None and key is not None and key in self.log.marks else None

    def _show_line(self, key: tuple[str, int]) -> None:
        track = next((one for one in self.session.tracks_now() if one.name == key[0]), None)
        entries = track.page_at(key[1]).entries if track is not None else ()
        record = next((one.record for one in entries if one.record is not None and one.record.key == key), None)
        if record is not None:
            self.show_record(record)

    def histogram(self) -> None:
        self.panes.show(HistogramView(self.session, self.finding, self.log, self._go_to_time))

    def facets(self) -> None:
        self.panes.show(FacetsView(self.session, self.finding, self._add_to_query))

    def help(self) -> None:
        if isinstance(self.panes.content, HelpView):
            self.panes.close()
        else:
            self.panes.show(HelpView(self.session.settings.keys), over=self.panes.open)

    def sideways(self, direction: int) -> None:
        if isinstance(self.panes.content, RequestView):
            self.panes.content.fold(self.panes.pane.ref, open=direction > 0)
            self.panes.fill()

    def pane_moved(self, ref: object) -> None:
        """The current line of the pane has changed: what it is linked with goes along."""
        content = self.panes.content
        if content is not None:
            content.chosen(ref)
            content.moved(ref)
            self.panes.retitle()
            self.panes.pane.echo(content.echoes(ref))

    def hints(self) -> Sequence[tuple[str, str]]:
        """The three keys that matter now."""
        content = self.panes.content
        if isinstance(self.log.app.focused, QueryInput):
            return (("Enter", "to the lines"), ("Esc", "back"))
        if content is not None and self.panes.behind:
            return (("Tab", f"back to the {content.name}"), ("?", "help"))
        if isinstance(content, HelpView):
            return (("Esc", "close"),)
        if content is not None and self.panes.pane.chosen:
            enter = {"request": "show in log", "errors": "open request", "facets": "filter", "detail": "filter by it"}
            enter["explain"] = "show in log"
            enter["compare"] = "open it"
            enter["histogram"] = "show in log"
            return (("Enter", enter.get(content.name, "choose")), ("Esc", "close"), ("?", "help"))
        if content is not None:
            return (("Tab", "pane"), ("Esc", "close"), ("?", "help"))
        record = self.log.record
        if record is not None and any(one.kind != "span" for one in record.ids):
            return (("t", "request"), ("/", "filter"), ("?", "help"))
        if record is not None and self.log.follow:
            return (("e", "next error"), ("/", "filter"), ("?", "help"))
        return (("Enter", "detail"), ("/", "filter"), ("?", "help"))

    # -- links -----------------------------------------------------------------------------------------------------

    def show_record(self, record: Record) -> None:
        """Show a record in its place in the log."""
        key = self._key_of(record)
        if key is None:
            return
        self.log.follow = False
        if not self.log.select(key):
            if not self.finding.shown().holds(record):
                self.log.app.notify("the filter hides this line; Esc in the log clears it", timeout=4)
            self.log.viewing.around(key)
        if self.panes.show_log():
            self.log.call_after_refresh(self.log.center)

    def _link(self, record: Record) -> None:
        """The current line of the pane is this record: the log goes along, unless its filter hides the record."""
        key = self._key_of(record)
        if key is not None and not self.log.select(key) and self.finding.shown().holds(record):
            self.log.follow = False
            self.log.viewing.around(key)

    def cut_link(self) -> None:
        """Cut the id by which the chosen record is part of the request that is open."""
        if isinstance(content := self.panes.content, RequestView):
            self._tell(content.cut(self.panes.pane.ref))

    def restore_link(self) -> None:
        """Put the id back that was cut last."""
        if isinstance(content := self.panes.content, RequestView):
            self._tell(content.restore())

    def _tell(self, text: str) -> None:
        self.log.app.notify(text, timeout=4, markup=False)

    def log_moved(self) -> None:
        """The log's current line has changed: a request that is open goes along."""
        content = self.panes.content
        if isinstance(content, RequestView) and not self.panes.pane.chosen and (record := self.log.record) is not None:
            self.panes.pane.select(record.key)
            content.chosen(self.panes.pane.ref)
            self.panes.retitle()
            self.panes.pane.echo(content.echoes(record.key))

    def _key_of(self, record: Record) -> Key | None:
        for track in self.session.tracks_now():
            if track.name == record.source:
                start, _ = track.blocks.bounds(record.offset)
                for entry in track.page_at(start).entries:
                    if entry.offset == record.offset:
                        return entry.key
        return None

    def _add_to_query(self, term: str) -> None:
        text = self.finding.text.strip()
        self._set_query(f"{text} {term}" if text else term)

    def _go_to_time(self, time_ns: int) -> None:
        self.log.follow = False
        self.log.viewing.around((time_ns, -1, 0))

    # -- marks -----------------------------------------------------------------------------------------------------

    def mark(self) -> None:
        key = self.log.key
        if key is not None:
            self.log.marks.symmetric_difference_update({key})
            self.log.refresh()
            self.log.move(1)

    def next_mark(self) -> None:
        """The next mark behind the current line, from the first again after the last."""
        key = self.log.key
        if not self.log.marks:
            self.log.app.notify("no line is marked; m marks one", timeout=3)
            return
        later = [one for one in self.log.marks if key is None or one > key]
        target = min(later or self.log.marks)
        if not self.log.select(target):
            self.log.follow = False
            self.log.viewing.around(target)
