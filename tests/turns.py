"""Tests that keep real time run alone: where several processes share the work, the others wait meanwhile."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl


class Turns:
    """A gate that any number of tests pass together, or one alone; who asks first passes first.

    run : names the test run whose processes share the gate.
    """

    def __init__(self, run: str) -> None:
        self._folder = Path(tempfile.gettempdir()) / f"crampwatch-turns-{run}"
        self._folder.mkdir(exist_ok=True)

    @contextlib.contextmanager
    def turn(self, alone: bool) -> Generator[None]:
        """Inside the `with` nobody else is in the room, or nobody who is alone."""
        assert fcntl is not None
        with (self._folder / "room").open("w") as room:  # closing it gives the lock back
            with (self._folder / "queue").open("w") as queue:
                fcntl.flock(queue, fcntl.LOCK_EX)
                fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield


def turns_of(config: pytest.Config) -> Turns | None:
    """The gate of this test run; None where one process does all."""
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    return Turns(worker["testrunuid"]) if worker is not None and fcntl is not None else None
