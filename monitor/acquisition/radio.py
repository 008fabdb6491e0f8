"""Opens a radio: the system's Bluetooth, a dongle, another process, or a virtual radio. All speak bleak's language."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from monitor.errors import RadioError

if TYPE_CHECKING:
    from monitor.acquisition.bumble_transport import HciAdapter

CONNECT_TIMEOUT_S = 3.0
_START_S = 30.0  # a system may first ask the user whether this program may use Bluetooth
_STOP_S = 2.0
_UNKNOWN_RSSI_DBM = -127
_SCAN_ERRORS = (OSError, BleakError, EOFError)  # a TimeoutError is an OSError

OnAdvertisement = Callable[[BLEDevice, AdvertisementData], None]

_WITHOUT = "try `crampwatch demo` or `crampwatch replay FILE`"
_REASONS = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "this machine has no Bluetooth adapter",
    BleakBluetoothNotAvailableReason.POWERED_OFF: "Bluetooth is switched off: switch it on",
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: "this program may not use Bluetooth; allow it in the settings",
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: "the system's policy forbids Bluetooth",
}
_NO_SERVICE = "the Bluetooth service (bluetoothd) is not running"
_DBUS_CAUSES = {  # part of the error's name on the bus -> what it means here
    "ServiceUnknown": _NO_SERVICE,
    "NameHasNoOwner": _NO_SERVICE,
    "NoSuchUnit": _NO_SERVICE,
    "DBus.Error.NoReply": "the Bluetooth service (bluetoothd) does not answer",
    "UnknownObject": _REASONS[BleakBluetoothNotAvailableReason.NO_BLUETOOTH],
    "AccessDenied": "this user may not talk to the Bluetooth service; ask for membership of the group `bluetooth`",
    "org.bluez.Error.NotReady": _REASONS[BleakBluetoothNotAvailableReason.POWERED_OFF],
    "org.bluez.Error.InProgress": "the adapter is scanning for this program already",
}
_GONE = ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected", "org.bluez.Error.NotReady")

RadioSpec: TypeAlias = "str | HciAdapter"
RadioSpecs: TypeAlias = "RadioSpec | Sequence[RadioSpec]"


def adapters_of(specs: RadioSpecs) -> tuple[RadioSpec, ...]:
    """The adapters that are meant, one or several: "os:hci0,os:hci1" is two."""
    if isinstance(specs, str):
        return tuple(part.strip() for part in specs.split(",") if part.strip()) or ("os",)
    return tuple(specs) if isinstance(specs, Sequence) else (specs,)


class Radio:
    """One adapter: makes bleak's scanner and clients. Made by `open_radio`.

    lost : set when the adapter has gone; whoever notices it by an error sets it too.
    system_adapter : the system's name of it ("hci1"), where several are used; None = the system's default.
    """

    def __init__(
        self,
        name: str,
        lost: asyncio.Event,
        scanner_backend: type[BaseBleakScanner] | None = None,
        client_backend: type[BaseBleakClient] | None = None,
        system_adapter: str | None = None,
    ) -> None:
        self._bluez: Any = {} if system_adapter is None else {"adapter": system_adapter}
        self.name = name
        self.lost = lost
        self._scanner_backend = scanner_backend
        self._client_backend = client_backend

    @contextlib.asynccontextmanager
    async def scanner(self, callback: OnAdvertisement) -> AsyncIterator[BleakScanner]:
        """Scan inside the `async with`; each advertisement goes to the callback. Have one at a time.

        Raises: RadioError if there is no Bluetooth to scan with.
        """
        scanner = BleakScanner(
            lambda device, heard: callback(device, heard), bluez=self._bluez, backend=self._scanner_backend
        )
        try:
            async with asyncio.timeout(_START_S):
                await scanner.start()
        except _SCAN_ERRORS as error:
            raise radio_error(self.name, error) from error
        try:
            yield scanner
        finally:
            with contextlib.suppress(*_SCAN_ERRORS):  # a radio that has gone cannot be told to stop
                async with asyncio.timeout(_STOP_S):
                    await scanner.stop()

    async def left_connected(self, callback: OnAdvertisement) -> None:
        """Count as heard what the system holds a link to already, of a program that crashed, say: it is silent on air.

        Ask once, after the first scan has begun: a system whose Bluetooth was restarted may remember wrongly.
        """
        if self._scanner_backend is not None:  # an adapter of our own begins without links
            return
        with contextlib.suppress(NotImplementedError, *_SCAN_ERRORS):
            adapter = await BleakAdapter.get(bluez=self._bluez)
            for device in await adapter.get_connected_devices():
                callback(device, AdvertisementData(device.name, {}, {}, [], None, _UNKNOWN_RSSI_DBM, ()))

    def client(
        self, device: BLEDevice, on_disconnect: Callable[[], None], timeout_s: float = CONNECT_TIMEOUT_S
    ) -> BleakClient:
        """A client, not yet connected, for a device that the scanner has found."""
        return BleakClient(
            device,
            lambda _client: on_disconnect(),
            timeout=timeout_s,
            bluez=self._bluez,
            backend=self._client_backend,
        )


@contextlib.asynccontextmanager
async def open_radio(spec: RadioSpec) -> AsyncIterator[Radio]:
    """Open a radio for as long as the `async with` lasts.

    spec : "os" (the system's Bluetooth; "os:hci1" one adapter of it, Linux only), "tcp:HOST:PORT" (HCI of another
        process), "usb:0" or "serial:/dev/ttyACM0" (a dongle of one's own), or an HciAdapter (a virtual radio in this
        process).
    Raises: RadioError, one sentence on what is missing and what to do.
    """
    if isinstance(spec, str) and (spec == "os" or spec.startswith("os:")):
        yield Radio(spec, asyncio.Event(), system_adapter=spec.removeprefix("os").removeprefix(":") or None)
        return
    from monitor.acquisition.bumble_backend import backends
    from monitor.acquisition.bumble_central import Central
    from monitor.acquisition.bumble_transport import BUMBLE_ERRORS, open_hci

    name = spec if isinstance(spec, str) else "virtual"
    async with contextlib.AsyncExitStack() as stack:
        try:
            source, sink = await stack.enter_async_context(open_hci(spec) if isinstance(spec, str) else spec.open_hci())
            central = await Central.open(source, sink)
        except BUMBLE_ERRORS as error:
            raise radio_error(name, error) from error
        stack.push_async_callback(central.close)
        scanner_backend, client_backend = backends(central)
        yield Radio(name, central.lost, scanner_backend, client_backend)


def radio_error(name: str, error: Exception) -> RadioError:
    """The plain sentence for an error met while opening or using a radio; it ends with what to do."""
    return RadioError(f"no Bluetooth here: {_cause(name, error)}; {_WITHOUT}")


def outage(error: RadioError) -> str:
    """The sentence without its advice, for a radio that was there before and is waited for."""
    return str(error).removesuffix(f"; {_WITHOUT}")


def _cause(name: str, error: Exception) -> str:
    if name.startswith("tcp:"):
        return f"nothing answers as a Bluetooth controller at {name} ({_first_line(error)})"
    if not name.startswith("os"):
        return f"the adapter {name} cannot be opened ({_first_line(error)})"
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, "the system does not offer it")
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "the system message bus (D-Bus) is not running"
    if isinstance(error, TimeoutError):
        return "the system's Bluetooth does not answer"
    if isinstance(error, BleakDBusError):
        causes = (cause for part, cause in _DBUS_CAUSES.items() if part in error.dbus_error)
        return next(causes, _first_line(error))
    return _first_line(error)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def adapter_is_gone(error: Exception) -> bool:
    """Whether an error of one sensor means that the adapter or the Bluetooth service itself has gone."""
    if isinstance(error, BleakDBusError):
        return any(word in error.dbus_error for word in _GONE)
    return isinstance(error, BleakBluetoothNotAvailableError | FileNotFoundError | ConnectionRefusedError)


def service_is_another(error: Exception) -> bool:
    """Whether an error of a standing link means that bluetoothd was restarted: it never heard of the device."""
    return isinstance(error, BleakDBusError) and "UnknownObject" in error.dbus_error
