"""bleak's own BlueZ backend as the radio: the bluetoothd that it talks to is a stand-in in the room. Linux only."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator

from bluez_stand_in.service import BluetoothService, bluetooth_service
from radio_rig import Room

from monitor.acquisition.radio import Radio, RadioSpec, open_radio


class BluezAir:
    """The system's radio, where the system's bluetoothd is a stand-in in the room."""

    def __init__(self, bus_address: str) -> None:
        self.bus_address = bus_address

    @contextlib.asynccontextmanager
    async def radio(self, room: Room) -> AsyncIterator[Radio]:
        """A radio in this event loop, where bluetoothd is, too."""
        async with bluetooth_service(room, self.bus_address), open_radio("os") as radio:
            yield radio

    @contextlib.contextmanager
    def spec(self, room: Room) -> Iterator[RadioSpec]:
        """What a live source opens; bluetoothd is in a thread of its own."""
        with self.service_of(room):
            yield "os"

    @contextlib.contextmanager
    def service_of(self, room: Room) -> Iterator[BluetoothService]:
        """A bluetoothd in a thread of its own; its loop is the room's (`room.call`)."""
        up, services, ending = threading.Event(), [], asyncio.Event()

        async def live() -> None:
            async with bluetooth_service(room, self.bus_address) as service:
                services.append(service)
                up.set()
                await ending.wait()

        thread = threading.Thread(target=lambda: asyncio.run(live()), name="bluetoothd")
        thread.start()
        assert up.wait(5), "the stand-in bluetoothd did not come up"
        try:
            yield services[0]
        finally:
            room.call(ending.set)
            thread.join()
