"""Does what a profile's steps say on a connected sensor: prepare it, subscribe, start the flow, stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from monitor.acquisition.profile_model import Characteristic, Profile, Step
from monitor.errors import LinkError

STEP_TIMEOUT_S = 3.0

OnPacket = Callable[[str, bytearray], None]


class UnsupportedSensorError(LinkError):
    """It goes by the right name but lacks what its profile needs."""


def require_characteristics(client: BleakClient, profile: Profile) -> None:
    """Raises: UnsupportedSensorError if a characteristic that the profile needs is not there."""
    for alias, spec in profile.gatt.items():
        if not spec.optional and _found(client, spec) is None:
            raise UnsupportedSensorError(
                f"it has no {alias!r} characteristic {spec.char} in service {spec.service}, so it is no {profile.model}"
            )


async def run_steps(client: BleakClient, profile: Profile, steps: Sequence[Step], on_packet: OnPacket) -> None:
    """Do the steps in order. on_packet(characteristic UUID, payload) gets every notification, in the loop's thread.

    Raises: BleakError or TimeoutError where a step fails that is not optional.
    """
    for step in steps:
        try:
            async with asyncio.timeout(STEP_TIMEOUT_S):
                await _run_step(client, profile, step, on_packet)
        except (BleakError, TimeoutError):
            if not step.optional or not client.is_connected:
                raise


async def _run_step(client: BleakClient, profile: Profile, step: Step, on_packet: OnPacket) -> None:
    if step.op != "delay":
        characteristic = _found(client, profile.gatt[step.char])
        if characteristic is None:
            raise BleakError(f"the sensor has no {step.char!r} characteristic")
        await _act(client, step, characteristic, on_packet)
    if step.delay_ms:
        await asyncio.sleep(step.delay_ms / 1000)


async def _act(client: BleakClient, step: Step, characteristic: BleakGATTCharacteristic, on_packet: OnPacket) -> None:
    match step.op:
        case "write":
            await client.write_gatt_char(characteristic, step.payload, response=step.response)
        case "read":
            await client.read_gatt_char(characteristic)
        case "subscribe":
            await client.start_notify(characteristic, partial(_pass_on, on_packet))
        case "unsubscribe":
            await client.stop_notify(characteristic)


def _pass_on(on_packet: OnPacket, characteristic: BleakGATTCharacteristic, payload: bytearray) -> None:
    on_packet(characteristic.uuid, payload)


def _found(client: BleakClient, spec: Characteristic) -> BleakGATTCharacteristic | None:
    service = client.services.get_service(spec.service)
    return service.get_characteristic(spec.char) if service is not None else None
