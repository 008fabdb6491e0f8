"""A pitch with virtual radio: a sensor that can be carried about, and masts whose adapters hear it by distance.

The radio runs in a thread of its own; each mast's adapter is a loopback socket that speaks HCI, as of a dongle.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from bumble import hci

from monitor.acquisition.profile import find
from monitor.simulation.hci_server import HciServer
from monitor.simulation.pacer import Pacer
from monitor.simulation.radio import VirtualController, VirtualRadio
from monitor.simulation.sensor import VirtualSensor

SENSOR, PROFILE = "uMyo-A1", "umyo"
WEAKEST_DBM = -88
_REPORTS = hci.HCI_LE_Advertising_Report_Event | hci.HCI_LE_Extended_Advertising_Report_Event


class Working:
    """A calf that works each second second: EMG noise of 200 uV, at rest of 5."""

    def emg(self, rate_hz: float, n_channels: int) -> Bursts:
        return Bursts(rate_hz, n_channels)

    def imu(self, rate_hz: float) -> Bursts:
        return Bursts(rate_hz, 6)

    def quat(self, rate_hz: float) -> Bursts:
        return Bursts(rate_hz, 4)


class Bursts:
    """Noise of which no stretch is like another. See `Working`."""

    def __init__(self, rate_hz: float, n_channels: int) -> None:
        self._rate_hz, self._n_channels, self._next = rate_hz, n_channels, 0
        self._rng = np.random.default_rng(1)

    def read(self, n_samples: int) -> tuple[np.ndarray, np.ndarray]:
        time_s = np.arange(self._next, self._next + n_samples) / self._rate_hz
        self._next += n_samples
        level_uv = np.where(time_s % 2.0 < 1.0, 200.0, 5.0)[:, None]
        return time_s, level_uv * self._rng.standard_normal((n_samples, self._n_channels))

    def seek(self, time_s: float) -> None:
        self._next = math.ceil(time_s * self._rate_hz)


class Mast(VirtualController):
    """The adapter of a gateway. at_m : where it stands on the pitch."""

    def __init__(self, name: str, radio: VirtualRadio, at_m: float) -> None:
        super().__init__(name, radio)
        self.at_m, self.dbm, self.in_range = at_m, WEAKEST_DBM, True

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """To the host; advertisements as strongly as they are heard here."""
        if isinstance(packet, _REPORTS):
            for report in packet.reports:
                report.rssi = self.dbm
        super().send_hci_packet(packet)


class Pitch:
    """masts_m : by gateway where its mast stands. Use as `with Pitch(...) as pitch`."""

    def __init__(self, masts_m: Mapping[str, float], supervision_s: float = 1.0) -> None:
        self._masts_m, self._supervision_s = masts_m, supervision_s
        self.specs: dict[str, str] = {}  # of each gateway's adapter
        self._ready, self._end = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="pitch", daemon=True)

    def __enter__(self) -> Pitch:
        self._thread.start()
        assert self._ready.wait(10.0)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10.0)

    @property
    def linked(self) -> bool:
        """Whether somebody has the sensor."""
        return self.sensor.peripheral.connected

    @property
    def sent_samples(self) -> int:
        """That the sensor has taken since it was switched on, sent or not."""
        return self.sensor._producers[0]._made

    def carry_to(self, x_m: float) -> None:
        """The sensor is there now."""
        self._call(lambda: self._place(x_m))

    def cover(self) -> None:
        """A body stands before the sensor: nobody hears it, until `uncover`."""
        self._call(lambda: self._radio.lose(self._controller))

    def uncover(self) -> None:
        self._call(lambda: self._radio.restore(self._controller))

    def _call(self, act: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(act)

    def _place(self, x_m: float) -> None:
        for mast in self._masts:
            mast.dbm = dbm(abs(x_m - mast.at_m))
            before, mast.in_range = mast.in_range, mast.dbm >= WEAKEST_DBM
            if before and not mast.in_range:
                self._radio.lose(mast)
            elif mast.in_range and not before:
                self._radio.restore(mast)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._radio = VirtualRadio(supervision_timeout_s=self._supervision_s)
        self._masts = [Mast(name, self._radio, at_m) for name, at_m in self._masts_m.items()]
        self._controller = VirtualController(SENSOR, self._radio)
        ends: Any = (self._controller, self._controller)
        self.sensor = VirtualSensor(find(PROFILE), Working(), SENSOR, "C4:00:00:00:00:01", *ends)
        async with contextlib.AsyncExitStack() as stack:
            for mast in self._masts:
                server = await stack.enter_async_context(HciServer(mast))
                self.specs[mast.name] = f"tcp:127.0.0.1:{server.port}"
            self._place(self._masts[0].at_m)
            await self.sensor.start()
            pace = asyncio.create_task(Pacer([self.sensor], 1.0).run())
            stack.callback(pace.cancel)
            self._ready.set()
            await self._end.wait()


def dbm(distance_m: float) -> int:
    """How strongly a sensor is heard from so far away."""
    return round(-50.0 - 20.0 * math.log10(max(distance_m, 1.0)))
