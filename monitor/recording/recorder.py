"""The recorder: a sink that keeps all that a session receives. Its own thread writes; nobody waits for the disk."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.events import Decoded, Event, Notification
from monitor.recording.backlog import Backlog, Entry
from monitor.recording.session_file import SessionFile, problem
from monitor.recording.xdf import pack_text

APPEND_S = 0.25  # seconds between appends: a killed program loses no more
RETRY_S = 0.5
CLOSE_S = 5.0  # how long a failing disk is still tried when the session ends
SLOW_S = 3.0  # a disk that takes longer is reported
MEMORY_BYTES = 256_000_000
_APPEND_BYTES = 4_000_000
_APPEND_SESSION_S = 1.0  # a session that runs fast is cut finer, so that a file's streams never stray far apart


class Recorder:
    """Records a session into a new XDF file.

    header : what describes the session, a JSON object (`monitor.recording.header.session_header` makes it).
    memory_bytes : how much may wait in memory while the disk fails; what comes beyond it is lost, counted and said.
    Raises: RecordingError if the file exists already or cannot be written.
    """

    def __init__(self, path: Path, header: Mapping[str, Any], memory_bytes: int = MEMORY_BYTES) -> None:
        self._name = path.name
        self._file = SessionFile(path, header)
        self._backlog = Backlog(memory_bytes)
        self._ending = threading.Event()
        self._problem = ""
        self._has_samples = self._ended = False
        self._busy_since_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Keep an event, the chunks decoded from it and the state changes that it led to (dicts with "time_s").

        Never waits. The arrays must not be written afterwards. Raises: RecordingError after `close`.
        """
        if self._ending.is_set():
            raise RecordingError(f"the recording {self._name} is closed already")
        self._backlog.put(Entry(event, tuple(chunks), as_lines(changes, event.time_s)))
        if chunks or isinstance(event, Notification | Decoded):
            self._has_samples = True

    @property
    def status(self) -> str:
        """For the screen: the file and its size, and in plain words what is wrong."""
        size = f"{self._name} {self._file.n_bytes / 1e6:.1f} MB"
        n_lost = self._backlog.n_lost
        lost = f"{n_lost} events are lost" if n_lost else ""
        return ", ".join(part for part in (size, self._trouble(), lost) if part)

    @property
    def failure(self) -> str:
        """After `close`: what is wrong with the file, empty = all is written."""
        n_lost = self._backlog.n_lost
        parts = [self._problem, f"{n_lost} events are lost" if n_lost else ""]
        if self._thread.is_alive():
            parts.append("the disk does not answer")
        return ", ".join(part for part in parts if part)

    def close(self) -> None:
        """Write what waits and the end of the file. Comes back within seconds even if the disk fails; see `status`."""
        self._ending.set()
        self._thread.join(2 * CLOSE_S)

    def _trouble(self) -> str:
        busy_since_s = self._busy_since_s
        busy_s = time.monotonic() - busy_since_s if busy_since_s is not None else 0.0
        if self._ended and not self._ending.is_set():
            return "the recorder has stopped because of a fault in the program"
        if self._problem:
            return self._problem if self._ended else f"{self._problem}; {self._waiting_mb:.1f} MB wait in memory"
        if busy_s > SLOW_S:
            return f"the disk has not answered for {busy_s:.0f} s; {self._waiting_mb:.1f} MB wait in memory"
        return "" if self._has_samples else "no samples yet"

    @property
    def _waiting_mb(self) -> float:
        return self._backlog.n_bytes / 1e6

    # What follows runs in the recorder's own thread.

    def _run(self) -> None:
        try:
            while not self._ending.wait(RETRY_S if self._problem else APPEND_S):
                self._try(self._write_waiting)
            self._finish()
        finally:
            self._ended = True

    def _try(self, write: Callable[[], None]) -> bool:
        """Do something with the disk; remember what is wrong with it."""
        self._busy_since_s = time.monotonic()
        try:
            write()
        except OSError as error:
            self._problem = problem(error)
            return False
        finally:
            self._busy_since_s = None
        self._problem = ""
        return True

    def _write_waiting(self) -> None:
        """Write all that waits, in appends of bounded size."""
        self._file.write_rest()
        while items := self._backlog.take(_APPEND_BYTES, _APPEND_SESSION_S):
            self._file.write(items)
        self._file.write([])

    def _finish(self) -> None:
        give_up_s = time.monotonic() + CLOSE_S
        while not self._try(self._write_waiting):
            if time.monotonic() > give_up_s:
                self._backlog.give_up(self._file.n_at_risk)
                break
            time.sleep(RETRY_S)
        else:
            self._try(self._file.finish)
        self._file.close()


def as_lines(changes: Sequence[Mapping[str, Any]], time_s: float) -> tuple[bytes, ...]:
    """State changes as lines of the recording, packed with their stamps; one without its time gets time_s."""
    return tuple(pack_text(float(change.get("time_s", time_s)), _json(change)) for change in changes)


def _json(change: Mapping[str, Any]) -> bytes:
    return json.dumps(change, default=_plain).encode()


def _plain(number: object) -> object:
    """A numpy number as Python's own, for JSON."""
    if isinstance(number, np.generic):
        return cast(Any, number).item()
    raise TypeError(f"a state change holds {type(number).__name__}, which JSON does not know")
