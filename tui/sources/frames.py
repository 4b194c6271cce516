"""One websocket message into lines: whatever shape the server chose, each event ends up as one line.

Bytes pass as they are; only the white space between the parts of a JSON document that spans lines is changed.
"""

from __future__ import annotations

import json
from typing import Final

_DECODER: Final = json.JSONDecoder()
_SPACE: Final = b" \t\r\n"


def lines_of(message: bytes) -> bytes:
    """The message as whole lines, each with its line feed; empty for an empty message."""
    if not message:
        return b""
    first = message.lstrip(_SPACE)[:1]
    if first == b"[":
        objects = _objects(message)
        if objects:
            return objects
    elif first == b"{" and b"\n" in message.strip(_SPACE):
        flat = _flat_object(message)
        if flat:
            return flat
    return message if message.endswith(b"\n") else message + b"\n"


def _objects(message: bytes) -> bytes:
    """The objects of a JSON array, one a line; empty when the message is anything else."""
    text = _text(message)
    lines: list[str] = []
    at = _skip(text, text.index("[") + 1)
    while True:
        if at >= len(text) or text[at] != "{":
            return b""
        end = _end(text, at)
        if not end:
            return b""
        lines.append(_flat(text[at:end]))
        at = _skip(text, end)
        if at < len(text) and text[at] == ",":
            at = _skip(text, at + 1)
        elif at < len(text) and text[at] == "]" and _skip(text, at + 1) == len(text):
            return "".join(line + "\n" for line in lines).encode("utf-8", "surrogateescape")
        else:
            return b""


def _flat_object(message: bytes) -> bytes:
    """One JSON object written over several lines as one line; empty when the message is anything else."""
    text = _text(message)
    at = text.index("{")
    end = _end(text, at)
    if not end or _skip(text, end) != len(text):
        return b""
    return (_flat(text[at:end]) + "\n").encode("utf-8", "surrogateescape")


def _end(text: str, at: int) -> int:
    """Where the JSON value ends that starts at `at`; 0 when there is none."""
    try:
        return _DECODER.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        return 0


def _flat(text: str) -> str:
    # inside JSON strings line breaks are escaped, so these stand between tokens
    return text.replace("\r", " ").replace("\n", " ") if "\n" in text or "\r" in text else text


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _text(message: bytes) -> str:
    return message.decode("utf-8", "surrogateescape")
