"""A story as one HTML file that any browser draws without a network: no scripts, no fonts, nothing loaded.

Everything from outside is escaped; a policy in the page forbids the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from html import escape
from typing import Final

from tui.presentation.cells import calendar_day, clock, display_text, service_style, short_duration
from tui.record import Record
from tui.story.elsewhere import Elsewhere
from tui.story.errors import StoryError
from tui.story.inference import service_name
from tui.story.rows import Row
from tui.story.timeline import Story

_COLOURS: Final = ("#4c8dd6", "#3fa37c", "#b07cd0", "#c98a2b", "#4fa9b8", "#c0709a", "#8a9a3c", "#7d86d8")
_CSS: Final = """
:root{color-scheme:light dark;--fg:#1c1f24;--bg:#fff;--dim:#5d6570;--line:#d9dde3;--err:#c02626;--warn:#96600a}
@media(prefers-color-scheme:dark){
:root{--fg:#e4e7eb;--bg:#15181c;--dim:#98a1ac;--line:#2c323a;--err:#ff7b72;--warn:#e0b050}}
body{font:14px/1.45 system-ui,sans-serif;color:var(--fg);background:var(--bg);margin:2rem auto;max-width:76rem}
h1{font-size:1.3rem;margin:0 0 .2rem}h2{font-size:1rem;margin:1.6rem 0 .4rem}.dim,small{color:var(--dim)}
.failed{color:var(--err)}.slow{color:var(--warn)}code,pre,td.m,.t{font-family:ui-monospace,monospace;font-size:12.5px}
pre{overflow:auto;background:color-mix(in srgb,var(--fg) 5%,transparent);padding:.6rem;border-radius:4px;margin:.3rem 0}
.row{display:grid;grid-template-columns:19rem 1fr 6rem;gap:.6rem;align-items:center}
.row{border-top:1px solid var(--line);padding:2px 0}
.row .n{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.row .d{text-align:right}
.track{position:relative;height:14px}
.bar{position:absolute;top:2px;height:10px;min-width:2px;border-radius:2px;opacity:.55}
.bar.critical{opacity:1}.bar.inferred{background:none!important;border:2px solid;box-sizing:border-box}
.x{position:absolute;top:-2px;color:var(--err);font-weight:bold;transform:translateX(-50%)}
.gap{position:absolute;top:0;bottom:0;background:repeating-linear-gradient(45deg,var(--line) 0 3px,transparent 3px 7px)}
table{border-collapse:collapse;width:100%}td{vertical-align:top;padding:1px .6rem 1px 0;white-space:nowrap}
td.m{white-space:pre-wrap;overflow-wrap:anywhere;width:100%}.error,.fatal{color:var(--err)}.warn{color:var(--warn)}
"""


def html(story: Story, *, zone: tzinfo = UTC, links: Sequence[Elsewhere] = ()) -> str:
    """The page: header, waterfall, errors, records, and what may be missing."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{_text(story.title or 'Request')}</title><style>{_CSS}</style></head><body>",
        _header(story, zone, links),
        _waterfall(story),
        _errors(story, zone),
        _records(story, zone),
        "</body></html>\n",
    ]
    return "".join(parts)


def _text(text: str) -> str:
    """Text of a document: escaped, with control characters made visible, line feeds and tabs kept."""
    return escape("\n".join(display_text(line) for line in text.split("\n")))


def _header(story: Story, zone: tzinfo, links: Sequence[Elsewhere]) -> str:
    facts = (
        [f"{calendar_day(story.start_ns, zone)} {clock(story.start_ns, zone)}"] if story.start_ns is not None else []
    )
    facts += [short_duration(story.duration_ns)] if story.duration_ns is not None else []
    facts += [f"{len(story.services)} services", f"{len(story.records):,} records", f"{len(story.errors):,} errors"]
    facts.append("finished" if story.finished else "still running")
    ids = "".join(f"<div><small>{_text(one.kind)}</small> <code>{_text(one.value)}</code></div>" for one in story.ids)
    leads = " · ".join(f'<a rel="noreferrer noopener" href="{escape(one.url)}">{_text(one.tool)}</a>' for one in links)
    notes = "".join(f"<li>{_text(one)}</li>" for one in (*story.incomplete, *story.notes))
    return (
        f"<h1>{_text(story.title or 'Request')} "
        f'<span class="{escape(story.verdict.state)}">{_text(story.verdict.text)}</span></h1>'
        f'<p class="dim">{_text(" · ".join(facts))}</p>{ids}{f"<p>{leads}</p>" if leads else ""}{f"<ul>{notes}</ul>" if notes else ""}'
    )


def _waterfall(story: Story) -> str:
    if story.start_ns is None or story.end_ns is None or not story.rows:
        return ""
    length = max(1, story.end_ns - story.start_ns)
    gaps = "".join(
        f'<span class="gap" title="{_text(gap.reason)}" style="left:{_share(gap.start_ns - story.start_ns, length)};'
        f'width:{_share(gap.duration_ns, length)}"></span>'
        for gap in story.gaps
    )
    rows = "".join(_row(row, story.start_ns, length, gaps) for row in story.rows)
    return f"<h2>Timeline <small>hollow bars are inferred from log lines</small></h2>{rows}"


def _share(part_ns: int, length_ns: int) -> str:
    return f"{100 * part_ns / length_ns:.3f}%"


def _row(row: Row, start_ns: int, length: int, gaps: str) -> str:
    colour = _colour(row.service)
    bars = "".join(
        f'<span class="bar{" critical" if row.critical else ""}{"" if part.measured else " inferred"}" '
        f'style="left:{_share(part.start_ns - start_ns, length)};width:{_share(part.end_ns - part.start_ns, length)};'
        f'background:{colour};border-color:{colour}"></span>'
        for part in row.parts
    )
    marks = "".join(
        f'<span class="x" style="left:{_share(time_ns - start_ns, length)}">×</span>' for time_ns, _ in row.marks
    )
    count = f" ×{row.retries or row.repeats}" if row.retries or row.repeats else ""
    notes = " · ".join(part for part in (row.answer, *row.notes, "" if row.measured else "inferred") if part)
    indent = f"{min(row.depth, 30) * 0.8:.1f}rem"
    return (
        f'<div class="row" title="{_text(notes)}"><span class="n" style="padding-left:{indent}">'
        f'<b style="color:{colour}">{_text(row.service)}</b> {_text(row.name + count)}</span>'
        f'<span class="track">{gaps}{bars}{marks}</span>'
        f'<span class="d">{_text(short_duration(row.duration_ns))}</span></div>'
    )


def _colour(service: str) -> str:
    style = service_style(service)
    return _COLOURS[int(style[-1])] if style.startswith("service.") else "#888"


def _errors(story: Story, zone: tzinfo) -> str:
    if not story.errors:
        return ""
    return "<h2>Errors</h2>" + "".join(_error(error, zone) for error in story.errors)


def _error(error: StoryError, zone: tzinfo) -> str:
    head = f'<span class="t">{clock(error.time_ns, zone)}</span> <b>{_text(error.service or "")}</b> '
    what = f'<span class="error">{_text(error.what)}</span>'
    if not error.stack:
        return f"<p>{head}{what}</p>"
    return f"<details open><summary>{head}{what}</summary><pre>{_text(error.stack)}</pre></details>"


def _records(story: Story, zone: tzinfo) -> str:
    rows = "".join(_record(record, zone) for record in story.records)
    return f"<h2>Records</h2><table>{rows}</table>"


def _record(record: Record, zone: tzinfo) -> str:
    level = record.level or ""
    service = service_name(record)
    return (
        f'<tr><td class="t">{clock(record.time_ns, zone)}</td><td class="{level}">{level.upper()}</td>'
        f'<td style="color:{_colour(service)}">{_text(service)}</td><td class="m">{_text(record.message)}'
        f'<small title="{_text(record.raw[:4000])}"> {_text(record.source)}:{record.offset}</small></td></tr>'
    )
