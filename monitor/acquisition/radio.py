"""Opens a radio: the system's Bluetooth, a dongle, another process, or a virtual radio. All speak bleak's language."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeAlias

from bleak import BleakClient, BleakScanner
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
_SCAN_ERRORS = (OSError, BleakError, EOFError)  # a TimeoutError is an OSError

OnAdvertisement = Callable[[BLEDevice, AdvertisementData], None]

_WITHOUT = "try `crampwatch demo` or `crampwatch replay FILE`"
_REASONS = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "this machine has no Bluetooth adapter",
    BleakBluetoothNotAvailableReason.POWERED_OFF: "Bluetooth is switched off; switch it on and start again",
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: "this program may not use Bluetooth; allow it in the settings",
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: "the system's policy forbids Bluetooth",
}

RadioSpec: TypeAlias = "str | HciAdapter"


class Radio:
    """One adapter: makes bleak's scanner and clients. Made by `open_radio`.

    lost : set when the adapter has gone; whoever notices it by an error sets it too.
    """

    def __init__(
        self,
        name: str,
        lost: asyncio.Event,
        scanner_backend: type[BaseBleakScanner] | None = None,
        client_backend: type[BaseBleakClient] | None = None,
    ) -> None:
        self.name = name
        self.lost = lost
        self._scanner_backend = scanner_backend
        self._client_backend = client_backend

    @contextlib.asynccontextmanager
    async def scanner(self, callback: OnAdvertisement) -> AsyncIterator[BleakScanner]:
        """Scan inside the `async with`; each advertisement goes to the callback. Have one at a time.

        Raises: RadioError if there is no Bluetooth to scan with.
        """
        scanner = BleakScanner(lambda device, heard: callback(device, heard), backend=self._scanner_backend)
        try:
            await scanner.start()
        except _SCAN_ERRORS as error:
            raise radio_error(self.name, error) from error
        try:
            yield scanner
        finally:
            with contextlib.suppress(*_SCAN_ERRORS):  # a radio that has gone cannot be told to stop
                await scanner.stop()

    def client(
        self, device: BLEDevice, on_disconnect: Callable[[], None], timeout_s: float = CONNECT_TIMEOUT_S
    ) -> BleakClient:
        """A client, not yet connected, for a device that the scanner has found."""
        return BleakClient(device, lambda _client: on_disconnect(), timeout=timeout_s, backend=self._client_backend)


@contextlib.asynccontextmanager
async def open_radio(spec: RadioSpec) -> AsyncIterator[Radio]:
    """Open a radio for as long as the `async with` lasts.

    spec : "os" (the system's Bluetooth), "tcp:HOST:PORT" (HCI of another process), "usb:0" or "serial:/dev/ttyACM0" (a
        dongle of one's own), or an HciAdapter (a virtual radio in this process).
    Raises: RadioError, one sentence on what is missing and what to do.
    """
    if spec == "os":
        yield Radio("os", asyncio.Event())
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


def _cause(name: str, error: Exception) -> str:
    if name.startswith("tcp:"):
        return f"nothing answers as a Bluetooth controller at {name} ({_first_line(error)})"
    if name != "os":
        return f"the adapter {name} cannot be opened ({_first_line(error)})"
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, "the system does not offer it")
    if isinstance(error, FileNotFoundError):
        return "the system message bus (D-Bus) is not running"
    if isinstance(error, BleakDBusError) and "ServiceUnknown" in error.dbus_error:
        return "the Bluetooth service (bluetoothd) is not running"
    return _first_line(error)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def adapter_is_gone(error: Exception) -> bool:
    """Whether an error of one sensor means that the adapter or the Bluetooth service itself has gone."""
    if isinstance(error, BleakDBusError):
        return any(word in error.dbus_error for word in ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected"))
    return isinstance(error, BleakBluetoothNotAvailableError | FileNotFoundError)
