"""Ctrl-C and a polite kill while a window is, or is about to be, open: noted, and obeyed where it is safe.

Qt swallows or breaks on a KeyboardInterrupt that Python raises inside one of its callbacks or while it is imported.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_asked = threading.Event()
_depth = 0


@contextmanager
def held_interrupts() -> Iterator[threading.Event]:
    """From here to the end the signals only set the event that this gives; may be nested. Main thread only."""
    global _depth
    if _depth == 0:
        _asked.clear()
    _depth += 1
    before = {sign: signal.signal(sign, lambda *_: _asked.set()) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield _asked
    finally:
        _depth -= 1
        for sign, handler in before.items():
            signal.signal(sign, handler)
