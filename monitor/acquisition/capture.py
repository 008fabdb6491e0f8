"""Records what an unknown sensor says: advertisements, GATT table, values and raw notifications, to begin a profile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from monitor.acquisition.farewell import LINK_ERRORS
from monitor.acquisition.radio import Radio, RadioSpec, open_radio
from monitor.acquisition.sightings import Sighting, Sightings
from monitor.errors import LinkError, RecordingError

FORMAT = 1
_FIND_S = 15.0
_CONNECT_S = 10.0
_READ_S = 3.0
_LISTEN_S = 1.0  # to advertisements, before the link is made
_NOTIFYING = {"notify", "indicate"}


class Capture:
    """The lines of one capture, each a JSON object with its `kind`; `t` is in seconds since the beginning."""

    def __init__(self, file: TextIO) -> None:
        self.records: list[dict[str, Any]] = []
        self._file = file
        self._start_s = asyncio.get_running_loop().time()

    def tell(self, kind: str, **facts: object) -> None:
        """Write one line."""
        t = round(asyncio.get_running_loop().time() - self._start_s, 6)
        record = {"kind": kind, "t": t} | facts
        self.records.append(record)
        self._file.write(json.dumps(record) + "\n")


@contextlib.contextmanager
def new_capture_file(path: Path) -> Iterator[TextIO]:
    """A new file that only its owner may read: it names a device. Where nothing was written into it none is left.

    Raises: RecordingError if it cannot be written.
    """
    try:
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"cannot write the capture {path}: {error}") from error
    try:
        with file:
            yield file
    finally:
        if not path.stat().st_size:
            path.unlink()


async def capture(
    spec: RadioSpec, name: str, seconds: float, file: TextIO, writes: Sequence[tuple[str, bytes]] = ()
) -> list[dict[str, Any]]:
    """Capture the sensor of that name or address for so long; all records.

    writes : (characteristic UUID, bytes) that are written once all is subscribed to, such as a start command.
    Raises: RadioError; LinkError if the sensor is not found or its link fails.
    """
    told = Capture(file)
    async with open_radio(spec) as radio:
        sighting = await _find(radio, name, told)
        lost = asyncio.Event()
        client = radio.client(sighting.device, lost.set, _CONNECT_S)
        try:
            await client.connect()
            _tell_table(client, told)
            await _read_all(client, told)
            await _listen(client, told, writes, seconds, lost)
        except (BleakError, OSError) as error:
            raise LinkError(f"the link to {name} failed: {str(error) or 'no answer in time'}") from error
        finally:
            with contextlib.suppress(*LINK_ERRORS):
                await client.disconnect()
    return told.records


async def _find(radio: Radio, name: str, told: Capture) -> Sighting:
    sightings = Sightings()

    def hear(device: BLEDevice, heard: AdvertisementData) -> None:
        sighting = sightings.hear(device, heard)
        if name in sighting.names or name.upper() in sighting.names:
            _tell_advert(sighting, told)

    async with radio.scanner(hear):
        try:
            async with asyncio.timeout(_FIND_S):
                await sightings.after(name, 0.0)
        except TimeoutError:
            raise LinkError(f"no sensor {name!r} is in range; `crampwatch scan --all` shows who is") from None
        await asyncio.sleep(_LISTEN_S)
        return sightings.of(name)[0]


def _tell_advert(sighting: Sighting, told: Capture) -> None:
    heard = sighting.heard
    told.tell(
        "advert",
        name=sighting.name,
        address=sighting.device.address,
        rssi_dbm=heard.rssi,
        services=heard.service_uuids,
        manufacturer={str(company): content.hex() for company, content in heard.manufacturer_data.items()},
        service_data={uuid: content.hex() for uuid, content in heard.service_data.items()},
    )


def _tell_table(client: BleakClient, told: Capture) -> None:
    for service in client.services:
        for found in service.characteristics:
            room = found.max_write_without_response_size
            told.tell("gatt", service=service.uuid, char=found.uuid, props=list(found.properties), room=room)


async def _read_all(client: BleakClient, told: Capture) -> None:
    for found in client.services.characteristics.values():
        if "read" not in found.properties:
            continue
        try:
            async with asyncio.timeout(_READ_S):
                told.tell("read", char=found.uuid, hex=bytes(await client.read_gatt_char(found)).hex())
        except (BleakError, TimeoutError) as error:
            told.tell("refused", char=found.uuid, what="read", reason=str(error))


async def _listen(
    client: BleakClient, told: Capture, writes: Sequence[tuple[str, bytes]], seconds: float, lost: asyncio.Event
) -> None:
    def hear(found: BleakGATTCharacteristic, payload: bytearray) -> None:
        told.tell("notification", char=found.uuid, hex=payload.hex())

    for found in client.services.characteristics.values():
        if _NOTIFYING.intersection(found.properties):
            await _tried(told, "subscribe", found.uuid, partial(client.start_notify, found, hear))
    for char, payload in writes:
        found = client.services.get_characteristic(char)
        answered = found is not None and "write-without-response" not in found.properties
        await _tried(told, "write", char, partial(client.write_gatt_char, char, payload, response=answered))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await lost.wait()
            told.tell("lost")


async def _tried(told: Capture, what: str, char: str, act: Any) -> None:
    """Do it; a refusal is a finding, not an end."""
    try:
        await act()
        told.tell(what, char=char)
    except BleakError as error:
        told.tell("refused", char=char, what=what, reason=str(error))
