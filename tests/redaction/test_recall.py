"""No secret survives: every kind in every container, from the tables in tests/cases."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tui.redaction.redactor import Redactor

CASES = Path(__file__).parent.parent / "cases"
REDACTOR = Redactor(bytes(32))


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


WRAPPINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "kubectl prefix": lambda text: "[pod/shop-7d9f8b6c5-x2x4z/api] " + text,
    "container runtime": lambda text: "2024-05-01T12:00:00.001007009Z stdout F " + text,
    "JSON message": lambda text: dumped({"ts": "2024-05-01T12:00:00Z", "message": text}),
    "JSON in JSON": lambda text: dumped({"log": dumped({"m": text, "x": "y"}) + "\n"}),
    "JSON three deep": lambda text: dumped({"a": dumped({"b": dumped({"m": text})})}),
    "between lines": lambda text: dumped({"message": "first line\n" + text + "\nlast line", "level": "info"}),
    "logfmt": lambda text: "level=info msg=" + dumped(text) + " n=1",
    "Python repr": lambda text: f"INFO {{'msg': {text!r}, 'n': 1}}",
    "colours": lambda text: f"\x1b[32mINFO\x1b[0m {text}\x1b[0m",
}


def planted() -> Iterator[tuple[str, str]]:
    category = ""
    for row in (CASES / "redaction_secrets.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("== "):
            category = row[3:]
        elif row and not row.startswith("# "):
            yield category, row.replace("~~", "").replace("\\e", "\x1b")


PLANTED = list(planted())


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_no_part_marked_as_secret_survives(wrapping: str) -> None:
    leaked = []
    for category, row in PLANTED:
        text = WRAPPINGS[wrapping](row)
        secrets = [secret.encode() for secret in re.findall("«(.*?)»", text)]
        line = re.sub("[«»]", "", text).encode()
        redacted, _ = REDACTOR.line(line)
        if redacted == line or any(secret in redacted for secret in secrets) or b"unredactable" in redacted:
            leaked.append((category, line, redacted))
    assert leaked == []


def keyed(step: int) -> Iterator[tuple[str, str, str]]:
    cases = tomllib.loads((CASES / "redaction_keyed.toml").read_text(encoding="utf-8"))
    for first, key in enumerate(cases["keys"]):
        for second, value in enumerate(cases["values"]):
            for third, shape in enumerate(cases["shapes"]):
                if (first + second + third) % step == 0:
                    yield key, value, shape


def test_values_of_sensitive_keys_are_masked_in_every_shape_and_wrapping() -> None:
    wrappings = list(WRAPPINGS.values())
    leaked = []
    for number, (key, value, shape) in enumerate(keyed(5)):
        line = wrappings[number % len(wrappings)](shape.replace("{k}", key).replace("{v}", value)).encode()
        redacted, counts = REDACTOR.line(line)
        longest = max(re.split(r"[^A-Za-z0-9]", value), key=len).encode()
        if not counts or value.encode() in redacted or longest in redacted.replace(key.encode(), b""):
            leaked.append((key, line, redacted))
    assert leaked == []


def test_json_stays_json_and_a_second_pass_changes_nothing() -> None:
    wrong = []
    for name in ("JSON message", "JSON in JSON", "JSON three deep", "between lines"):
        for _, row in PLANTED:
            line = re.sub("[«»]", "", WRAPPINGS[name](row.replace("«", "").replace("»", ""))).encode()
            redacted, _ = REDACTOR.line(line)
            again, counts = REDACTOR.line(redacted)
            if again is not redacted or counts:
                wrong.append((line, redacted, again))
            json.loads(redacted)
    assert wrong == []
