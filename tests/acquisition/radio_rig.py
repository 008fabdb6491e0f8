"""A room of virtual sensors for the tests of the radio: real profiles, plain signals, a virtual radio with faults."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

import numpy as np

from monitor.acquisition.profile import Profile, find
from monitor.simulation.faults import Fault
from monitor.simulation.pacer import Pacer
from monitor.simulation.radio import VirtualController, VirtualRadio
from monitor.simulation.sensor import VirtualSensor
from monitor.team import Athlete, Sensor, Team


class Ramp:
    """A source whose sample i is i % period * step in every channel."""

    def __init__(self, rate_hz, n_channels, period=100, step=1.0):
        self.rate_hz, self.n_channels, self.next = rate_hz, n_channels, 0
        self.period, self.step = period, step

    def read(self, n_samples):
        index = np.arange(self.next, self.next + n_samples)
        self.next += n_samples
        return index / self.rate_hz, np.repeat((index % self.period)[:, None] * self.step, self.n_channels, axis=1)

    def seek(self, time_s):
        self.next = int(np.ceil(time_s * self.rate_hz))


class Signals:
    def __init__(self, period=100, step=1.0):
        self.period, self.step = period, step

    def emg(self, rate_hz, n_channels):
        return Ramp(rate_hz, n_channels, self.period, self.step)

    def imu(self, rate_hz):
        return Ramp(rate_hz, 6)

    def quat(self, rate_hz):
        return Ramp(rate_hz, 4)


class Room:
    """Virtual sensors by name ({"uMyo-1L": "umyo"}; a profile as it is serves, too).

    It opens in whatever event loop asks for its HCI (`open_hci`).
    """

    def __init__(
        self,
        sensors: Mapping[str, str | Profile],
        speed: float = 1.0,
        interval_s: float = 0.0,
        supervision_s: float = 0.3,
        signals: Signals | None = None,
        faults: Mapping[str, str] | None = None,
        mtu: int | None = None,
    ):
        self.names, self.signals = sensors, signals or Signals()
        self.signals_of: dict[str, Any] = {}  # of sensors that measure something else
        self.faults, self.mtu = faults or {}, mtu
        self.speed, self.interval_s, self.supervision_s = speed, interval_s, supervision_s
        self.sensors: dict[str, VirtualSensor] = {}
        self.controllers: dict[str, VirtualController] = {}
        self.opened = threading.Event()
        self._works: list[asyncio.Task[None]] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Room]:
        self.loop = asyncio.get_running_loop()
        self.radio = VirtualRadio(self.interval_s, self.supervision_s)
        for number, (name, profile) in enumerate(self.names.items()):
            controller = self.controllers[name] = VirtualController(name, self.radio)
            address = f"C4:00:00:00:00:{number:02X}"
            sensor = VirtualSensor(
                profile_of(profile, name),
                self.signals_of.get(name, self.signals),
                name,
                address,
                controller,
                controller,
                faults=[Fault.parse(text) for text in self.faults.get(name, "").split()],
                mtu=self.mtu,
            )
            self.sensors[name] = sensor
            await sensor.start()
        pace = asyncio.create_task(Pacer(self.sensors.values(), self.speed).run())
        self.opened.set()
        try:
            yield self
        finally:
            pace.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pace

    @contextlib.asynccontextmanager
    async def open_hci(self):
        async with self.running(), self.radio.open_hci() as pair:
            yield pair

    def call(self, act: Callable[[], object]) -> None:
        """Do something to the room from another thread."""
        self.loop.call_soon_threadsafe(act)

    def doing(self, work: Callable[[], Coroutine[None, None, None]]) -> Callable[[], None]:
        """What begins some work when it is done to the room (`call`)."""

        def begin() -> None:
            self._works.append(self.loop.create_task(work()))

        return begin

    def lose(self, name: str) -> None:
        self.radio.lose(self.controllers[name])

    def restore(self, name: str) -> None:
        self.radio.restore(self.controllers[name])


def profile_of(profile: str | Profile, name: str | None = None) -> Profile:
    """By its id and the advertised name, or itself."""
    return find(profile, name=name) if isinstance(profile, str) else profile


def team_of(sensors: Mapping[str, str | Profile]) -> Team:
    """One athlete per sensor, so that any mix of profiles makes a team."""
    athletes = []
    for number, (name, profile) in enumerate(sensors.items()):
        role = "emg" if "emg" in profile_of(profile).kind else "shank"
        sensor = Sensor(match=name, profile=profile_of(profile).id, leg="left", roles=(role,))
        athletes.append(Athlete(name=f"A{number}", sensors=(sensor,)))
    return Team(athletes=tuple(athletes))


async def until(condition: Callable[[], object], timeout_s: float = 5.0) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.005)
