"""The form of a recording: gzip members one behind the other, each a page as it came over the wire, or a header.

A member that begins with ``{`` is a header. So ``zcat`` shows a recording, ``cat`` joins several, a gzipped page is one
by itself, and what a killed recorder leaves can be played up to its last whole page.
"""

from __future__ import annotations

import gzip
import logging
import os
import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from ingest.vcenter.decoding.soap import MAX_BODY
from ingest.vcenter.recording.header import Header
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

BLOCK: Final = 1 << 20
"""Bytes read, and bytes unpacked, at once."""

# zlib's flag for "gzip header expected".
_GZIP: Final = zlib.MAX_WBITS | 16

log = logging.getLogger(__name__)


class Writer:
    """A new recording. Every page is handed to the system when ``page`` returns, so a kill costs none.

    Args:
        path: of the file, which only its owner may read: the texts of events name people. Left empty, it is removed.

    Raises:
        Refused: it exists, or cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except FileExistsError as error:
            raise Refused(f"{path} exists", cure="name another file; `cat` joins recordings") from error
        except OSError as error:
            raise Refused(f"cannot write {path}: {error.strerror}", cure="name another file") from error

    def header(self, header: Header) -> None:
        """What follows was read from this vCenter."""
        self._append(header.dumps())

    def page(self, body: bytes) -> None:
        """The next answer.

        Raises:
            Refused: the file takes no more, as on a full disk; it ends with the page before.
        """
        self._append(body)

    def close(self) -> None:
        """The end of the file."""
        is_empty = os.fstat(self._file).st_size == 0
        os.close(self._file)
        if is_empty:
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, body: bytes) -> None:
        member = memoryview(gzip.compress(body, mtime=int(time.time())))
        begin = os.fstat(self._file).st_size
        try:
            while member:
                member = member[os.write(self._file, member) :]
        except OSError as error:
            with suppress(OSError):  # what was written of the page would hide all that is put behind it
                os.ftruncate(self._file, begin)
            raise Refused(f"cannot write {self._path}: {error.strerror}", cure="make room") from error


def header(path: Path) -> Header:
    """What the recording says of itself in its first member.

    Args:
        path: a file, or a folder of ``*.gz`` that are played in the order of their names.

    Raises:
        Refused: there is no recording, it cannot be read, or a newer release wrote it.
    """
    first = next(_members(path), None)
    if first is None:
        raise Refused(f"no page in {path}", cure="name a recording: a file, or a folder of *.gz")
    return Header.loads(first) if _is_header(first) else Header()


def pages(path: Path) -> Iterator[bytes]:
    """Every page in order; of one larger than ``MAX_BODY`` only so much that the decoder refuses it.

    Raises:
        Refused: a file is damaged or cannot be read.
    """
    return (body for body in _members(path) if not _is_header(body))


def _is_header(body: bytes) -> bool:
    return body.startswith(b"{")


def _members(path: Path) -> Iterator[bytes]:
    for file in sorted(path.glob("*.gz")) if path.is_dir() else [path]:
        try:
            with file.open("rb") as opened:
                yield from _unpacked(opened, file)
        except (OSError, zlib.error) as error:
            raise Refused(f"{file} cannot be read: {error}", cure="name a recording: gzipped pages") from error


def _unpacked(file: BinaryIO, path: Path) -> Iterator[bytes]:
    packed = file.read(BLOCK)
    while packed:
        inflater = zlib.decompressobj(_GZIP)
        body = bytearray()
        while True:
            part = inflater.decompress(packed, BLOCK)
            if len(body) <= MAX_BODY:
                body += part
            if inflater.eof:
                break
            packed = inflater.unconsumed_tail or file.read(BLOCK)
            if not packed and not part:
                log.warning("%s ends inside a page, which is left out: it was not written to its end", path)
                return
        packed = inflater.unused_data or file.read(BLOCK)
        yield bytes(body)
