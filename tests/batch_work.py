"""Work that processes do in the tests of batches; in a module of its own, so that they can find it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from monitor.errors import RecordingError


def doubled(number: int) -> float:
    return 2.0 * number


def dies_once(item: tuple[int, Path]) -> int:
    """Number 3 kills its process the first time."""
    number, folder = item
    if number == 3 and not (folder / "died").exists():
        (folder / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def always_dies(number: int) -> int:
    """Number 1 kills its process each time."""
    if number == 1:
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def hears_ctrl_c(_: int) -> bool:
    """Whether Ctrl-C reaches this process."""
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def fails(number: int) -> int:
    """Number 1 fails as nobody foresaw."""
    if number == 1:
        raise KeyError("no such\nstream")
    return number


def refuses(number: int) -> int:
    """What is raised on purpose ends it all."""
    raise RecordingError("cannot keep answers")
