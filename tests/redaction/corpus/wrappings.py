"""What stands around a message: log formats, containers and the escaping that each of them does.

A marked secret is «between these»; wrappings escape the text and leave the two marks where they are.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

Wrapping = Callable[[str], str]


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _percent(text: str) -> str:
    return "".join(part if part in "«»" else quote(part, safe="") for part in re.split("([«»])", text))


def _nginx(text: str) -> str:
    return text.replace("\\", "\\x5C").replace('"', "\\x22").replace("\n", "\\x0A")


def _go(text: str) -> str:
    return "".join(f"\\u{ord(one):04x}" if one in "<>&" else one for one in dumped(text))


def _php(text: str) -> str:
    return dumped(text).replace("/", "\\/")


def _rows(text: str) -> str:
    """With real line ends as escaped ones, for formats of one line a record."""
    return text.replace("\r", "\\r").replace("\n", "\\n")


WRAPPINGS: Final[dict[str, Wrapping]] = {
    "plain": lambda text: text,
    "JSON": lambda text: f'{{"ts":"2024-05-01T12:00:00.123Z","level":"info","msg":{dumped(text)},"n":17}}',
    "JSON, spaced": lambda text: f'{{"level": "INFO", "message": {dumped(text)}, "line": 42}}',
    "JSON in JSON": lambda text: dumped({"log": dumped({"msg": text, "n": 1}) + "\n", "stream": "stdout"}),
    "JSON three deep": lambda text: dumped({"a": dumped({"b": dumped({"m": text})})}),
    "Go JSON": lambda text: f'{{"level":"info","msg":{_go(text)},"caller":"api/server.go:118"}}',
    "PHP JSON": lambda text: f'{{"message":{_php(text)},"channel":"app"}}',
    "docker": lambda text: f'{{"log":{dumped(text + chr(10))},"stream":"stderr","time":"2024-05-01T12:00:00.1Z"}}',
    "CRI": lambda text: "2024-05-01T12:00:00.001007009Z stdout F " + _rows(text),
    "kubectl": lambda text: "[pod/shop-7d9f8b6c5-x2x4z/api] " + _rows(text),
    "syslog": lambda text: "<34>1 2024-05-01T12:00:00Z web-1 shop 4321 ID47 - " + _rows(text),
    "old syslog": lambda text: "May  1 12:00:00 web-1 shop[4321]: " + _rows(text),
    "logfmt": lambda text: f"time=2024-05-01T12:00:00Z level=info msg={dumped(text)} n=1",
    "Python repr": lambda text: f"2024-05-01 12:00:00,123 INFO app - {{'msg': {text!r}, 'n': 1}}",
    "Java": lambda text: "2024-05-01 12:00:00.123  INFO 1 --- [nio-8080-exec-1] c.e.shop.Client : " + _rows(text),
    "klog": lambda text: "I0501 12:00:00.000000       1 controller.go:118] " + _rows(text),
    "colours": lambda text: f"\x1b[32mINFO\x1b[0m {_rows(text)}\x1b[0m",
    "journal": lambda text: dumped({"MESSAGE": text, "PRIORITY": "6", "_PID": "4321"}),
    "nginx body": lambda text: (
        f'203.0.113.7 - - [01/May/2024:12:00:00 +0000] "POST /x HTTP/1.1" 200 2 "{_nginx(text)}"'
    ),
    "HTML": lambda text: f"<td>{html.escape(_rows(text))}</td>",
    "XML attribute": lambda text: f'<event level="info" message="{html.escape(_rows(text))}"/>',
    "percent": lambda text: f"GET /log?m={_percent(text)}&n=1 HTTP/1.1",
    "CSV": lambda text: '2024-05-01,info,"{}",17'.format(_rows(text).replace('"', '""')),
    "Go %q": lambda text: f"response body {dumped(text)} status 200",
    "trace text": lambda text: f"Traceback: ValueError: bad input {_rows(text)} (line 3)",
    "YAML": lambda text: "  message: " + _rows(text),
    "OTLP": lambda text: f'{{"body":{{"stringValue":{dumped(text)}}},"severityText":"INFO"}}',
    "between lines": lambda text: dumped({"message": "first\n" + text + "\nlast"}),
}

ANYWHERE: Final = [
    "plain",
    "JSON",
    "JSON in JSON",
    "Go JSON",
    "PHP JSON",
    "docker",
    "CRI",
    "kubectl",
    "syslog",
    "logfmt",
    "Python repr",
    "Java",
    "colours",
    "journal",
    "OTLP",
]
"""Wrappings that leave the shape of a text as it is, but for escaping as it is done in JSON."""
