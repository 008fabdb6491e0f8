"""What the tests of the radio share."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from airs import Air, VirtualAir
from bluez_stand_in.private_bus import private_bus

if TYPE_CHECKING:
    from bluez_air import BluezAir


@pytest.fixture(scope="session")
def bus_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A private D-Bus for all these tests; they are skipped where there cannot be one."""
    if sys.platform != "linux":
        pytest.skip("bleak's BlueZ backend is for Linux")
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("dbus-daemon is not installed: bleak's BlueZ backend has no bus to talk on")
    with private_bus(daemon, tmp_path_factory.mktemp("dbus")) as address:
        yield address


@pytest.fixture
def bluez(bus_address: str, monkeypatch: pytest.MonkeyPatch) -> BluezAir:
    """bleak's BlueZ backend, on the private bus for this one test."""
    from bluez_air import BluezAir

    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address)
    return BluezAir(bus_address)


@pytest.fixture(params=["virtual", "bluez"])
def air(request: pytest.FixtureRequest) -> Air:
    """A test that asks for it runs over both radios."""
    return VirtualAir() if request.param == "virtual" else request.getfixturevalue("bluez")
