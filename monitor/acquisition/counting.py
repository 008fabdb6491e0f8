"""Which sample is this? Wrapping counters made endless, and the turn of characteristics that take turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.framing_model import Counter, KnownGap

LATE_SAMPLES = 1024  # a packet that lies back by less is a repetition or comes late; by more, the sensor has restarted
LONGEST_INSIDE = 1024  # samples that may be missing between two of one packet
SHORT_WRAP_S = 10.0  # a counter that wraps within this: a step back is a loss, and what a broken link cost is unknown


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
    packet's first sample; None without a counter. sample_index: (n, samples of a packet) endless index of every sample,
    where samples can be missing inside a packet; else None. device_s: (n,) endless seconds of each packet's first
    sample as the sensor tells them; None without a clock.
    smooth: it is known that each is the next after the one before it.
    """

    order: NDArray[np.integer]
    lost: NDArray[np.int64]
    first_index: NDArray[np.int64] | None
    sample_index: NDArray[np.int64] | None = None
    device_s: NDArray[np.float64] | None = None
    smooth: bool = False

    def __getitem__(self, rows: slice | NDArray[np.bool_] | NDArray[np.int64]) -> Places:
        first, each, device_s = self.first_index, self.sample_index, self.device_s
        return Places(
            self.order[rows],
            self.lost[rows],
            None if first is None else first[rows],
            None if each is None else each[rows],
            None if device_s is None else device_s[rows],
            self.smooth and isinstance(rows, slice),
        )

    @classmethod
    def unknown(cls, n: int) -> Places:
        """Of packets that nothing counts."""
        return cls(np.full(n, Order.NEXT), np.full(n, UNKNOWN), None)


Placed = tuple[int, int, int]  # order, lost before, index of the first
_NEXT, _REPEATED, _RESTARTED = map(int, Order)  # numpy takes plain numbers in a tenth of the time


class SampleCounter:
    """Makes a wrapping counter endless. A step back after a reconnect is a restart of the sensor.

    rate_nominal_hz : of the samples; only tells whether the counter wraps within SHORT_WRAP_S.
    """

    def __init__(self, counter: Counter, rate_nominal_hz: float) -> None:
        self._counter, self._rate_hz = counter, rate_nominal_hz
        self._modulus = (counter.wrap[1] - counter.wrap[0] + 1) // counter.step
        low, high = counter.coarse_wrap or (0, 0)
        self._coarse_low, self._coarse_modulus = low, high - low + 1
        self._next: int | None = None  # what the counter should show next, made endless
        self._next_index = 0  # endless index of the sample that should come next
        self._next_coarse: int | None = None
        self._reconnected = False

    def reconnected(self) -> None:
        """The link was lost: from now on nothing can be a repetition."""
        self._reconnected = True

    def push(self, raw: NDArray[np.integer], n_samples: int, coarse: NDArray[np.integer] | None = None) -> Places:
        """Place packets of n samples. raw: (packets,) of their counters; (packets, n) where every sample has one."""
        began = int(self._next is None)
        steps = (raw.astype(np.int64) - self._counter.wrap[0]) // self._counter.step
        if self._counter.scope == "each":
            return self._push_each(steps, n_samples, coarse, began)
        per_packet = self._counter.scope == "packet"
        unit, grows = (n_samples, 1) if per_packet else (1, n_samples)
        if forward := self._forward(steps.tolist(), n_samples, grows, unit):
            return forward
        placed = [self._place(number, n_samples, grows, unit) for number in steps.tolist()]
        return self._places(placed, np.arange(n_samples)[np.newaxis] if self._counter.known_gap else None, began)

    def _forward(self, steps: list[int], n_samples: int, grows: int, unit: int) -> Places | None:
        """The places where no packet goes back: the usual case at a tenth of the cost. None: one does."""
        due, half = self._next, self._modulus // 2
        if due is None or self._reconnected or self._counter.known_gap:
            return None
        lost: list[int] = []
        for step in steps:
            ahead = (step - due) % self._modulus
            if ahead >= half:
                return None
            lost.append(ahead * unit)
            due = step + grows
        n, smooth = len(steps), not any(lost)
        missing = np.array(lost)
        first = np.arange(self._next_index, self._next_index + n * n_samples, n_samples)
        if not smooth:
            first += missing.cumsum()
        self._next, self._next_index = due, int(first[-1]) + n_samples
        return Places(np.zeros(n, np.int64), missing, first, smooth=smooth)

    def _push_each(
        self, steps: NDArray[np.int64], n_samples: int, coarse: NDArray[np.integer] | None, began: int
    ) -> Places:
        offsets = np.zeros_like(steps)
        ahead = (np.diff(steps, axis=1) - 1) % self._modulus
        believed = max(2, min(self._modulus // 2, LONGEST_INSIDE))
        ahead[(ahead >= believed).any(axis=1)] = 0  # a step back, or too far: these counters are not to be believed
        offsets[:, 1:] = np.cumsum(ahead + 1, axis=1)
        told = [None] * len(steps) if coarse is None else coarse.tolist()
        rows = zip(steps[:, 0].tolist(), (offsets[:, -1] + 1).tolist(), told, strict=True)
        placed = [self._place(number, span, span, 1, n_samples, packet) for number, span, packet in rows]
        return self._places(placed, offsets, began)

    def _places(self, placed: list[Placed], offsets: NDArray[np.int64] | None, began: int) -> Places:
        """With what the sensor is known never to send. offsets: of samples to the first, one row or one a packet.

        Without offsets the samples of a packet follow each other. began: 1 if the first is the very first, else 0.
        """
        order, lost, first = (np.array(part) for part in zip(*placed, strict=True))
        if offsets is None:
            return Places(order, lost, first)
        index = first[:, np.newaxis] + offsets
        if gap := self._counter.known_gap:
            missing = _stretched(first, gap) - _stretched(first - lost - 1, gap) - 1
            lost = np.where(order == _NEXT, missing, lost)
            lost[:began] = 0  # nothing is missing before the very first
            index = _stretched(index, gap)
        contiguous = (index[:, -1] - index[:, 0] == index.shape[1] - 1).all()
        return Places(order, lost, index[:, 0], None if contiguous else index)

    def _place(
        self, raw: int, span: int, grows: int, unit: int, n_samples: int = 0, coarse: int | None = None
    ) -> Placed:
        """Place one packet that spans so many samples, after which the counter has grown by `grows` units."""
        placed = self._where(raw, unit, n_samples, coarse, span)
        if placed[0] != _REPEATED:
            self._next_index = placed[2] + span
            self._next = raw + grows
            self._next_coarse = None if coarse is None else coarse + 1
            self._reconnected = False
        return placed

    def _where(self, raw: int, unit: int, n_samples: int, coarse: int | None, span: int) -> Placed:
        if self._next is None:
            return _NEXT, 0, raw * unit
        ahead = (raw - self._next) % self._modulus
        behind = self._modulus - ahead
        period_s = self._modulus * unit / self._rate_hz
        packets = None
        if coarse is not None and self._next_coarse is not None:
            packets = (coarse - self._next_coarse) % self._coarse_modulus
            period_s = self._coarse_modulus * n_samples / self._rate_hz
        short = period_s < SHORT_WRAP_S
        if self._reconnected and (short or self._counter.resets in ("start", "connect")):
            return _RESTARTED, UNKNOWN, raw * unit
        late = max(1, min(LATE_SAMPLES, self._modulus // 8), min(2 * span, self._modulus // 2))
        if packets is not None:
            back = self._coarse_modulus - packets
            if packets >= self._coarse_modulus // 2:
                if back * n_samples <= LATE_SAMPLES and not self._reconnected:
                    return _REPEATED, 0, self._next_index - back * n_samples
                return _RESTARTED, UNKNOWN, raw * unit
            ahead += self._modulus * max(0, round((packets * n_samples - ahead) / self._modulus))
        elif behind <= late and not self._reconnected:
            return _REPEATED, 0, self._next_index - behind * unit
        elif ahead >= self._modulus // 2 and not short:
            return _RESTARTED, UNKNOWN, raw * unit
        return _NEXT, ahead * unit, self._next_index + ahead * unit


def _stretched(index: NDArray[np.int64], gap: KnownGap) -> NDArray[np.int64]:
    """Indices of what was sent as indices of what the sensor took."""
    return index + index // (gap.every - gap.missing) * gap.missing


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
