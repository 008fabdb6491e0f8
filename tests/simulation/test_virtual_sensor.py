"""Virtual sensors: the bytes on air are those of the profile, whatever the link and the central do."""

from __future__ import annotations

import asyncio
import contextlib
import itertools

import numpy as np
import pytest

from monitor.acquisition.packet import Decoder, encode
from monitor.acquisition.profile import find
from monitor.acquisition.radio import open_radio
from monitor.errors import ScenarioError
from monitor.simulation.capacity import NOTIFICATIONS_PER_S, largest_speed, notifications_per_s
from monitor.simulation.kit import items, virtual_team
from monitor.simulation.packing import Packer
from monitor.simulation.peripheral import advertisement
from monitor.simulation.radio import VirtualController, VirtualRadio
from monitor.simulation.sensor import VirtualSensor

UMYO, MYO, WIT = find("umyo"), find("myo"), find("witmotion")


class Ramp:
    """A source whose sample i is i % 100 in every channel."""

    def __init__(self, rate_hz, n_channels):
        self.rate_hz, self.n_channels, self.next = rate_hz, n_channels, 0

    def read(self, n_samples):
        index = np.arange(self.next, self.next + n_samples)
        self.next += n_samples
        return index / self.rate_hz, np.repeat((index % 100)[:, None], self.n_channels, axis=1).astype(float)

    def seek(self, time_s):
        self.next = int(np.ceil(time_s * self.rate_hz))


class Signals:
    def emg(self, rate_hz, n_channels):
        return Ramp(rate_hz, n_channels)

    def imu(self, rate_hz):
        return Ramp(rate_hz, 6)

    def quat(self, rate_hz):
        return Ramp(rate_hz, 4)


@contextlib.asynccontextmanager
async def one_sensor(profile, name, start_s=0.0):
    """A sensor whose time the test moves, and a connected client."""
    virtual = VirtualRadio()
    controller = VirtualController(name, virtual)
    sensor = VirtualSensor(profile, Signals(), name, "C4:00:00:00:00:01", controller, controller, start_s=start_s)
    await sensor.start()
    heard = asyncio.get_running_loop().create_future()

    def hear(device, _):
        if not heard.done():
            heard.set_result(device)

    async with open_radio(virtual) as radio, radio.scanner(hear):
        client = radio.client(await asyncio.wait_for(heard, 5), lambda: None)
        async with client:
            yield sensor, client


async def listen(client, profile, *aliases):
    """Subscribe and collect (alias, payload)."""
    got = []
    for alias in aliases:

        def take(_, payload, alias=alias):
            got.append((alias, bytes(payload)))

        await client.start_notify(profile.uuid(alias), take)
    return got


def test_the_true_rate_is_the_profiles_not_the_nominal_one():
    async def session():
        async with one_sensor(UMYO, "uMyo-1L") as (sensor, client):
            got = await listen(client, UMYO, "telemetry")
            for step in range(1, 101):
                sensor.advance(step / 10)
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.05)
        emg = [payload for _, payload in got if len(payload) == 52]
        aux = [payload for _, payload in got if len(payload) == 26]
        assert len(emg) == int(10 * 1137.3) // 24
        assert len(aux) == 181  # one at the very start

    asyncio.run(session())


def test_samples_arrive_as_they_were_and_no_counter_step_is_missing():
    async def session():
        async with one_sensor(UMYO, "uMyo-1L", start_s=2.0) as (sensor, client):
            got = await listen(client, UMYO, "telemetry")
            for step in range(1, 31):
                sensor.advance(2 + step / 10)
                await asyncio.sleep(0.002)
            await asyncio.sleep(0.05)
        decoder = Decoder(UMYO)
        packets = [packet for _, payload in got for packet in decoder.push(UMYO.uuid("telemetry"), payload)]
        emg = [packet for packet in packets if packet.packet == "emg"]
        first_made = int(np.ceil(2.0 * 1137.3))
        assert emg[0].fields["counter"] == UMYO.sim.start_index + first_made
        assert not any(packet.lost_before for packet in emg)
        samples = np.concatenate([packet.streams["emg"][:, 0] for packet in emg])
        expected = (first_made + np.arange(len(samples))) % 100
        np.testing.assert_allclose(samples, expected, atol=0.51 * UMYO.streams["emg"].gain)

    asyncio.run(session())


def test_the_counter_runs_on_while_nobody_is_connected_and_a_fresh_link_gets_a_stale_burst():
    async def session():
        async with one_sensor(UMYO, "uMyo-1L") as (sensor, client):
            sensor.advance(10.0)
            got = await listen(client, UMYO, "telemetry")
            sensor.advance(10.0)
            await asyncio.sleep(0.05)
        counters = [int.from_bytes(payload[:4], "little") for _, payload in got if len(payload) == 52]
        newest = UMYO.sim.start_index + int(10 * 1137.3) // 24 * 24 - 24
        assert counters[-1] == newest
        assert 1 < len(counters) <= round(0.23 * 1137.3 / 24)

    asyncio.run(session())


def test_a_sensor_with_commands_starts_and_stops_at_them():
    async def session():
        async with one_sensor(MYO, "Myo") as (sensor, client):
            got = await listen(client, MYO, "emg0", "emg1", "emg2", "emg3")
            sensor.advance(1.0)
            await asyncio.sleep(0.02)
            assert got == []
            await client.write_gatt_char(MYO.uuid("command"), bytes.fromhex("0103030100"), response=True)
            sensor.advance(1.1)
            await asyncio.sleep(0.02)
            assert len(got) > 5
            await client.write_gatt_char(MYO.uuid("command"), bytes.fromhex("0103000000"), response=True)
            n_before = len(got)
            sensor.advance(2.0)
            await asyncio.sleep(0.02)
            assert len(got) == n_before

    asyncio.run(session())


def test_the_four_characteristics_take_turns():
    async def session():
        async with one_sensor(MYO, "Myo") as (sensor, client):
            await client.write_gatt_char(MYO.uuid("command"), bytes.fromhex("0103030100"), response=True)
            got = await listen(client, MYO, "emg0", "emg1", "emg2", "emg3")
            for step in range(1, 21):
                sensor.advance(step / 20)
                await asyncio.sleep(0.002)
            await asyncio.sleep(0.02)
        order = [int(alias[-1]) for alias, _ in got]
        assert len(order) > 90
        assert all((b - a) % 4 == 1 for a, b in itertools.pairwise(order))

    asyncio.run(session())


@pytest.mark.parametrize("mtu", [23, 185, 247])
def test_frames_share_notifications_as_far_as_the_mtu_lets_them(mtu):
    async def session():
        async with one_sensor(WIT, "WT1LS") as (sensor, client):
            client._backend._connection.att_mtu = mtu  # as if less had been agreed
            sensor.peripheral._connection.att_mtu = mtu
            got = await listen(client, WIT, "frames")
            for step in range(1, 11):
                sensor.advance(step / 5)
                await asyncio.sleep(0.002)
            await asyncio.sleep(0.02)
        sizes = {len(payload) for _, payload in got}
        assert max(sizes) <= mtu - 3 and all(size % 20 == 0 for size in sizes)
        assert sum(len(payload) for _, payload in got) >= 20 * 40
        assert sensor.oversized == 0

    asyncio.run(session())


@pytest.mark.parametrize(("profile", "sizes"), [(UMYO, {20}), (find("biogap-ultra"), set())], ids=["cut", "silent"])
def test_a_packet_that_does_not_fit_the_mtu_is_cut_or_missing_as_the_profile_says(profile, sizes):
    async def session():
        async with one_sensor(profile, profile.sim.advert_name) as (sensor, client):
            sensor.peripheral._connection.att_mtu = 23
            alias = profile.packet(profile.sim.notify[0].packet).chars[0]
            got = await listen(client, profile, alias)
            for step in profile.step.start:
                if step.op == "write":
                    await client.write_gatt_char(profile.uuid(step.char), step.payload, response=step.response)
            sensor.advance(1.0)
            await asyncio.sleep(0.02)
            assert {len(payload) for _, payload in got} == sizes and sensor.oversized > 0

    asyncio.run(session())


@pytest.mark.parametrize("profile", [UMYO, MYO, WIT], ids=lambda profile: profile.id)
def test_packing_many_equals_encoding_one_by_one(profile):
    for notify in profile.sim.notify:
        spec = profile.packet(notify.packet)
        packer = Packer(profile, spec)
        n = 3 * packer.samples_per_packet
        streams = profile.streams_of(spec)
        counts = {name: np.arange(n * len(stream.channels)).reshape(n, -1) % 100 for name, stream in streams.items()}
        first = 2**32 - 30
        packed = packer.pack(counts, first)
        for number, packet in enumerate(packed):
            rows = slice(number * packer.samples_per_packet, (number + 1) * packer.samples_per_packet)
            index = first + rows.start
            counter = profile.counter_of(spec)
            fields = {counter.field: index % 2**32} if counter else {}
            assert packet == encode(profile, spec.id, {name: table[rows] for name, table in counts.items()}, fields)


def test_every_virtual_sensor_fits_its_advertisement_and_matches_its_profile():
    for athlete in (1, 15, 30):
        for item in items(athlete):
            profile = find(item.profile_id)
            assert len(advertisement(profile, item.name)) <= 31
            assert profile.matches(item.name)
    names = [sensor.match for athlete in virtual_team(30).athletes for sensor in athlete.sensors]
    assert len(set(names)) == 180


def test_a_name_too_long_for_an_advertisement_is_refused():
    with pytest.raises(ScenarioError, match="too long"):
        advertisement(MYO, "a very long name")


def test_the_largest_speed_is_what_the_radio_carries():
    kit = [(UMYO, 2), (WIT, 4)]
    speed = largest_speed(kit)
    assert speed >= 10
    assert sum(n * notifications_per_s(profile, speed) for profile, n in kit) <= NOTIFICATIONS_PER_S
    assert sum(n * notifications_per_s(profile, speed + 1) for profile, n in kit) > NOTIFICATIONS_PER_S
    assert largest_speed([(UMYO, 60), (WIT, 120)]) < 1
