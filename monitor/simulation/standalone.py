"""Virtual sensors alone, for other programs: on a radio of their own, or on a real adapter."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from monitor.acquisition.bumble_transport import BUMBLE_ERRORS, open_hci
from monitor.acquisition.profile import Profile
from monitor.acquisition.radio import radio_error
from monitor.errors import RadioError
from monitor.simulation.calf import Calf
from monitor.simulation.hci_server import HciServer
from monitor.simulation.kit import LegSignals
from monitor.simulation.pacer import Pacer
from monitor.simulation.radio import VirtualController, VirtualRadio
from monitor.simulation.scenario import scenario
from monitor.simulation.sensor import VirtualSensor

SCENARIO = "tiring"


@contextlib.asynccontextmanager
async def standalone(profile: Profile, count: int, radio: str) -> AsyncIterator[str]:
    """Sensors of one profile, running while the `async with` lasts; gives a line on where they can be reached.

    radio : "listen:PORT" opens a loopback socket that speaks HCI, with `count` sensors in range (0 = any free port);
        anything else is a dongle as `open_radio` takes it, which becomes one sensor.
    Raises: RadioError if that cannot be.
    """
    async with contextlib.AsyncExitStack() as stack:
        try:
            if radio.startswith("listen:"):
                sensors, where = await _listening(stack, profile, count, radio.removeprefix("listen:"))
            else:
                sensors, where = await _on_dongle(stack, profile, count, radio)
            for sensor in sensors:
                await sensor.start()
        except BUMBLE_ERRORS as error:
            raise radio_error(radio, error) from error
        pace = asyncio.create_task(Pacer(sensors, 1.0).run())
        stack.callback(pace.cancel)
        yield where


async def _listening(
    stack: contextlib.AsyncExitStack, profile: Profile, count: int, port: str
) -> tuple[list[VirtualSensor], str]:
    air = VirtualRadio()
    server = await stack.enter_async_context(HciServer(VirtualController("adapter", air), int(port or 0)))
    sensors = []
    for number in range(1, count + 1):
        name = profile.sim.advert_name if number == 1 else f"{profile.sim.advert_name[:6]}{number}"
        controller = VirtualController(name, air)
        address = f"C4:00:00:00:00:{number:02X}"
        sensors.append(VirtualSensor(profile, _signals(number), name, address, controller, controller))
    return sensors, f"tcp:127.0.0.1:{server.port}"


async def _on_dongle(
    stack: contextlib.AsyncExitStack, profile: Profile, count: int, radio: str
) -> tuple[list[VirtualSensor], str]:
    if count != 1:
        raise RadioError("one adapter is one sensor: leave --count at 1, or use --radio listen:0")
    source, sink = await stack.enter_async_context(open_hci(radio))
    name = profile.sim.advert_name
    return [VirtualSensor(profile, _signals(1), name, "C4:00:00:00:00:01", source, sink)], radio


def _signals(number: int) -> LegSignals:
    return LegSignals(Calf(scenario(SCENARIO), "left", number), "shank", number)
