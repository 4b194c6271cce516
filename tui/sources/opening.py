"""Opening a path for reading: what is in it, whether it can be read, and the clear words when it cannot."""

from __future__ import annotations

import errno
import os
import stat

from tui.framing import MAX_LINE_BYTES
from tui.parsing.unfolding import MOST_BYTES
from tui.sources.document_reader import DocumentReader, is_document
from tui.sources.reader import MemoryReader, Reader
from tui.typed import Final

SAMPLE_BYTES: Final = 4096
MOST_PIPE_BYTES: Final = 1 << 30

_GZIP: Final = b"\x1f\x8b"
_UNREADABLE: Final = (
    (b"\x28\xb5\x2f\xfd", "zstd", "zstdcat"),
    (b"\xfd7zXZ\x00", "xz", "xzcat"),
    (b"BZh", "bzip2", "bzcat"),
    (b"\x04\x22\x4d\x18", "lz4", "lz4cat"),
)
"""First bytes, name of the compression, and the program that undoes it."""

_TEXT_CONTROLS: Final = b"\t\n\r\f\v\b\x1b\x01\x1c\x1d\x1e\x1f"
"""What text may hold: white space, colours, and the separators of messages such as FIX."""
_CONTROLS: Final = bytes(set(range(32)) - set(_TEXT_CONTROLS)) + b"\x7f"


class Unreadable(Exception):
    """A path that cannot be a source; the text says why and what to do, without naming the path."""


def open_reader(path: str) -> Reader:
    """Open `path` for reading, decompressing when its first bytes say so. Raises OSError and Unreadable.

    A file that is just being compressed may have no bytes yet: then its name says so.
    """
    # a pipe without a writer would otherwise make us wait
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        problem = kind_problem(os.fstat(fd).st_mode, path)
        if problem:
            raise Unreadable(problem)
        head = os.pread(fd, 8, 0) if stat.S_ISREG(os.fstat(fd).st_mode) else b""
        for magic, name, program in _UNREADABLE:
            if head.startswith(magic):
                raise Unreadable(
                    f"{name}-compressed, which is not read in this version; use {program} FILE | tracetail"
                )
        packed = head.startswith(_GZIP) or (path.endswith(".gz") and _GZIP.startswith(head))
        return _unfolded(_unpacking(fd, path) if packed else Reader(fd, path))
    except BaseException:
        os.close(fd)
        raise


def _unpacking(fd: int, path: str) -> Reader:
    from tui.sources.gzip_reader import GzipReader  # brings what unpacks along

    return GzipReader(fd, path)


def _unfolded(reader: Reader) -> Reader:
    """The reader, or one of the lines of the document that it reads. Raises Unreadable."""
    if not is_document(reader):
        return reader
    if reader.plain and reader.size() > MOST_BYTES:
        if reader.pread(0, MAX_LINE_BYTES).find(b"\n") < 0:
            # lines that are longer than lines may be: of each what is whole in its beginning
            return reader
        raise Unreadable(
            f"one document of {reader.size() >> 20} MiB, of which at most {MOST_BYTES >> 20} MiB are read; "
            "written as one document a line it may be of any size"
        )
    return DocumentReader(reader)


def read_pipe(path: str) -> Reader:
    """Read a pipe, such as a shell's <(command), to its end. Raises OSError and Unreadable."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    pieces: list[bytes] = []
    left = MOST_PIPE_BYTES
    try:
        while left > 0 and (piece := os.read(fd, min(left, 1 << 20))):
            pieces.append(piece)
            left -= len(piece)
    finally:
        os.close(fd)
    note = "" if left > 0 else f"cut at {MOST_PIPE_BYTES >> 30} GiB: a pipe is kept in memory"
    return _unfolded(MemoryReader(b"".join(pieces), path, note))


def kind_problem(mode: int, path: str) -> str:
    """Why something that is no regular file cannot be followed; empty when it can."""
    if stat.S_ISREG(mode) or path == os.devnull:
        return ""
    if stat.S_ISDIR(mode):
        return "is a folder now"
    if stat.S_ISFIFO(mode):
        return "is a pipe: give it as standard input"
    if stat.S_ISSOCK(mode):
        return "is a socket, not a file of log lines"
    return "is a device, not a file of log lines"


def plain_words(error: OSError) -> str:
    """What an error of the operating system means for a file, without its path."""
    if error.errno == errno.ENOENT:
        return "no such file"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "permission denied: it must be readable for you"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too many open files: raise the limit with ulimit -n"
    if error.errno == errno.ENXIO:
        return "is a socket or an unconnected device, not a file of log lines"
    if error.errno == errno.ELOOP:
        return "a symbolic link that leads to itself"
    return (error.strerror or "cannot be opened").lower()


def content_start(reader: Reader) -> int:
    """Offset of the first byte that is not NUL: a writer that does not append leaves NULs after a truncation."""
    offset = reader.seek_data(0)
    while block := reader.pread(offset, 1 << 20):
        rest = block.lstrip(b"\0")
        offset += len(block) - len(rest)
        if rest:
            break
        offset = reader.seek_data(offset)
    return offset


def content_note(sample: bytes) -> str:
    """What is odd about the first bytes of a file, in words for the user; empty for text."""
    sample = sample.lstrip(b"\0")
    if not sample:
        return ""
    odd = len(sample) - len(sample.translate(None, _CONTROLS))
    if b"\0" in sample or odd * 20 > len(sample):
        return "binary content: shown as text"
    return ""
