"""A virtual sensor: samples of a simulated leg, packed and sent as a firmware profile says, faults included."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from bumble.transport.common import TransportSink, TransportSource

from monitor.acquisition.encoding import encode, to_counts
from monitor.acquisition.framing import Framer
from monitor.acquisition.framing_model import SyncFraming
from monitor.acquisition.packet import framer
from monitor.acquisition.profile_model import Profile, Step
from monitor.errors import PacketError
from monitor.simulation.faults import Fault, FaultKind, Faults
from monitor.simulation.peripheral import Peripheral
from monitor.simulation.producer import Producer
from monitor.simulation.wearing import ALL_THE_TIME, Signals

SEND_WINDOW = 64  # notifications on their way in the controller before the sensor begins to queue
SMALLEST_MTU = 23


class VirtualSensor:
    """One sensor in the air. `advance` moves its own time on; everything else follows from what the central does.

    signals : what it measures. start_s : session second at which it is switched on.
    faults, seed : what goes wrong, by chance of its own. mtu : the largest that it agrees on, None = the profile's.
    muted : it obeys and stays silent, as a sensor whose firmware has hung.
    oversized : packets that did not fit the MTU and were not sent (or were cut, as the profile says).
    """

    def __init__(
        self,
        profile: Profile,
        signals: Signals,
        name: str,
        address: str,
        source: TransportSource,
        sink: TransportSink,
        start_s: float = 0.0,
        faults: Iterable[Fault] = (),
        seed: int = 0,
        mtu: int | None = None,
    ) -> None:
        self.profile = profile.resolved()
        self.name = name
        self.muted = False
        self.oversized = 0
        self.commands: list[tuple[str, bytes]] = []
        self._faults = Faults(faults, seed)
        self._time_s = start_s
        self._tasks: set[asyncio.Task[None]] = set()
        mtu = SMALLEST_MTU if self._faults.has(FaultKind.MTU23) else mtu
        self.peripheral = Peripheral(self.profile, name, address, source, sink, self._on_write, mtu)
        self.peripheral.values.update(_held(self.profile))
        self._producers = [
            Producer(self.profile, notify, signals, start_s, self._faults) for notify in self.profile.sim.notify
        ]
        self._framers = {alias: framer(each) for each in self.profile.framing for alias in each.chars}
        self._streams_bytes = {
            alias for each in self.profile.framing if isinstance(each, SyncFraming) for alias in each.chars
        }
        self._start_command = _last_write(self.profile.step.start)
        self._stop_command = _last_write(self.profile.step.stop)
        self._started = self._start_command is None
        self._held_back: tuple[str, bytes] | None = None  # a notification that lets another pass

    async def start(self) -> None:
        """Switch on: advertise."""
        await self.peripheral.start()

    def advance(self, time_s: float) -> None:
        """Sample up to a session second and send what is due and wanted."""
        self._time_s = time_s
        if not self.peripheral.connected:
            self._started = self._start_command is None
            for each in self._framers.values():
                each.reset()
        if self._faults.once(FaultKind.DISCONNECT, time_s) and self.peripheral.connected:
            self._do(self.peripheral.disconnect())
        for producer in self._producers:
            producer.advance(time_s)
            if self._wanted(producer):
                self._send(producer.queue)
            elif not producer.keeps_stale:
                producer.queue.clear()
            producer.trim()

    def _do(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _wanted(self, producer: Producer) -> bool:
        stuck = self.muted or self._faults.has(FaultKind.SILENT) or self._faults.find(FaultKind.STALL, self._time_s)
        return self._started and not stuck and not producer.chars.isdisjoint(self.peripheral.subscribed)

    def _send(self, packets: deque[tuple[str, bytes]]) -> None:
        while packets and self.peripheral.unsent < SEND_WINDOW:
            char, packet = packets.popleft()
            if char not in self.peripheral.subscribed:
                continue
            for payload in self._notifications(char, packet, packets):
                self._through_the_air(char, payload)

    def _notifications(self, char: str, packet: bytes, following: deque[tuple[str, bytes]]) -> list[bytes]:
        """What goes out for a packet (a byte stream takes the packets that fit beside it along)."""
        room = self.peripheral.payload_bytes
        if room + 3 < self.profile.link.min_mtu and self.profile.sim.small_mtu == "silent":
            self.oversized += 1
            return []
        wrap: Framer | None = self._framers.get(char)
        if char in self._streams_bytes:
            packet = _joined(packet, char, following, room)
        if wrap is not None:
            try:
                return wrap.wrap(packet, room)
            except PacketError:  # it cannot be cut so small
                self.oversized += 1
                return []
        if len(packet) <= room:
            return [packet]
        self.oversized += 1
        return [packet[:room]] if self.profile.sim.small_mtu == "cut" else []

    def _through_the_air(self, char: str, payload: bytes) -> None:
        """Notify, with what the air does to notifications."""
        if self._faults.strikes(FaultKind.DROP, self._time_s):
            return
        if self._faults.strikes(FaultKind.GARBAGE, self._time_s):
            self.peripheral.notify(char, self._faults.garbage(len(payload) - 1))
        if self._held_back is None and self._faults.strikes(FaultKind.REORDER, self._time_s):
            self._held_back = char, payload
            return
        self.peripheral.notify(char, payload)
        if self._held_back is not None:
            (late_char, late), self._held_back = self._held_back, None
            if late_char in self.peripheral.subscribed:
                self.peripheral.notify(late_char, late)
        if self._faults.strikes(FaultKind.DUP, self._time_s):
            self.peripheral.notify(char, payload)

    def _on_write(self, alias: str, payload: bytes) -> None:
        self.commands.append((alias, payload))
        if (alias, payload) == self._start_command:
            self._started = True
        elif (alias, payload) == self._stop_command:
            self._started = False
        for reply in self.profile.sim.replies:
            answer, asked = bytes.fromhex(reply.answer), bytes.fromhex(reply.hex)
            heard = reply.on in self.peripheral.subscribed and len(answer) <= self.peripheral.payload_bytes
            if heard and alias == reply.char and payload.startswith(asked):
                self.peripheral.notify(reply.on, answer)


def _held(profile: Profile) -> dict[str, bytes]:
    """What readable characteristics hold, by alias: the packet that they notify, with plausible numbers."""
    held = {}
    for alias, characteristic in profile.gatt.items():
        spec = next((spec for spec in profile.packets if alias in spec.chars), None)
        if spec is None or "read" not in characteristic.props:
            continue
        counts = {
            name: to_counts(profile, name, [[ALL_THE_TIME.get(stream.kind, 0.0)] * len(stream.channels)])
            for name, stream in profile.streams_of(spec).items()
            if not spec.repeat
        }
        held[alias] = encode(profile, spec.id, counts)
    return held


def _joined(packet: bytes, char: str, following: deque[tuple[str, bytes]], room: int) -> bytes:
    """A byte stream's frames share a notification as far as they fit."""
    parts, size = [packet], len(packet)
    while following and following[0][0] == char and size + len(following[0][1]) <= room:
        parts.append(following.popleft()[1])
        size += len(parts[-1])
    return b"".join(parts)


def _last_write(steps: tuple[Step, ...]) -> tuple[str, bytes] | None:
    """The command that completes the steps; None where there is nothing to write."""
    writes = [(step.char, step.payload) for step in steps if step.op == "write"]
    return writes[-1] if writes else None
