"""Packets put in their order: doubled ones left out, late ones in their place while the engine has not passed it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Packets, Stack
from monitor.acquisition.counting import UNKNOWN, Order, Places

WAIT_PACKETS = 4  # what comes after a gap waits for the late packet no longer than for so many packets,
WAIT_S = 0.1  # and so long
_EARLIER = 2**32
GAPS = 32  # that are remembered, to tell a late packet from a doubled one


class Ordering:
    """Of one sensor's packets, as far as they are counted or timed. doubled, late: how many were left out.

    speed: session seconds per wall second.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._wait_s = WAIT_S * speed
        self._ways: dict[str, _Way] = {}  # by the stream that is counted or timed
        self._beside: list[Packets] = []  # others, that came after packets that wait

    @property
    def doubled(self) -> int:
        """Packets that had come before."""
        return sum(way.doubled for way in self._ways.values())

    @property
    def late(self) -> int:
        """Packets that came after others which had already been passed on."""
        return sum(way.late for way in self._ways.values())

    def push(self, groups: Sequence[Packets]) -> list[Packets]:
        """The groups of a batch in order; what follows a fresh gap is kept until the next batch, with luck complete."""
        keys = [_key(group) for group in groups]
        ordered = [packets for name, way in self._ways.items() if name not in keys for packets in way.flush()]
        plain, self._beside = self._beside, []
        for i, (key, group) in enumerate(zip(keys, groups, strict=True)):
            if key is None:
                plain.append(group)
            else:
                way = self._ways.setdefault(key, _Way(self._wait_s))
                ordered += way.push(group, may_wait=key not in keys[i + 1 :])
        if waits := [way.waits_from for way in self._ways.values() if way.waits_from is not None]:
            self._beside = [_before_batch(group[group.at > min(waits)]) for group in plain if group.at[-1] > min(waits)]
            plain = [group[group.at < min(waits)] for group in plain if group.at[0] < min(waits)]
        return ordered + plain

    def flush(self) -> list[Packets]:
        """What has waited: nothing comes any more that could belong before it."""
        beside, self._beside = self._beside, []
        return [packets for way in self._ways.values() for packets in way.flush()] + beside


def _before_batch(group: Packets) -> Packets:
    """Packets that wait for the next batch, numbered as coming before it."""
    return replace(group, at=group.at - _EARLIER)


def _key(group: Packets) -> str | None:
    if group.kind.counter is not None:
        return group.kind.counter.stream
    return group.kind.clock.streams[0] if group.kind.clock is not None else None


class _Way:
    """The packets of one counter or clock."""

    def __init__(self, wait_s: float) -> None:
        self._wait_s = wait_s
        self._waiting: Packets | None = None
        self.waits_from: int | None = None  # number in the batch of the first packet that waits
        self._passed: float | None = None  # the place after the last packet that was passed on
        self._gaps: deque[tuple[float, float]] = deque(maxlen=GAPS)
        self.doubled = self.late = 0

    def push(self, group: Packets, *, may_wait: bool) -> list[Packets]:
        if group.places.smooth and self._waiting is None and group.places.first_index is not None:
            self.waits_from, self._passed = None, float(group.places.first_index[-1] + group.kind.per_packet)
            return [group]
        out: list[Packets] = []
        self.waits_from = None
        edges = [0, *(i for i in np.flatnonzero(group.places.order == Order.RESTARTED).tolist() if i), len(group)]
        for begin, end in pairwise(edges):
            part = group[begin:end] if end - begin < len(group) else group
            if part.places.order[0] == Order.RESTARTED:
                out += self.flush()
                self._passed = None
                self._gaps.clear()
            elif self._waiting is not None and self._waiting.kind is part.kind:
                part, self._waiting = _joined(self._waiting, part), None
            else:
                out += self.flush()
            out += self._passed_on(self._in_order(part), may_wait and end == len(group))
        return out

    def flush(self) -> list[Packets]:
        waiting, self._waiting, self.waits_from = self._waiting, None, None
        return [] if waiting is None else self._passed_on(waiting, may_wait=False)

    def _in_order(self, packets: Packets) -> Packets:
        """Sorted, without what was there before or comes too late."""
        if not (packets.places.order == Order.REPEATED).any():
            return packets
        begins, ends = _span(packets)
        rank = begins.argsort(kind="stable")
        passed = begins.min() if self._passed is None else self._passed
        good = begins[rank] >= np.maximum.accumulate(np.concatenate([[passed], ends[rank][:-1]]))
        for begin in begins[rank[~good]].tolist():
            if any(gap_begin <= begin < gap_end for gap_begin, gap_end in self._gaps):
                self.late += 1
            else:
                self.doubled += 1
        return _placed(packets, rank[good], self._passed)

    def _passed_on(self, packets: Packets, may_wait: bool) -> list[Packets]:
        """What may go on at once; the rest waits."""
        if may_wait and len(packets):
            go = self._may_go(packets)
            if go < len(packets):
                self.waits_from, self._waiting = int(packets.at[go]), _before_batch(packets[go:])
                packets = packets[:go]
        if not len(packets):
            return []
        begins, ends = _span(packets)
        if packets.places.lost.any():
            before = np.concatenate([[begins[0] if self._passed is None else self._passed], ends[:-1]])
            self._gaps += [(before[i], begins[i]) for i in np.flatnonzero(packets.places.lost > 0).tolist()]
        self._passed = float(ends[-1])
        return [packets]

    def _may_go(self, packets: Packets) -> int:
        """How many packets need not wait for one that may still come: all that lie before a fresh, short gap."""
        begin = max(0, len(packets) - WAIT_PACKETS + 1)
        if packets.places.first_index is None or not packets.places.lost[begin:].any():
            return len(packets)
        lost, arrival_s = packets.places.lost[begin:], packets.arrival_s
        fresh = arrival_s[begin:] > arrival_s[-1] - self._wait_s
        gaps = np.flatnonzero((lost > 0) & (lost <= WAIT_PACKETS * packets.kind.per_packet) & fresh)
        return begin + int(gaps[0]) if len(gaps) else len(packets)


def _span(packets: Packets) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where packets begin and end: on their counter, or in the sensor's time, there a little shorter than they are."""
    places, n = packets.places, packets.kind.per_packet
    if places.first_index is not None:
        ends = places.first_index + n if places.sample_index is None else places.sample_index[:, -1] + 1
        return places.first_index.astype(np.float64), ends.astype(np.float64)
    assert places.device_s is not None
    rate_hz = min(stream.rate_nominal_hz for stream, _ in packets.kind.streams.values())
    return places.device_s, places.device_s + 0.5 * n / rate_hz


def _placed(packets: Packets, rows: NDArray[np.int64], passed: float | None) -> Packets:
    """These packets in this order, each as if it had come no later than the one after it."""
    picked = packets[rows]
    if not len(picked):
        return picked
    places = picked.places
    order, lost = np.full(len(rows), Order.NEXT), places.lost.copy()
    if (packets.places.order == Order.RESTARTED).any():
        order[0], lost[0] = Order.RESTARTED, UNKNOWN
    if places.first_index is not None:
        begins, ends = _span(picked)
        lost[1:] = begins[1:] - ends[:-1]
        if passed is not None and order[0] == Order.NEXT:
            lost[0] = begins[0] - passed
    arrival_s = np.minimum.accumulate(picked.arrival_s[::-1])[::-1]
    at = np.minimum.accumulate(picked.at[::-1])[::-1]
    return replace(picked, at=at, arrival_s=arrival_s, places=replace(places, order=order, lost=lost))


def _joined(first: Packets, then: Packets) -> Packets:
    """Packets that waited, which count as before the batch, and those of the batch."""
    a, b = first.places, then.places

    def both(x: NDArray[Any] | None, y: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if x is None or y is None else np.concatenate([x, y])

    records = np.concatenate([first.records, then.records])
    return Packets(
        Stack(then.kind, records),
        slice(0, len(records)),
        np.concatenate([first.at, then.at]),
        np.concatenate([first.arrival_s, then.arrival_s]),
        Places(
            np.concatenate([a.order, b.order]),
            np.concatenate([a.lost, b.lost]),
            both(a.first_index, b.first_index),
            _each(first, then),
            both(a.device_s, b.device_s),
        ),
    )


def _each(first: Packets, then: Packets) -> NDArray[np.int64] | None:
    if first.places.sample_index is None and then.places.sample_index is None:
        return None
    return np.concatenate([sample_index(first), sample_index(then)])


def sample_index(packets: Packets) -> NDArray[np.int64]:
    """The endless index of every sample of counted packets, (packets, samples of a packet)."""
    places = packets.places
    assert places.first_index is not None
    if places.sample_index is not None:
        return places.sample_index
    return places.first_index[:, np.newaxis] + np.arange(packets.kind.per_packet)
