"""What is special about each sensor's packets: parts, counters, modes, cuts, turns; and how the sensors are started."""

from __future__ import annotations

import struct
import tracemalloc

import numpy as np
import pytest

from monitor.acquisition.packet import Decoder, Packet
from monitor.acquisition.profile import find
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.sensor import SensorDecoder
from monitor.events import Notification

NPG_LITE = {variant: find("npg-lite", variant=variant) for variant in ("arduino", "idf", "3ch", "6ch", "band")}


def decoded(profile: Profile, char: str, hex_: str) -> Packet:
    packets = Decoder(profile).push(char, bytes.fromhex(hex_))
    assert [packet.error for packet in packets] == [None]
    return packets[0]


# --- NPG Lite: the name decides, the length cross-checks, every sample is counted ---


def npg_packet(first: int, n: int = 10) -> bytes:
    return b"".join(struct.pack(">B3H", (first + i) % 256, first + i, 2048, 2048) for i in range(n))


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        ("NPG-24587c01", "arduino"),
        ("NPG-LITE", "idf"),
        ("NPG-LITE-3CH:01", "3ch"),
        ("NPG-LITE-6CH:01", "6ch"),
        ("NPG-Lite-band-3CH:01", "band"),
        ("npg-lite-BAND-3ch:01", "band"),
    ],
)
def test_the_advertised_name_decides_the_variant(name, variant):
    profile = find("npg-lite", name=name)
    assert profile.matches(name)
    assert profile.variant == variant
    assert profile.streams["emg"].rate_nominal_hz == (250 if variant == "idf" else 500)
    assert len(profile.streams["emg"].channels) == (6 if variant == "6ch" else 3)
    assert ("acc" in profile.streams) == (variant == "band")


def test_a_packet_of_another_variant_is_refused_with_its_name():
    packets = Decoder(NPG_LITE["arduino"]).push(NPG_LITE["arduino"].uuid("data"), bytes(175))
    assert packets[0].error
    assert "idf" in packets[0].error
    assert "175" in packets[0].error


def test_npg_counts_go_on_over_the_wrap():
    decoder, data = Decoder(NPG_LITE["3ch"]), NPG_LITE["3ch"].uuid("data")
    packets = [decoder.push(data, npg_packet(first))[0] for first in range(200, 400, 10)]
    assert [packet.lost_before for packet in packets] == [0] * 20
    assert np.diff([packet.first_index for packet in packets]).tolist() == [10] * 19


def test_a_lost_npg_packet_is_ten_lost_samples_also_at_the_wrap():
    decoder, data = Decoder(NPG_LITE["3ch"]), NPG_LITE["3ch"].uuid("data")
    packets = [decoder.push(data, npg_packet(first))[0] for first in (230, 240, 260, 270)]
    assert [packet.lost_before for packet in packets] == [0, 0, 10, 0]


def test_npg_is_stopped_before_it_is_started():
    writes = [step.payload for step in NPG_LITE["idf"].step.start if step.op == "write"]
    assert writes == [b"STOP", b"START"]


# --- gForce: packets that do not fit the link come in parts ---

GFORCE = find("gforce")
GFORCE_PACKET = b"\x08" + struct.pack("<64H", *range(2048, 2112))


def parts(packet: bytes, room: int = 20) -> list[bytes]:
    chunks = [packet[at : at + room - 2] for at in range(0, len(packet), room - 2)]
    return [bytes([0xFF, len(chunks) - 1 - i]) + chunk for i, chunk in enumerate(chunks)]


def pushed(decoder: Decoder, char: str, payloads: list[bytes]) -> list[Packet]:
    return [packet for payload in payloads for packet in decoder.push(char, payload)]


def test_gforce_parts_at_mtu_23_make_the_whole_packet():
    found = pushed(Decoder(GFORCE), GFORCE.uuid("data"), parts(GFORCE_PACKET) * 3)
    assert [packet.packet for packet in found] == ["emg_12"] * 3
    assert found[0].counts["emg"].ravel().tolist() == list(range(2048, 2112))


def test_a_gforce_packet_with_a_missing_part_is_an_error_and_the_next_is_whole():
    pieces = parts(GFORCE_PACKET)
    found = pushed(Decoder(GFORCE), GFORCE.uuid("data"), pieces[:3] + pieces[4:] + pieces)
    assert [packet.packet for packet in found if not packet.error] == ["emg_12"]
    assert found[0].error
    assert found[-1].packet == "emg_12"


def test_gforce_whole_packets_and_parts_may_follow_each_other():
    found = pushed(Decoder(GFORCE), GFORCE.uuid("data"), [GFORCE_PACKET, *parts(GFORCE_PACKET), GFORCE_PACKET])
    assert [packet.packet for packet in found] == ["emg_12"] * 3


@pytest.mark.parametrize(
    ("options", "writes"),
    [
        ({}, ["4f00000000", "08", "3ff401ff00800c", "4f80000000"]),
        ({"resolution": "8"}, ["4f00000000", "08", "3f8a02ff008008", "4f80000000"]),
        ({"what": "quat"}, ["4f00000000", "08", "4f10000000"]),
    ],
)
def test_gforce_options_are_put_into_the_commands(options, writes):
    steps = find("gforce", options=options).step
    assert [step.payload.hex() for step in (*steps.setup, *steps.start) if step.op == "write"] == writes


# --- BioGAP-Ultra: samples that the board missed are seen inside a packet ---

BIOGAP = find("biogap-ultra")


def biogap_packet(counter: int, drdy: tuple[int, int, int, int], time_us: int = 0) -> bytes:
    samples = b"".join(bytes(45) + (1000 + n).to_bytes(3, "big") + bytes([n, 0]) for n in drdy)
    return b"\x55" + struct.pack("<HI", counter, time_us) + samples + b"\x01\x00\x00\xaa"


def test_biogap_numbers_are_big_endian_and_signed():
    raw = bytearray(biogap_packet(1, (0, 1, 2, 3)))
    raw[7:13] = bytes.fromhex("800000 7fffff")
    packet = decoded(BIOGAP, BIOGAP.uuid("data"), bytes(raw).hex())
    assert packet.counts["emg"][0, :3].tolist() == [-8388608, 8388607, 0]
    np.testing.assert_allclose(packet.streams["emg"][0, 1], 416666.67, rtol=1e-6)


def test_biogap_lost_packets_are_counted_in_samples():
    decoder, data = Decoder(BIOGAP), BIOGAP.uuid("data")
    packets = [
        decoder.push(data, biogap_packet(counter, drdy))[0]
        for counter, drdy in ((7, (250, 251, 252, 253)), (8, (254, 255, 0, 1)), (10, (6, 7, 8, 9)))
    ]
    assert [packet.lost_before for packet in packets] == [0, 0, 4]


def test_samples_that_the_board_missed_are_seen_inside_a_packet():
    payloads = [biogap_packet(7, (252, 253, 254, 255)), biogap_packet(8, (0, 1, 4, 5)), biogap_packet(9, (6, 7, 8, 9))]
    notifications = [Notification(0.0, "", BIOGAP.uuid("data"), payload) for payload in payloads]
    places = Decoder(BIOGAP).push_many(notifications).groups[0].places
    assert places.sample_index is not None
    assert np.diff(places.sample_index.ravel()).tolist() == [1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1]
    assert places.lost.tolist() == [0, 0, 0]


def test_a_board_whose_time_stands_still_gives_nothing_and_memory_stays_flat(monkeypatch):
    monkeypatch.setattr("monitor.acquisition.track.MOST_HELD", 100)
    monkeypatch.setattr("monitor.acquisition.clock.MOST_SEEN", 100)
    decoder, data = SensorDecoder(BIOGAP, "BioGAP"), BIOGAP.uuid("data")

    def grown_bytes(first, end):
        before, _ = tracemalloc.get_traced_memory()
        for n in range(first, end):
            packet = biogap_packet(n, tuple((4 * n + i) % 256 for i in range(4)))
            assert decoder.push(Notification(n * 0.2, "BioGAP", data, packet)) == []
        return tracemalloc.get_traced_memory()[0] - before

    tracemalloc.start()
    try:
        held, more = grown_bytes(0, 250), grown_bytes(250, 500)
    finally:
        tracemalloc.stop()
    assert more < held / 3  # each packet that is kept weighs the same


def test_samples_that_the_board_missed_come_as_rows_of_nan():
    sensor, rows = SensorDecoder(BIOGAP, "board", streams=("emg",)), []
    for n in range(600):
        first = 4 * n + (2 if n > 500 else 0)
        drdy = [first, first + 1, first + 2, first + 3]
        if n == 500:
            drdy[2:] = [first + 4, first + 5]
        payload = biogap_packet(n, tuple(each % 256 for each in drdy), first * 2000)
        arrival_s = 1.0 + first * 0.002 + 0.02
        rows += sensor.push(Notification(arrival_s, "board", BIOGAP.uuid("data"), payload))
    samples = np.concatenate([chunk.samples for chunk in rows])
    time_s = np.concatenate([chunk.time_s for chunk in rows])
    assert np.flatnonzero(np.isnan(samples[:, 0])).tolist() == [2002, 2003]
    assert np.allclose(np.diff(time_s), 0.002, atol=1e-5)


def test_biogap_passes_over_what_is_no_emg_and_no_motion():
    for length, head, tail in ((136, 0xAA, 0x55), (211, 0x70, 0x71), (211, 0x12, 0x00)):
        packet = decoded(BIOGAP, BIOGAP.uuid("data"), bytes([head, *bytes(length - 2), tail]).hex())
        assert packet.streams == {}


def test_a_biogap_packet_with_a_wrong_end_is_no_packet():
    wrong = biogap_packet(1, (0, 1, 2, 3))[:-1] + b"\xab"
    assert Decoder(BIOGAP).push(BIOGAP.uuid("data"), wrong)[0].error


# --- Xsens DOT: each mode has its characteristic and layout; a small MTU cuts ---


@pytest.mark.parametrize(("mode", "alias"), [("5", "short"), ("24", "medium"), ("26", "long")])
def test_dot_subscribes_where_its_mode_speaks_and_then_starts_it(mode, alias):
    steps = find("xsens-dot", options={"mode": mode}).step.start
    assert [(step.op, step.char) for step in steps] == [("subscribe", alias), ("write", "measurement")]
    assert steps[1].payload == bytes([1, 1, int(mode)])


def test_a_dot_packet_that_the_link_has_cut_is_said_to_be_cut():
    profile = find("xsens-dot", options={"mode": "24"})
    packet = Decoder(profile).push(profile.uuid("medium"), bytes(20))[0]
    assert packet.error
    assert "cut" in packet.error
    assert "MTU" in packet.error


def test_dot_acceleration_comes_in_g():
    profile = find("xsens-dot", options={"mode": "26"})
    raw = struct.pack("<I10f", 5, 1, 0, 0, 0, 9.80665, 0, -19.6133, 10, 20, 30) + bytes(19)
    packet = decoded(profile, profile.uuid("long"), raw.hex())
    np.testing.assert_allclose(packet.streams["acc"], [[1, 0, -2]], rtol=1e-6)
    np.testing.assert_allclose(packet.streams["gyro"], [[10, 20, 30]])


# --- Myo: four characteristics in turn, the motion packets between them count nothing ---


def test_the_turn_of_the_myo_is_not_broken_by_motion_packets():
    profile = find("myo")
    decoder = Decoder(profile)
    turn = ["emg0", "imu", "emg1", "emg2", "imu", "emg3", "emg0", "emg2"]
    found = [decoder.push(profile.uuid(alias), bytes(20 if alias == "imu" else 16))[0] for alias in turn]
    assert [packet.lost_before for packet in found if packet.packet == "emg"] == [0, 0, 0, 0, 0, 2]


# --- WitMotion ---


def test_witmotion_settings_are_unlocked_written_and_saved_in_this_order():
    steps = find("witmotion", options={"rate": "100"}).step.setup
    assert [step.payload.hex() for step in steps if step.op == "write"] == [
        "ffaa6988b5",
        "ffaa240100",
        "ffaa030900",
        "ffaa000000",
    ]
    assert [step.op for step in steps] == ["write", "delay"] * 4


def test_the_dual_mode_module_speaks_on_its_own_service():
    profile = find("witmotion", variant="issc")
    assert profile.uuid("frames") == "49535343-1e4d-4bd9-ba61-23c647249616"
    assert profile.gatt["frames"].props == ("notify",)


# --- what holds for every profile ---


@pytest.mark.parametrize("profile_id", ["gforce", "myo", "xsens-dot", "metamotion", "thingy52"])
def test_sensors_that_can_draw_attention_have_an_alert(profile_id):
    assert any(step.op == "write" for step in find(profile_id).step.alert)


@pytest.mark.parametrize("profile_id", ["myo", "metamotion", "thingy52", "sig-standard"])
def test_sensors_with_a_battery_service_tell_its_level(profile_id):
    profile = find(profile_id)
    packet = decoded(profile, "00002a19-0000-1000-8000-00805f9b34fb", "57")
    assert packet.streams["battery"].tolist() == [[87.0]]


def test_the_envelope_of_the_myoware_is_no_emg():
    profile = find("myoware")
    packet = decoded(profile, profile.uuid("text"), b"512".hex())
    assert packet.streams["envelope"].tolist() == [[512.0]]
    assert profile.quality.spectral_use == "none"
    assert {stream.kind for stream in profile.streams.values()} == {"envelope"}
