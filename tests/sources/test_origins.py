"""Who may send to a listener of this machine."""

from __future__ import annotations

import pytest

from tui.sources.origins import Origins


@pytest.mark.parametrize(
    ("host", "origin", "allowed", "taken"),
    [
        ("127.0.0.1:4318", "", "", True),
        ("localhost:4318", "", "", True),
        ("[::1]:4318", "", "", True),
        ("host.docker.internal:4318", "", "", True),
        ("collector:4318", "", "", True),
        ("192.168.1.7:4318", "", "", True),
        ("", "", "", True),
        ("evil.example:4318", "", "", False),
        ("evil.example:4318", "", "evil.example", True),
        ("127.0.0.1.evil.example", "", "", False),
        ("8.8.8.8", "", "", False),
        ("127.0.0.1:4318", "http://localhost:3000", "", True),
        ("127.0.0.1:4318", "http://app.localhost", "", True),
        ("127.0.0.1:4318", "http://10.1.2.3:8080", "", True),
        ("127.0.0.1:4318", "https://evil.example", "", False),
        ("127.0.0.1:4318", "https://localhost.evil.example", "", False),
        ("127.0.0.1:4318", "null", "", False),
        ("127.0.0.1:4318", "https://app.example", "https://app.example", True),
        ("127.0.0.1:4318", "https://app.example", "http://other.example, https://app.example/", True),
        ("127.0.0.1:4318", "https://user@localhost@evil.example", "", False),
        ("evil.example", "https://evil.example", "*", True),
        ("evil.example", "https://evil.example", "", False),
    ],
)
def test_programs_and_pages_of_this_machine_are_taken(host: str, origin: str, allowed: str, taken: bool) -> None:
    assert (Origins(allowed).refused(host, origin) == "") is taken


def test_who_listens_for_other_machines_goes_by_any_name() -> None:
    origins = Origins(loopback=False)
    assert origins.refused("telemetry.corp.example:4318", "") == ""
    assert origins.refused("telemetry.corp.example:4318", "https://evil.example")
