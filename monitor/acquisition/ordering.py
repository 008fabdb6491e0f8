"""Packets put in their order: doubled ones left out, late ones in their place while the engine has not passed it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Kind, Packets
from monitor.acquisition.counting import Order

WAIT_PACKETS = 4  # what comes after a gap waits for the late packet no longer than for so many packets,
WAIT_S = 0.1  # and so long
GAPS = 16  # that are remembered, to tell a late packet from a doubled one


class Ordering:
    """Of one sensor's counted packets. doubled, late: how many were left out.

    speed: session seconds per wall second.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._wait_s = WAIT_S * speed
        self._waiting: dict[Kind, Packets] = {}
        self._gaps: deque[tuple[int, int]] = deque(maxlen=GAPS)
        self.doubled = self.late = 0

    def push(self, groups: Sequence[Packets]) -> list[Packets]:
        """The groups of a batch, in order, with what has waited before them; what follows a fresh gap waits."""
        if not self._waiting and not any(_odd(group) for group in groups):
            return list(groups)
        waiting, self._waiting = self._waiting, {}
        last = {group.kind: i for i, group in enumerate(groups)}
        ordered: list[Packets] = []
        for i, group in enumerate(groups):
            before = waiting.pop(group.kind, None)
            if group.places.first_index is not None:
                ordered += self._counted(before, group, may_wait=last[group.kind] == i)
            else:
                ordered.append(group[group.places.order != Order.REPEATED])
        return [group for group in (*waiting.values(), *ordered) if len(group)]

    def flush(self) -> list[Packets]:
        """What has waited: nothing comes any more that could belong before it."""
        waiting, self._waiting = list(self._waiting.values()), {}
        return waiting

    def _counted(self, before: Packets | None, group: Packets, *, may_wait: bool) -> list[Packets]:
        restarts = np.flatnonzero(group.places.order == Order.RESTARTED).tolist()
        edges = [0, *(i for i in restarts if i), len(group)]
        parts = [group[begin:end] for begin, end in zip(edges[:-1], edges[1:], strict=True)]
        if before is not None:
            parts = [Packets.joined([before, parts[0]]), *parts[1:]] if 0 not in restarts else [before, *parts]
        ordered = [self._sorted(part) for part in parts]
        if may_wait:
            ordered[-1] = self._keep_back(ordered[-1])
        return ordered

    def _sorted(self, packets: Packets) -> Packets:
        """Packets of one count: late ones where they belong, if there is a gap."""
        seen = packets.places.order == Order.REPEATED
        first = packets.places.first_index
        if not seen.any() or first is None:
            self._remember(packets)
            return packets
        fresh = np.flatnonzero(~seen)
        n = packets.kind.n_samples
        holes = _holes(packets[fresh]) if len(fresh) else []
        kept = set(fresh.tolist())
        for i in np.flatnonzero(seen).tolist():
            hole = next((h for h in holes if h[0] <= first[i] and first[i] + n <= h[1]), None)
            if hole is not None:
                holes.remove(hole)
                holes += [(hole[0], int(first[i])), (int(first[i]) + n, hole[1])]
                kept.add(i)
            elif any(begin <= first[i] and first[i] + n <= end for begin, end in self._gaps):
                self.late += 1
            else:
                self.doubled += 1
        rows = np.array(sorted(kept, key=lambda row: int(first[row])), dtype=np.int64)
        placed = _placed(packets[rows], n) if len(rows) else packets[rows]
        self._remember(placed)
        return placed
