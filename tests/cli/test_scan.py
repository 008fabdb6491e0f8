"""`scan` and `virtual`: what is in range, and virtual sensors for other programs."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from monitor.acquisition.in_range import in_range, listen
from monitor.acquisition.profile import find
from monitor.cli.virtual import virtual
from monitor.errors import RadioError
from monitor.simulation.faults import Fault, FaultKind
from monitor.simulation.standalone import standalone

PROFILES = [find("umyo"), find("myo"), find("witmotion")]


def heard(name, service_data=None, uuids=()):
    device = BLEDevice("C4:00:00:00:00:01", name, None)
    return in_range(device, AdvertisementData(name, {}, service_data or {}, list(uuids), None, -61, ()), PROFILES)


def test_virtual_sensors_are_heard_by_another_program_with_their_profile():
    async def session():
        async with standalone(find("myo"), 2, "listen:0") as where:
            return await listen(where, 0.6)

    found = asyncio.run(session())
    assert [(sensor.name, sensor.profile) for sensor in found] == [("Myo", "myo"), ("Myo2", "myo")]


def test_virtual_sensors_get_the_faults_that_are_asked_for(monkeypatch):
    asked = []

    @contextlib.asynccontextmanager
    async def on_air(profile, count, radio, faults):
        asked.append((profile.id, count, faults))
        yield radio

    monkeypatch.setattr("monitor.simulation.standalone.standalone", on_air)
    virtual("umyo", fault=["drop%10", "stall@2-3"], count=2, seconds=0.01)
    assert asked == [("umyo", 2, [Fault(FaultKind.DROP, share=0.1), Fault(FaultKind.STALL, 2.0, 3.0)])]


def test_what_is_not_said_is_unknown():
    sensor = heard("uMyo-AB")
    assert (sensor.profile, sensor.rssi_dbm, sensor.battery) == ("umyo", -61, None)
    assert heard("kettle").profile is None


def test_a_battery_in_the_advertisement_is_told():
    level = {"0000180f-0000-1000-8000-00805f9b34fb": bytes([80])}
    assert heard("uMyo-AB", level).battery == 0.8


def test_one_dongle_is_one_sensor():
    async def session():
        async with standalone(find("umyo"), 2, "usb:0"):
            pass

    with pytest.raises(RadioError, match="one sensor"):
        asyncio.run(session())
