"""Looks through all sources for a normal request: one of the same kind that went well and was as long as most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.pipeline.track import Track
from tui.session.survey import Survey
from tui.story.compare import normal_one
from tui.story.timeline import Story


class NormalSearch:
    """Finds what a story can be compared with; drives no thread itself."""

    def __init__(self, tracks: Sequence[Track], story: Story) -> None:
        self.found: str | None = None
        """The id of the normal request; None while it is looked for, and when there is none."""
        self._tracks = tracks
        self._story = story

    def run(self) -> Iterator[float]:
        """Look; yields the share that is done."""
        survey = Survey(self._tracks, None, None)
        yield from survey.run()
        account = survey.account
        # of very much only some requests are looked at, and the one that is asked for may not be among them
        for record in (*self._story.span_records, *self._story.records):
            account.add(record)
        self.found = normal_one([one.value for one in self._story.ids], account.lines, account.spans)
