"""`tracetail redact`: a filter that hands every line on without its secrets, or says where they are.

Owns reading files and pipes in whole lines as promptly as they arrive, the two reports, and the exit codes: 0 done, 1
findings under --check, 2 unusable input, 130 interrupted. What a secret is, is for the redaction stage.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from io import BufferedIOBase
from typing import Final, cast

import click

from tui.redaction.gate import LINEAR
from tui.redaction.redactor import Redactor, Stream
from tui.session.masking import redactor_of
from tui.settings import SettingsError, load

CHUNK_BYTES: Final = 1 << 18
MAX_LINE_BYTES: Final = 64 << 20
"""A line without an end in this many bytes is handed on in parts, so that memory stays bounded."""
STANDARD_INPUT: Final = "-"


class _Unreadable(Exception):
    """One input that cannot be read; the others still can."""


@click.command(name="redact", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, metavar="[FILE ...]")
@click.option("--explain", is_flag=True, help="Print where secrets are: file, line, kind, rule, offset, length.")
@click.option("--check", is_flag=True, help="As --explain, and exit with 1 when there are any: a gate for CI.")
@click.option(
    "--redact-key",
    type=click.Choice(["installation", "session"]),
    help="Equal secrets get equal marks in all runs of this installation, or only within this run.",
)
@click.option("--counts", is_flag=True, help="Say at the end, on standard error, how often each rule fired.")
def command(files: tuple[str, ...], explain: bool, check: bool, redact_key: str | None, counts: bool) -> None:
    """Copy FILES, or standard input, to standard output line for line, with secrets and personal data masked."""
    try:
        redactor = redactor_of(load({"redact": "on", "redact_key": redact_key}))
    except SettingsError as error:
        click.echo(f"tracetail: {' '.join(str(error).split())}", err=True)
        sys.exit(2)
    totals: Counter[str] = Counter()
    if not LINEAR:
        click.echo("tracetail: google-re2 is missing; secrets are found with Python's own patterns, slowly", err=True)
    try:
        failed = [name for name in files or (STANDARD_INPUT,) if not _done(name, redactor, totals, explain or check)]
    except KeyboardInterrupt:
        _abandon_output()
        sys.exit(130)
    except BrokenPipeError:
        _abandon_output()
        sys.exit(141)
    except OSError as error:
        click.echo(f"tracetail: cannot write: {_reason(error)}", err=True)
        _abandon_output()
        sys.exit(2)
    if counts:
        click.echo(summary(totals), err=True)
    sys.exit(2 if failed else 1 if check and totals else 0)


def summary(counts: Mapping[str, int]) -> str:
    """How often each rule fired, on one line."""
    parts = [f"{rule} {count}" for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return "redacted: " + (", ".join(parts) or "nothing")


def _done(name: str, redactor: Redactor, totals: Counter[str], report: bool) -> bool:
    """Work through one input; false when it cannot be read, which has then been said."""
    stream = Stream()
    shown = "(standard input)" if name == STANDARD_INPUT else redactor.text(name)
    number = 1
    try:
        for block in _blocks(name):
            if report:
                number = _reported(block, shown, number, redactor, stream, totals)
                continue
            redacted, counts = redactor.block(block, stream)
            totals.update(counts)
            _write(redacted)
    except _Unreadable as error:
        click.echo(f"tracetail: cannot read {shown}: {redactor.text(str(error))}", err=True)
        return False
    return True


def _reported(block: bytes, shown: str, first: int, redactor: Redactor, stream: Stream, totals: Counter[str]) -> int:
    """Write one row per finding, never with its value; returns the number of the line behind the block."""
    rows: list[str] = []
    number = first
    for line in block.removesuffix(b"\n").split(b"\n"):
        for finding in redactor.findings(line, stream):
            totals[finding.rule] += 1
            where, length = f"{shown}:{number}", finding.end - finding.start
            rows.append(f"{where}: {finding.kind} rule={finding.rule} offset={finding.start} length={length}\n")
        number += 1
    if rows:
        _write("".join(rows).encode("utf-8", "surrogateescape"))
    return number


def _blocks(name: str) -> Iterator[bytes]:
    """Whole lines of an input as soon as they are there; only the last block may lack its line feed."""
    pending: list[bytes] = []
    held = 0
    with _opened(name) as source:
        while chunk := _read(source):
            end = chunk.rfind(b"\n") + 1
            held += len(chunk)
            if not end and held < MAX_LINE_BYTES:
                pending.append(chunk)
                continue
            end = end or len(chunk)
            yield b"".join((*pending, chunk[:end]))
            pending = [chunk[end:]] if end < len(chunk) else []
            held = len(chunk) - end
    if pending:
        yield b"".join(pending)


def _opened(name: str) -> AbstractContextManager[BufferedIOBase]:
    try:
        if name != STANDARD_INPUT:
            return open(name, "rb")
        if sys.stdin is None:
            raise _Unreadable("standard input is closed")
        return nullcontext(cast(BufferedIOBase, sys.stdin.buffer))
    except OSError as error:
        raise _Unreadable(_reason(error)) from error


def _read(source: BufferedIOBase) -> bytes:
    """What is there, at most one chunk; waits only while there is nothing."""
    try:
        return source.read1(CHUNK_BYTES)
    except OSError as error:
        raise _Unreadable(_reason(error)) from error


def _write(data: bytes) -> None:
    output = sys.stdout.buffer
    output.write(data)
    output.flush()


def _abandon_output() -> None:
    """Nobody reads any more: keep the interpreter from complaining when it flushes at its end."""
    try:
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, sys.stdout.fileno())
        os.close(descriptor)
    except (OSError, ValueError):
        pass


def _reason(error: OSError) -> str:
    text = (error.strerror or str(error)).strip()
    return "no such file" if isinstance(error, FileNotFoundError) else text[:1].lower() + text[1:]
