"""An explanation for the viewer: made in a thread of its own while the viewer goes on, given up when nobody wants it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from tui.pipeline.track import Track
from tui.session.survey import Survey
from tui.story.explain.account import Explanation, Window
from tui.story.explain.change import find_change
from tui.values import replace


class Explaining:
    """What changed, and who was it; from a time on, or from when most changed."""

    def __init__(self, tracks: Sequence[Track], since_ns: int | None, on_news: Callable[[], None]) -> None:
        self.share = 0.0
        """How much was looked at."""
        self.found: Explanation | None = None
        self.failed = ""
        self._tracks, self._since_ns, self._on_news = tracks, since_ns, on_news
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="explaining", daemon=True).start()

    @property
    def done(self) -> bool:
        return self.found is not None or bool(self.failed)

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        try:
            self.found = self._explain()
        except Exception as error:  # what goes wrong here is shown, and must not end anything else
            self.failed = f"explaining failed: {type(error).__name__}"
        self._on_news()

    def _explain(self) -> Explanation | None:
        survey = Survey(self._tracks, None, None)
        for share in survey.run():
            if self._stopped.is_set():
                return None
            self.share = share
            self._on_news()
        notes = tuple(survey.notes)
        account = survey.account
        if account.bounds is None:
            return Explanation((), Window(), Window(), (0, 0), (0, 0), (), notes=("nothing with a time was found",))
        if self._since_ns is None:
            quiet, troubled = account.find_windows(find_change)
        else:
            quiet, troubled = Window(None, self._since_ns), Window(self._since_ns, None)
        return replace(account.explain(quiet, troubled), notes=notes)
