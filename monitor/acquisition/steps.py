"""Does what a profile's steps say on a connected sensor: prepare it, subscribe, start the flow, stop it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from monitor.acquisition.link_model import Characteristic, Expect, Step
from monitor.acquisition.profile_model import Profile
from monitor.errors import LinkError

STEP_TIMEOUT_S = 3.0

OnPacket = Callable[[str, bytearray], None]
OnRemark = Callable[[str], None]


class UnsupportedSensorError(LinkError):
    """It goes by the right name but lacks what its profile needs."""


def require_characteristics(client: BleakClient, profile: Profile) -> None:
    """Raises: UnsupportedSensorError if a characteristic that the profile needs is not there."""
    for alias, spec in profile.gatt.items():
        if not spec.optional and found(client, spec) is None:
            raise UnsupportedSensorError(
                f"it has no {alias!r} characteristic {spec.char} in service {spec.service}, so it is no {profile.model}"
            )


class Dialogue:
    """The conversation with one connected sensor, one step at a time.

    on_packet : takes (characteristic UUID, payload) of every notification, in the loop's thread.
    on_read : takes the same of what a read step reads, where a packet of the profile stands on the characteristic.
    on_remark : takes a sentence where an answer that a step expects does not come and that is no reason to give up.
    """

    def __init__(
        self,
        client: BleakClient,
        profile: Profile,
        on_packet: OnPacket,
        on_read: OnPacket | None = None,
        on_remark: OnRemark | None = None,
    ) -> None:
        self.client = client
        self._profile = profile
        self._on_packet = on_packet
        self._on_read = on_read or on_packet
        self._on_remark = on_remark or (lambda _: None)
        self._lock = asyncio.Lock()
        self._awaited: list[tuple[str, bytes, asyncio.Event]] = []
        self._readable = {profile.uuid(char) for packet in profile.packets for char in packet.chars}

    async def run(self, steps: Sequence[Step]) -> None:
        """Do the steps in order.

        Raises: BleakError or TimeoutError where a step fails that is not optional; LinkError where the answer is
        missing without which one cannot go on.
        """
        async with self._lock:
            for step in steps:
                try:
                    await self._expecting(step)
                except (BleakError, TimeoutError):
                    if not step.optional or not self.client.is_connected:
                        raise

    async def _expecting(self, step: Step) -> None:
        """One step, and the answer to it."""
        if step.expect is None:
            await self._timed(step)
            return
        async with self._answer(step.expect):
            await self._timed(step)

    async def _timed(self, step: Step) -> None:
        async with asyncio.timeout(STEP_TIMEOUT_S + step.delay_ms / 1000):
            if step.op != "delay":
                await self._act(step, self._needed(step.char))
            if step.delay_ms:
                await asyncio.sleep(step.delay_ms / 1000)

    @contextlib.asynccontextmanager
    async def _answer(self, expect: Expect) -> AsyncIterator[None]:
        """Around the step: wait for its answer, too. Raises: LinkError if it does not come and that matters."""
        awaited = (self._profile.uuid(expect.char), bytes.fromhex(expect.hex), asyncio.Event())
        self._awaited.append(awaited)
        try:
            yield
            async with asyncio.timeout(expect.timeout_ms / 1000):
                await awaited[2].wait()
        except TimeoutError:
            sentence = f"no answer {expect.hex} on {expect.char} within {expect.timeout_ms / 1000:g} s"
            if expect.on_fail == "abort":
                raise LinkError(f"it does not do as it is told: {sentence}") from None
            self._on_remark(sentence)
        finally:
            self._awaited.remove(awaited)

    async def _act(self, step: Step, characteristic: BleakGATTCharacteristic) -> None:
        match step.op:
            case "write":
                await self.client.write_gatt_char(characteristic, step.payload, response=step.response)
            case "read":
                content = await self.client.read_gatt_char(characteristic)
                if characteristic.uuid in self._readable:
                    self._on_read(characteristic.uuid, content)
            case "subscribe":
                await self.client.start_notify(characteristic, self._hear)
            case "unsubscribe":
                await self.client.stop_notify(characteristic)

    def _hear(self, characteristic: BleakGATTCharacteristic, payload: bytearray) -> None:
        for char, prefix, come in self._awaited:
            if char == characteristic.uuid and payload.startswith(prefix):
                come.set()
        self._on_packet(characteristic.uuid, payload)

    def _needed(self, alias: str) -> BleakGATTCharacteristic:
        characteristic = found(self.client, self._profile.gatt[alias])
        if characteristic is None:
            raise BleakError(f"the sensor has no {alias!r} characteristic")
        return characteristic


def found(client: BleakClient, spec: Characteristic) -> BleakGATTCharacteristic | None:
    """The characteristic on this sensor, None if it is not there."""
    service = client.services.get_service(spec.service)
    return service.get_characteristic(spec.char) if service is not None else None
