"""A session's file while it grows: appends, blocks with fsync, and going on where a failing disk stopped."""

from __future__ import annotations

import errno
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.errors import RecordingError
from monitor.recording.append_file import AppendFile
from monitor.recording.backlog import Entry, Lost
from monitor.recording.encoder import SessionEncoder

BLOCK_S = 1.0  # seconds between boundaries with fsync: a power cut loses no more
_BLOCK_BYTES = 1_000_000  # a block that is as large ends at once
_PROBLEMS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk cannot be written any more",
    errno.EIO: "the drive does not answer",
    errno.ENODEV: "the drive was removed",
    errno.ENXIO: "the drive was removed",
    errno.ENOENT: "the file was deleted while it was recorded",
}


class SessionFile:
    """A new recording on the disk. Raises: RecordingError if the file exists already or cannot be written.

    n_at_risk : events that were given to `write` and have not all reached the file.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self._encoder = SessionEncoder(header)
        self._file = AppendFile(path)
        self._block_bytes, self._block_since_s = 0, time.monotonic()
        self._must_sync = False
        self.n_at_risk = 0
        try:
            self._append(0, boundary=True)
            self._file.sync_name()
        except OSError as error:
            self._file.discard()
            raise RecordingError(f"cannot record to {path}: {problem(error)}") from error

    @property
    def n_bytes(self) -> int:
        """The file's size."""
        return self._file.n_bytes

    def write(self, items: Sequence[Entry | Lost]) -> None:
        """Append a batch. Raises: OSError; nothing is forgotten then, `write_rest` goes on."""
        self._encoder.add_all(items)
        age_s = time.monotonic() - self._block_since_s
        ends = age_s >= BLOCK_S or self._block_bytes >= _BLOCK_BYTES
        if items or (ends and self._block_bytes):
            self._append(len(items), boundary=ends)

    def write_rest(self) -> None:
        """Write what a failing disk has left over. Raises: OSError."""
        self._file.write_rest()
        self.n_at_risk = 0
        if self._must_sync:
            self._file.sync()
            self._must_sync = False

    def finish(self) -> None:
        """Write the end of the file. Raises: OSError."""
        self._must_sync = True
        self._file.write(self._encoder.close())
        self.write_rest()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _append(self, n_items: int, boundary: bool) -> None:
        self.n_at_risk = n_items
        self._must_sync = self._must_sync or boundary
        append = self._encoder.take(boundary)
        self._block_bytes += len(append)
        if boundary:
            self._block_bytes, self._block_since_s = 0, time.monotonic()
        self._file.write(append)
        self.write_rest()


def problem(error: OSError) -> str:
    """What is wrong with the disk, in plain words."""
    return _PROBLEMS.get(error.errno or 0, f"the disk reports {error.strerror or error}")
