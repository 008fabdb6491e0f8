"""Which sample is this? Wrapping counters made endless, and the turn of characteristics that take turns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.acquisition.packet_model import Counter

LATE_SAMPLES = 1024  # a packet that lies back by less is a repetition or comes late; by more, the sensor has restarted


class Order(StrEnum):
    """How a packet stands to the one before: the next (or first), seen before, or the first of a new count."""

    NEXT = "next"
    REPEATED = "repeated"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True)
class Place:
    """first_index: endless index of the packet's first sample; lost: samples missing before it, None = unknown."""

    first_index: int
    lost: int | None
    order: Order


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

    def push(self, raw: int, n_samples: int) -> Place:
        """Place the packet whose first sample has the counter `raw`."""
        place = self._place(raw)
        if place.order is not Order.REPEATED:
            self._next = place.first_index + n_samples
            self._reconnected = False
        return place

    def _place(self, raw: int) -> Place:
        if self._next is None:
            return Place(raw, 0, Order.NEXT)
        ahead = (raw - self._next) % self._modulus
        if ahead < self._modulus // 2:
            return Place(self._next + ahead, ahead, Order.NEXT)
        behind = self._modulus - ahead
        if behind <= self._late and not self._reconnected:
            return Place(self._next - behind, 0, Order.REPEATED)
        return Place(raw, None, Order.RESTARTED)


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

    def push(self, char: str) -> int:
        """Packets that are missing before this one."""
        here = self._chars.index(char)
        missing = 0 if self._next is None else (here - self._next) % len(self._chars)
        self._next = (here + 1) % len(self._chars)
        return missing
