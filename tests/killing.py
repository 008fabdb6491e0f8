"""A process that the system kills while it writes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest


def killed_on_a_small_disk(write: Callable[[], object]) -> bool:
    """Whether it was killed in a process of its own, in which no file can grow beyond 30 kB."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
            write()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGXFSZ
