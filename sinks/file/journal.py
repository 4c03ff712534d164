"""A file of lines that several processes may append to: locked for each batch, mended where one has died."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

MODE: Final = 0o640

_BLOCK: Final = 64 * 1024
_STAMP: Final = "%Y%m%dT%H%M%SZ"


class Journal:
    """Appends whole lines, or none; every call blocks, one at a time.

    The file is found again by its name each time: whoever has moved it away finds a new one begun.

    Args:
        path: the file; its folder must be there.
        sync: have the disk hold a batch before ``append`` returns.
        rotate_size: bytes from which the file is put aside first; None: never.
        rotate_every: seconds of a period, counted from 1970 on: a file that was last written in an earlier one is put
            aside; None: never.
        keep: how many that were put aside are left, the oldest go; None: all.
    """

    def __init__(
        self,
        path: Path,
        *,
        sync: bool,
        rotate_size: int | None,
        rotate_every: float | None,
        keep: int | None,
    ) -> None:
        self._path = path
        self._sync = sync
        self._rotate_size = rotate_size
        self._rotate_every = rotate_every
        self._keep = keep
        self._file: int | None = None

    def append(self, lines: Sequence[bytes]) -> None:
        """Write ``lines``, each without its newline.

        Raises:
            OSError: nothing was written, or what was is not known to last; the file ends in a whole line as before.
        """
        file = self._locked()
        try:
            _mend(file)
            if self._is_due(file):
                self._put_aside(file)
                self.close()
                file = self._locked()
                _mend(file)  # another process may have begun it, and died
            self._write(file, b"".join(line + b"\n" for line in lines))
        except OSError:
            self.close()
            raise
        fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file, and of its lock."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _locked(self) -> int:
        """The file of that name, with its lock held."""
        while True:
            file = self._file
            if file is None:
                file = self._file = self._open()
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file), self._path.stat()):
                    return file
            self.close()

    def _open(self) -> int:
        file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, MODE)
        if self._sync:
            self._sync_folder()
        return file

    def _write(self, file: int, data: bytes) -> None:
        begin = os.fstat(file).st_size
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(file, left) :]
            if self._sync:
                os.fdatasync(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, begin)
            raise

    def _is_due(self, file: int) -> bool:
        state = os.fstat(file)
        if not state.st_size:
            return False
        if self._rotate_size is not None and state.st_size >= self._rotate_size:
            return True
        return (
            self._rotate_every is not None and time.time() // self._rotate_every > state.st_mtime // self._rotate_every
        )

    def _put_aside(self, file: int) -> None:
        """Rename the file after the second of its last line, and let the oldest of its kind go."""
        stamp = datetime.fromtimestamp(os.fstat(file).st_mtime, UTC).strftime(_STAMP)
        name = self._path.with_name(f"{self._path.name}.{stamp}")
        before = [path.name for path in self.aside() if path.name.startswith(name.name)]
        if before:  # behind the last of that second, whether the first is still there or not
            number = int(before[-1].removeprefix(name.name).lstrip("-") or 0) + 1
            name = name.with_name(f"{name.name}-{number:06}")
        self._path.rename(name)
        self._sync_folder()
        if self._keep is not None:
            for old in self.aside()[: -self._keep or None]:
                old.unlink(missing_ok=True)

    def aside(self) -> list[Path]:
        """The files that were put aside, oldest first."""
        stamped = re.compile(rf"{re.escape(self._path.name)}\.\d{{8}}T\d{{6}}Z(-\d{{6}})?")
        return sorted(path for path in self._path.parent.iterdir() if stamped.fullmatch(path.name))

    def _sync_folder(self) -> None:
        """Have the disk hold the names in the folder."""
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _mend(file: int) -> None:
    """End the last line, which a process that died may have left torn: a whole one stays, a part of one goes.

    What goes was never accepted: its event comes again.
    """
    size = at = os.fstat(file).st_size
    tail = b""
    while at and b"\n" not in tail:
        begin = max(0, at - _BLOCK)
        tail = os.pread(file, at - begin, begin) + tail
        at = begin
        if tail.endswith(b"\n"):
            return
    torn = tail[tail.rfind(b"\n") + 1 :]
    if torn and _is_json(torn):
        os.write(file, b"\n")
    elif torn:
        log.warning("the last line of a file was torn: %d bytes of it are removed", len(torn))
        os.ftruncate(file, size - len(torn))


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True
