"""A file that only grows: never one that is there already, for its owner's eyes alone, and failed writing can go on."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from monitor.errors import RecordingError
from monitor.recording import repair

if sys.platform == "darwin":
    import fcntl


class AppendFile:
    """A new file. Raises: RecordingError if it exists already or cannot be made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n_bytes = 0
        self._left = memoryview(b"")
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError as error:
            raise RecordingError(
                f"{path} is there already and is never overwritten; record under another name"
            ) from error
        except OSError as error:
            raise RecordingError(f"cannot record to {path}: {error.strerror or error}") from error
        repair.claim(self._file)

    def write(self, content: bytes) -> None:
        """Append. Raises: OSError; the rest is kept then, and `write_rest` goes on where it stopped."""
        self._left = memoryview(content)
        self.write_rest()

    def write_rest(self) -> None:
        """Write what is left. Raises: OSError."""
        while self._left:
            n_written = os.write(self._file, self._left)
            self.n_bytes += n_written
            self._left = self._left[n_written:]

    def sync(self) -> None:
        """Wait until everything is on the disk itself. Raises: OSError, also if the file was deleted meanwhile."""
        if sys.platform == "darwin":
            fcntl.fcntl(self._file, fcntl.F_FULLFSYNC)
        else:
            os.fsync(self._file)
        if os.fstat(self._file).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def sync_name(self) -> None:
        """Make the file's name in its folder last, where the system knows how. Raises: OSError."""
        if sys.platform == "win32":
            return
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Let go of the file, whatever the disk says."""
        with suppress(OSError):
            os.close(self._file)

    def discard(self) -> None:
        """Let go of the file and remove it."""
        self.close()
        with suppress(OSError):
            self.path.unlink()
