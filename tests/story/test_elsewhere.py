"""The same request in other tools: addresses with its ids and its time, and nothing that would show a secret."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.story.telling import records_from
from tests.story.test_page import LINES
from tui.record import Id
from tui.settings import SettingsError, load
from tui.story.bundle import html, markdown
from tui.story.elsewhere import TEMPLATES, TemplateError, check, elsewhere
from tui.story.timeline import Story, build

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
START_S = 1_795_442_529
BASE = "https://tool.example.com"


def story(*ids: Id) -> Story:
    return build(records_from(LINES), ids=ids or (Id("trace", TRACE), Id("request", "r 1/2")))


def url(tool: str, address: str = BASE) -> str:
    (found,) = elsewhere(story(), {tool: address})
    return found.url


@pytest.mark.parametrize("tool", TEMPLATES)
def test_known_tools_need_their_base_only(tool: str) -> None:
    found = url(tool, f"{BASE}/")
    assert found.startswith(f"{BASE}/") and TRACE in found
    assert "{" not in found, "everything is filled in"
    assert found.isascii() and " " not in found


def test_grafana_is_asked_for_the_trace_at_its_time() -> None:
    (panes,) = parse_qs(urlsplit(url("grafana")).query)["panes"]
    pane = json.loads(panes)["a"]
    assert pane["queries"][0]["query"] == TRACE
    assert pane["range"] == {"from": str((START_S - 60) * 1000), "to": str(START_S * 1000 + 1_210 + 60_000)}


def test_a_template_of_ones_own_takes_ids_and_times_and_nothing_breaks_out_of_it() -> None:
    found = elsewhere(
        story(Id("request", "r 1/2&x=\u20ac")),
        {"ours": BASE + "/s?q={id}&from={start_ms}&to={end_s}&at={start}&of={service}"},
    )
    query = parse_qs(urlsplit(found[0].url).query)
    assert query["q"] == ["r 1/2&x=\u20ac"]
    assert query["from"] == [str((START_S - 60) * 1000)]
    assert query["at"] == ["2026-11-23T14:01:09.000000000Z"]
    assert query["of"] == ["gateway"]
    assert unquote(found[0].url).count("&x=") == 1


def test_a_tool_that_asks_for_a_trace_is_left_out_where_there_is_none() -> None:
    assert [one.tool for one in elsewhere(story(Id("request", "r")), {"jaeger": BASE, "splunk": BASE})] == ["splunk"]


@pytest.mark.parametrize(
    ("tool", "address", "why"),
    [
        ("ours", BASE, "say where the id goes"),
        ("ours", BASE + "/{nonsense}", "{nonsense} is not known"),
        ("jaeger", "javascript:alert(1)", "begins with http"),
        ("jaeger", "tool.example.com", "begins with http"),
        ("jaeger", "http://[", "is no address"),
        ("jaeger", "https://me:secret@tool.example.com", "no user and no password"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(tool: str, address: str, why: str) -> None:
    with pytest.raises(TemplateError, match=why.replace("{", r"\{").replace("}", r"\}")) as caught:
        check(tool, address)
    assert "secret" not in str(caught.value)


def test_what_is_saved_holds_the_links() -> None:
    links = elsewhere(story(), {"jaeger": BASE})
    assert f"[jaeger]({BASE}/trace/{TRACE})" in markdown(story(), links=links)
    assert f'href="{BASE}/trace/{TRACE}"' in html(story(), links=links)


def test_a_settings_file_with_no_address_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[tools]\njaeger = "nowhere"\n')
    with pytest.raises(SettingsError, match="tools: jaeger: an address begins with http"):
        load({}, {"TRACETAIL_CONFIG": str(path)})
