"""What goes wrong with a sensor and its link, on purpose: the faults that a virtual sensor can be given."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np

from monitor.errors import ScenarioError


class FaultKind(StrEnum):
    """gap: the sensor loses samples, as its counter shows if it has one. drop, dup, reorder, garbage: what the air does
    to notifications. stall: nothing is sent, the link stands. silent: the same from the start. wrong_rate: the sensor
    runs at another rate than it says. mtu23: the link agrees on the smallest MTU. stale_start: a queue of old packets
    comes first. saturate: the EMG sits at its rail. disconnect: the sensor drops the link.
    """

    GAP = "gap"
    DROP = "drop"
    DUP = "dup"
    REORDER = "reorder"
    GARBAGE = "garbage"
    STALL = "stall"
    SILENT = "silent"
    WRONG_RATE = "wrong_rate"
    MTU23 = "mtu23"
    STALE_START = "stale_start"
    SATURATE = "saturate"
    DISCONNECT = "disconnect"


_TEXT = re.compile(r"([a-z0-9_]+)(?:@(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?)?(?:%(\d+(?:\.\d+)?))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. from_s, until_s: session seconds; share: of the packets (0..1), or how much the rate is off."""

    kind: FaultKind
    from_s: float = 0.0
    until_s: float = math.inf
    share: float = 0.05

    @classmethod
    def parse(cls, text: str) -> Self:
        """ "drop", "drop%10" (per cent), "stall@20-25", "disconnect@30". Raises: ScenarioError."""
        found = _TEXT.fullmatch(text.strip())
        kinds = [str(kind) for kind in FaultKind]
        if found is None or found[1] not in kinds:
            raise ScenarioError(
                f"{text!r} is no fault; write drop, drop%10, stall@20-25 or disconnect@30; known are {', '.join(kinds)}"
            )
        from_s = float(found[2] or 0.0)
        until_s = float(found[3]) if found[3] else math.inf
        if until_s <= from_s:
            raise ScenarioError(f"the fault {text!r} ends before it begins")
        share = float(found[4]) / 100 if found[4] else 0.05
        return cls(FaultKind(found[1]), from_s, until_s, min(share, 1.0))


class Faults:
    """All faults of one sensor, with chance of their own: the same seed gives the same faults."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._faults = tuple(faults)
        self._rng = np.random.default_rng([seed, 0xFA])
        self._over: set[int] = set()

    def find(self, kind: FaultKind, time_s: float) -> Fault | None:
        """The fault of that kind that acts at this time."""
        return next((f for f in self._faults if f.kind is kind and f.from_s <= time_s < f.until_s), None)

    def has(self, kind: FaultKind) -> Fault | None:
        """The fault of that kind, whenever it acts."""
        return next((fault for fault in self._faults if fault.kind is kind), None)

    def strikes(self, kind: FaultKind, time_s: float) -> bool:
        """Whether it hits this packet."""
        fault = self.find(kind, time_s)
        return fault is not None and float(self._rng.random()) < fault.share

    def once(self, kind: FaultKind, time_s: float) -> bool:
        """Whether a fault of that kind has begun since it was last asked for."""
        new = [
            number
            for number, fault in enumerate(self._faults)
            if fault.kind is kind and fault.from_s <= time_s and number not in self._over
        ]
        self._over.update(new)
        return bool(new)

    def garbage(self, longest: int) -> bytes:
        """Bytes that mean nothing; shorter than a packet, for the radio's own checksum keeps whole packets whole."""
        return self._rng.bytes(int(self._rng.integers(1, max(longest, 1) + 1)))
