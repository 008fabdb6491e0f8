"""The stand-in bluetoothd: puts the objects on the bus, answers the calls; it can hang, die and come back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine

from dbus_fast import Message, MessageType, RequestNameReply
from dbus_fast.aio import MessageBus

from bluez_stand_in.adapter import Adapter
from bluez_stand_in.calls import CallError, answer
from bluez_stand_in.objects import OBJECT_MANAGER, ObjectTree
from monitor.acquisition.radio import Radio, RadioSpec, open_radio

_NAME = "org.bluez"
_BUS = "org.freedesktop.DBus"
_WATCH = f"type='signal',sender='{_BUS}',interface='{_BUS}',member='NameOwnerChanged'"


class BluetoothService:
    """A bluetoothd over one radio. `start` begins a life, `die` ends it without a word to anybody.

    powered : whether the adapter is switched on. forget_after_s : as of the adapter.
    """

    def __init__(self, radio: Radio, bus_address: str, powered: bool = True, forget_after_s: float = 30.0) -> None:
        self._radio = radio
        self._bus_address = bus_address
        self._powered, self._forget_after_s = powered, forget_after_s
        self._tasks: set[asyncio.Task[None]] = set()
        self._hung = False
        self.alive = False

    async def start(self) -> None:
        """Come up with the adapter and no device known."""
        self._bus = await MessageBus(bus_address=self._bus_address).connect()
        self._tree = ObjectTree(self._bus.send)
        self.adapter = Adapter(self._tree, self._radio, self._powered, self._forget_after_s)
        self._bus.add_message_handler(self._on_message)
        await self._bus.call(Message(_BUS, "/org/freedesktop/DBus", _BUS, "AddMatch", signature="s", body=[_WATCH]))
        assert await self._bus.request_name(_NAME) is RequestNameReply.PRIMARY_OWNER
        self.alive = True
        self._tree.add(self.adapter)

    async def hang(self) -> None:
        """Stay on the bus, answer nothing, tell nothing."""
        self._hung = True
        self._tree.mute()

    async def die(self) -> None:
        """Vanish from the bus; its links end, and nobody on the bus is told."""
        if not self.alive:
            return
        self.alive = False
        self._tree.mute()
        await self._bus.release_name(_NAME)
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.adapter.power(on=False)

    def _on_message(self, message: Message) -> bool:
        if message.message_type is MessageType.SIGNAL:
            if message.member == "NameOwnerChanged" and not message.body[2]:
                self._begin(self._on_leave(message.body[0]))
            return False
        ours = message.message_type is MessageType.METHOD_CALL and (message.interface or "").startswith(
            (_NAME, OBJECT_MANAGER)
        )
        if ours and not self._hung:
            self._begin(self._reply(message))
        return ours

    async def _reply(self, call: Message) -> None:
        reply = await answer(self._tree, call)
        if self.alive:
            await self._bus.send(reply)

    async def _on_leave(self, client: str) -> None:
        for shown in self._tree:
            with contextlib.suppress(CallError):  # the device may have gone as well
                await shown.on_leave(client)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@contextlib.asynccontextmanager
async def bluetooth_service(
    beneath: RadioSpec, bus_address: str, powered: bool = True, forget_after_s: float = 30.0
) -> AsyncIterator[BluetoothService]:
    """A living service on the bus, over the radio of that spec, as long as the `async with` lasts."""
    async with open_radio(beneath) as radio:
        service = BluetoothService(radio, bus_address, powered, forget_after_s)
        await service.start()
        try:
            yield service
        finally:
            await service.die()
