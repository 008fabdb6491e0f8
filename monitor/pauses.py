"""Short pauses while a session runs: nobody waits long for Python's lock, nor for its search for reference cycles.

The radio, the engine and the screen are threads of one process. A full search for cycles stops them all, with forty
athletes for 0.1 to 0.3 s (`python tests/benchmarks/frames.py --engine 40`), and finds next to nothing: what a session
lets go of is freed with its last reference. So what stands when a session begins is left out of the search, the young
are searched in small portions, and all the rest only after very many of those.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_S = 0.0005  # after so long a thread that computes lets another one go on that wants to; Python's own is 5 ms
SEARCHES = (1000, 5, 1000)  # objects more than at the last search; searches of the young to one of the older, and so on


@contextmanager
def short_pauses() -> Iterator[None]:
    """For as long as a session runs."""
    switch_s, searches = sys.getswitchinterval(), gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHES)
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(switch_s)
        gc.set_threshold(*searches)
        gc.unfreeze()
