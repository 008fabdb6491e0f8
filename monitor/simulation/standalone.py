"""Virtual sensors alone, for other programs: on a radio of their own, or on a real adapter."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from monitor.acquisition.bumble_transport import BUMBLE_ERRORS, open_hci
from monitor.acquisition.profile import Profile, find
from monitor.acquisition.radio import radio_error
from monitor.errors import RadioError, ScenarioError
from monitor.simulation.calf import Calf
from monitor.simulation.faults import Fault
from monitor.simulation.hci_server import HciServer
from monitor.simulation.kit import LegSignals
from monitor.simulation.pacer import Pacer
from monitor.simulation.peripheral import fits_advertisement
from monitor.simulation.radio import VirtualController, VirtualRadio
from monitor.simulation.scenario import scenario
from monitor.simulation.sensor import VirtualSensor

SCENARIO = "tiring"


@contextlib.asynccontextmanager
async def standalone(profile: Profile, count: int, radio: str, faults: Sequence[Fault] = ()) -> AsyncIterator[str]:
    """Sensors of one profile, running while the `async with` lasts; gives a line on where they can be reached.

    faults : what goes wrong with each of them.

    radio : "listen:PORT" opens a loopback socket that speaks HCI, with `count` sensors in range (0 = any free port);
        anything else is a dongle as `open_radio` takes it, which becomes one sensor.
    Raises: RadioError if that cannot be.
    """
    async with contextlib.AsyncExitStack() as stack:
        try:
            if radio.startswith("listen:"):
                sensors, where = await _listening(stack, profile, count, radio.removeprefix("listen:"), faults)
            else:
                sensors, where = await _on_dongle(stack, profile, count, radio, faults)
            for sensor in sensors:
                await sensor.start()
        except BUMBLE_ERRORS as error:
            raise radio_error(radio, error) from error
        pace = asyncio.create_task(Pacer(sensors, 1.0).run())
        stack.callback(pace.cancel)
        yield where


async def _listening(
    stack: contextlib.AsyncExitStack, profile: Profile, count: int, port: str, faults: Sequence[Fault]
) -> tuple[list[VirtualSensor], str]:
    air = VirtualRadio()
    server = await stack.enter_async_context(HciServer(VirtualController("adapter", air), int(port or 0)))
    sensors = []
    for number in range(1, count + 1):
        name = numbered(profile, number)
        controller = VirtualController(name, air)
        address = f"C4:00:00:00:00:{number:02X}"
        signals = _signals(number)
        sensors.append(
            VirtualSensor(profile, signals, name, address, controller, controller, faults=faults, seed=number)
        )
    return sensors, f"tcp:127.0.0.1:{server.port}"


async def _on_dongle(
    stack: contextlib.AsyncExitStack, profile: Profile, count: int, radio: str, faults: Sequence[Fault]
) -> tuple[list[VirtualSensor], str]:
    if count != 1:
        raise RadioError("one adapter is one sensor: leave --count at 1, or use --radio listen:0")
    source, sink = await stack.enter_async_context(open_hci(radio))
    name = profile.sim.advert_name
    return [VirtualSensor(profile, _signals(1), name, "C4:00:00:00:00:01", source, sink, faults=faults)], radio


def numbered(profile: Profile, number: int) -> str:
    """The advertised name of the first, second, ... sensor: it fits the profile and an advertisement.

    Raises: ScenarioError if there is none.
    """
    whole = profile.sim.advert_name
    for cut in range(len(whole) if number > 1 else 1):
        name = whole if number == 1 else f"{whole[: len(whole) - cut]}{number}"
        same = profile.matches(name, profile.match.service_uuids) and _variant(profile, name) == profile.variant
        if same and fits_advertisement(profile, name):
            return name
    raise ScenarioError(f"no name of {number} sensors of {profile.id!r} fits an advertisement: take fewer")


def _variant(profile: Profile, name: str) -> str | None:
    return None if profile.variant is None else find(profile.id, name=name).variant


def _signals(number: int) -> LegSignals:
    return LegSignals(Calf(scenario(SCENARIO), "left", number), "shank", number)
