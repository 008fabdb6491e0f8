"""Which sample is this? Wrapping counters made endless, and the turn of characteristics that take turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.packet_model import Counter

LATE_SAMPLES = 1024  # a packet that lies back by less is a repetition or comes late; by more, the sensor has restarted


UNKNOWN = -1  # samples lost


class Order(IntEnum):
    """How a packet stands to the one before: the next (or first), seen before, or the first of a new count."""

    NEXT = 0
    REPEATED = 1
    RESTARTED = 2


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """How n packets stand to those before them.

    order: (n,) of Order. lost: (n,) samples missing before each, or UNKNOWN. first_index: (n,) endless index of each
    packet's first sample; None without a counter.
    """

    order: NDArray[np.integer]
    lost: NDArray[np.int64]
    first_index: NDArray[np.int64] | None

    def __getitem__(self, rows: slice | NDArray[np.bool_]) -> Places:
        return Places(self.order[rows], self.lost[rows], None if self.first_index is None else self.first_index[rows])

    @classmethod
    def unknown(cls, n: int) -> Places:
        """Of packets that nothing counts."""
        return cls(np.full(n, Order.NEXT), np.full(n, UNKNOWN), None)


class SampleCounter:
    """Makes a wrapping sample counter endless. A step back after a reconnect is a restart of the sensor."""

    def __init__(self, counter: Counter) -> None:
        first, last = counter.wrap
        self._modulus = last - first + 1
        self._late = min(LATE_SAMPLES, self._modulus // 8)
        self._next: int | None = None
        self._reconnected = False

    def reconnected(self) -> None:
        """The link was lost: from now on nothing can be a repetition."""
        self._reconnected = True

    def push(self, raw: NDArray[np.integer], n_samples: int) -> Places:
        """Place packets of n samples, whose first samples have these counters."""
        order, lost, first = zip(*(self._place(number, n_samples) for number in raw.tolist()), strict=True)
        return Places(np.array(order), np.array(lost), np.array(first))

    def _place(self, raw: int, n_samples: int) -> tuple[Order, int, int]:
        """Place one packet: (order, lost, first index)."""
        here = raw if self._next is None else self._next
        ahead = (raw - here) % self._modulus
        behind = self._modulus - ahead
        if ahead < self._modulus // 2:
            placed = Order.NEXT, ahead, here + ahead
        elif behind <= self._late and not self._reconnected:
            return Order.REPEATED, 0, here - behind
        else:
            placed = Order.RESTARTED, UNKNOWN, raw
        self._next, self._reconnected = placed[2] + n_samples, False
        return placed


class Turn:
    """Characteristics that send in turn, without a counter: a break of the turn shows the least loss that explains it.

    A whole turn that is missing cannot be seen here.
    """

    def __init__(self, chars: tuple[str, ...]) -> None:
        self._chars = chars
        self._next: int | None = None

    def reconnected(self) -> None:
        """The link was lost: the next packet may come from any of them."""
        self._next = None

    def push(self, chars: Sequence[str], n_samples: int) -> Places:
        """Place packets of n samples, which came on these characteristics."""
        lost = [n_samples * self._missing(self._chars.index(char)) for char in chars]
        return Places(np.full(len(lost), Order.NEXT), np.array(lost), None)

    def _missing(self, here: int) -> int:
        """Packets that are missing before one on the characteristic of this number."""
        missing = 0 if self._next is None else (here - self._next) % len(self._chars)
        self._next = (here + 1) % len(self._chars)
        return missing
