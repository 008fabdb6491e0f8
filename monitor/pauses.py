"""Short pauses while a session runs: nobody waits long for Python's lock, nor for its search for reference cycles.

The radio, the engine and the screen are threads of one process. A full search for cycles stops them all, with forty
athletes for 0.1 to 0.3 s (`python tests/benchmarks/frames.py --engine 40`), whenever it happens to begin, and finds
next to nothing: 49 objects in twenty minutes under both windows. What a session lets go of is freed with its last
reference. So Python does not search by itself; the main thread does now and then, and it alone may free a window.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SWITCH_S = 0.0005  # after so long a thread that computes lets another one go on that wants to; Python's own is 5 ms
SEARCH_EVERY_S = 600.0


@contextmanager
def short_pauses(search_every_s: float = SEARCH_EVERY_S) -> Iterator[Callable[[], None]]:
    """For as long as a session runs. Gives what the main thread calls again and again: it searches when it is time."""
    switch_s, searched, next_s = sys.getswitchinterval(), gc.isenabled(), time.monotonic() + search_every_s

    def search_if_due() -> None:
        nonlocal next_s
        if time.monotonic() >= next_s:
            gc.collect()
            next_s = time.monotonic() + search_every_s

    gc.collect()
    gc.freeze()  # what stands now is left out of the search
    gc.disable()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield search_if_due
    finally:
        sys.setswitchinterval(switch_s)
        if searched:
            gc.enable()
        gc.unfreeze()
