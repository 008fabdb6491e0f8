"""Packets: golden ones, some counted byte by byte, cut ones, broken ones; and back to bytes."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.acquisition.counting import Order
from monitor.acquisition.packet import Decoder, encode, to_counts
from monitor.acquisition.profile import find
from monitor.errors import PacketError
from monitor.events import Notification

GOLDEN = Path(__file__).parents[3] / "shared" / "packets.json"
UMYO, MYO, WIT = find("umyo"), find("myo"), find("witmotion")
PROFILES = {profile.id: profile for profile in (UMYO, MYO, WIT)}
TELEMETRY, FRAMES = UMYO.uuid("telemetry"), WIT.uuid("frames")


def one(profile, alias, payload):
    packets = Decoder(profile).push(profile.uuid(alias), payload)
    assert len(packets) == 1
    return packets[0]


def emg_bytes(index, n=24):
    return struct.pack(f"<I{n}h", index, *range(7000, 7000 + n))


def golden(device, part=""):
    if not GOLDEN.exists():
        pytest.skip("the golden packets (../shared/packets.json) are not beside this checkout")
    vectors = json.loads(GOLDEN.read_text(encoding="utf-8"))["vectors"]
    return next(v for v in vectors if v["device"] == device and part in v["hex"])


def decoded(profile, vector):
    packets = Decoder(profile).push(vector["char"], bytes.fromhex(vector["hex"]))
    assert [packet.error for packet in packets] == [None]
    return packets[0]


def test_golden_umyo_emg():
    packet = decoded(UMYO, golden("umyo", "e8030000"))
    assert packet.first_index == packet.fields["counter"] == 1000
    assert packet.counts["emg"].tolist() == [[count] for count in range(7880, 8111, 10)]
    np.testing.assert_allclose(packet.streams["emg"][[0, 12], 0], [-120 * 2.747, 0.0])


def test_golden_umyo_motion():
    vector = golden("umyo", "00403b02")
    packet = decoded(UMYO, vector)
    assert packet.lost_before is None
    np.testing.assert_allclose(packet.streams["acc"][0], vector["expect"]["acc_g"])
    np.testing.assert_allclose(packet.streams["gyro"][0], vector["expect"]["gyro_dps"], atol=1e-3)
    np.testing.assert_allclose(packet.streams["quat"][0], vector["expect"]["quat_wxyz"])
    assert packet.counts["gyro"].tolist() == [vector["expect"]["gyro_raw"]]


def test_golden_myo():
    assert decoded(MYO, golden("myo-emg")).counts["emg"].tolist() == golden("myo-emg")["expect"]
    motion, expect = decoded(MYO, golden("myo-imu")), golden("myo-imu")["expect"]
    np.testing.assert_allclose(motion.streams["quat"][0], expect["quat_wxyz"], atol=2e-4)
    np.testing.assert_allclose(motion.streams["acc"][0], expect["acc_g"], atol=1e-5)
    np.testing.assert_allclose(motion.streams["gyro"][0], expect["gyro_dps"])
    assert list(decoded(MYO, golden("myo-fv")).fields.values()) == golden("myo-fv")["expect"]


def test_golden_witmotion():
    register = decoded(WIT, golden("witmotion-reg"))
    assert register.fields["register"] == 0x3A
    assert register.counts["mag"].tolist() == [golden("witmotion-reg")["expect"]["mag_raw"]]
    motion, expect = decoded(WIT, golden("witmotion-0x61")), golden("witmotion-0x61")["expect"]
    for stream, key in (("acc", "acc_g"), ("gyro", "gyro_dps"), ("euler", "angle_deg")):
        np.testing.assert_allclose(motion.streams[stream][0], expect[key], atol=1e-3)


def test_umyo_motion_byte_by_byte():
    raw = bytes([0x00, 0x40, 0x00, 0xC0, 0x01, 0x00]) + bytes([0x9C, 0x6F, 0, 0, 0xFF, 0xFF])
    raw += bytes([1, 0, 2, 0, 3, 0]) + bytes([0x00, 0x40, 0x00, 0x40, 0x00, 0x40, 0x00, 0x40])
    packet = one(UMYO, "telemetry", raw)
    np.testing.assert_allclose(packet.streams["acc"], [[1.0, -1.0, 2 / 32768]])
    np.testing.assert_allclose(packet.streams["gyro"], [[500.0, 0.0, -500 / 28572]])
    assert packet.counts["mag"].tolist() == [[1, 2, 3]]
    np.testing.assert_allclose(packet.streams["quat"], [[0.5, 0.5, 0.5, 0.5]])


def test_myo_emg_byte_by_byte():
    packet = one(MYO, "emg2", bytes([0x7F, 0x80, 0, 1, 2, 3, 4, 5, 0xFF, 0xFE, 0, 0, 0, 0, 0, 0x10]))
    assert packet.streams["emg"].tolist() == [[127, -128, 0, 1, 2, 3, 4, 5], [-1, -2, 0, 0, 0, 0, 0, 16]]


def test_a_quaternion_of_no_length_is_nan():
    assert np.isnan(one(UMYO, "telemetry", bytes(26)).streams["quat"]).all()


def test_packets_with_a_format_byte():
    packet = one(UMYO, "telemetry", b"\x02" + emg_bytes(48))
    assert (packet.packet, packet.first_index, len(packet.streams["emg"])) == ("s2_emg", 48, 24)
    assert one(UMYO, "telemetry", b"\x07" + emg_bytes(48)).error
    s1 = one(UMYO, "telemetry", emg_bytes(48) + struct.pack("<4h", 0, 32000, 0, 0))
    assert s1.packet == "emg_quat" and s1.streams["quat"].tolist() == [[0, 1, 0, 0]]
    assert len(one(UMYO, "telemetry", emg_bytes(0, n=16)).streams["emg"]) == 16


def test_lost_samples_are_counted_across_the_wrap():
    decoder = Decoder(UMYO)
    indices = [2**32 - 48, 2**32 - 24, 8, 32]
    packets = [decoder.push(TELEMETRY, emg_bytes(index))[0] for index in indices]
    assert [packet.lost_before for packet in packets] == [0, 0, 8, 0]
    assert np.diff([packet.first_index for packet in packets]).tolist() == [24, 32, 24]


def test_a_repeated_packet_is_known_and_changes_nothing():
    decoder = Decoder(UMYO)
    packets = [decoder.push(TELEMETRY, emg_bytes(index))[0] for index in (4800, 4824, 4800, 4848)]
    assert [packet.order for packet in packets] == [Order.NEXT, Order.NEXT, Order.REPEATED, Order.NEXT]
    assert packets[3].lost_before == 0


@pytest.mark.parametrize("reconnected", [True, False])
def test_an_index_that_goes_back_is_a_restart(reconnected):
    decoder = Decoder(UMYO)
    decoder.push(TELEMETRY, emg_bytes(480 if reconnected else 48000))
    if reconnected:
        decoder.reconnected()
    packet = decoder.push(TELEMETRY, emg_bytes(0))[0]
    assert (packet.order, packet.lost_before, packet.first_index) == (Order.RESTARTED, None, 0)
    assert decoder.push(TELEMETRY, emg_bytes(48))[0].lost_before == 24


def test_a_reconnect_keeps_the_count():
    decoder = Decoder(UMYO)
    decoder.push(TELEMETRY, emg_bytes(4800))
    decoder.reconnected()
    assert decoder.push(TELEMETRY, emg_bytes(4824 + 8000))[0].lost_before == 8000


@pytest.mark.parametrize(("turn", "lost"), [("0123012", [0] * 7), ("0230", [0, 2, 0, 0]), ("112", [0, 6, 0])])
def test_a_break_of_the_turn_shows_the_least_loss(turn, lost):
    decoder = Decoder(MYO)
    packets = [decoder.push(MYO.uuid(f"emg{char}"), bytes(16))[0] for char in turn]
    assert [packet.lost_before for packet in packets] == lost


def motion_frame(number):
    return encode(WIT, "motion", {"acc": [[number, 0, 0]], "gyro": [[1, 2, 3]], "euler": [[4, 5, 6]]})


def wit_numbers(packets):
    return [int(packet.counts["acc"][0, 0]) if packet.error is None else "error" for packet in packets]


@pytest.mark.parametrize("size", [1, 3, 7, 19, 20, 21, 39, 100])
def test_frames_are_found_however_the_stream_is_cut(size):
    stream = b"".join(motion_frame(i) for i in range(10))
    decoder = Decoder(WIT)
    found = [p for at in range(0, len(stream), size) for p in decoder.push(FRAMES, stream[at : at + size])]
    assert wit_numbers(found) == list(range(10))
    assert decoder.end() == []


def test_a_stream_heals_after_rubbish_and_after_a_cut_frame():
    decoder = Decoder(WIT)
    stream = b"\x01\x02\x55" + motion_frame(1) + motion_frame(2)[:11] + motion_frame(3) + motion_frame(4)
    assert wit_numbers(decoder.push(FRAMES, stream)) == ["error", 1, "error", 3, 4]


def test_sync_marks_inside_a_frame_do_not_cut_it():
    mark = 0x6155  # as little-endian: 55 61
    frame = encode(WIT, "motion", {"acc": [[1, mark, mark]], "gyro": [[mark] * 3], "euler": [[mark] * 3]})
    decoder = Decoder(WIT)
    assert wit_numbers(decoder.push(FRAMES, frame * 3)) == [1, 1, 1]


def test_an_unfinished_frame_is_told_at_the_end_and_forgotten_with_the_link():
    decoder = Decoder(WIT)
    assert decoder.push(FRAMES, motion_frame(1)[:9]) == []
    assert "9 bytes" in decoder.end()[0].error
    decoder.reconnected()
    assert wit_numbers(decoder.push(FRAMES, motion_frame(2))) == [2]


@pytest.mark.parametrize("length", [0, 1, 20, 25, 51, 54, 200])
def test_bytes_of_no_known_length_are_an_error(length):
    packet = one(UMYO, "telemetry", bytes(length))
    assert packet.packet == "" and str(length) in packet.error and "umyo" in packet.error


def test_an_unknown_characteristic_is_an_error():
    assert "0000" in Decoder(UMYO).push("00002a37-0000-1000-8000-00805f9b34fb", bytes(52))[0].error


def test_units_go_back_to_counts_as_the_sensor_clips():
    assert to_counts(UMYO, "emg", [[0.0], [27.47], [1e9], [-1e9], [np.nan]])[:, 0].tolist() == [
        8000,
        8010,
        15000,
        0,
        8000,
    ]
    assert to_counts(UMYO, "acc", [[1.0, -9.0, 9.0]]).tolist() == [[16384, -32768, 32767]]


def test_what_does_not_fit_a_packet_is_not_encoded():
    with pytest.raises(PacketError, match="shape"):
        encode(UMYO, "emg", {"emg": np.zeros((23, 1), int)})
    with pytest.raises(PacketError, match="do not fit"):
        encode(MYO, "emg", {"emg": np.full((2, 8), 128)})
    with pytest.raises(PacketError, match="no stream"):
        encode(UMYO, "emg", {"acc": np.zeros((1, 3), int)})
    with pytest.raises(PacketError, match="no field"):
        encode(UMYO, "emg", {}, {"time": 1})


KINDS = [(profile.id, packet.id) for profile in PROFILES.values() for packet in profile.packets]


def random_counts(profile, spec, seed):
    rng = np.random.default_rng(seed)
    counts = {}
    for name, stream in profile.streams_of(spec).items():
        field = spec.field(profile.fields_of(name)[0])
        n = spec.n_samples_in(spec.shortest) if field in spec.sample_fields else 1
        counts[name] = rng.integers(*field.limits, size=(n, len(stream.channels)), endpoint=True)
    return counts


@given(st.sampled_from(KINDS), st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_encoding_and_decoding_are_inverse(kind, seed):
    profile, spec = PROFILES[kind[0]], PROFILES[kind[0]].packet(kind[1])
    counts = random_counts(profile, spec, seed)
    fields = {"counter": seed} if spec.field("counter") else {}
    payload = encode(profile, spec.id, counts, fields)
    packet = one(profile, spec.chars[0], payload)
    assert packet.error is None
    for name, table in counts.items():
        if spec.id == packet.packet:
            np.testing.assert_array_equal(packet.counts[name], table)
            again = to_counts(profile, name, packet.streams[name])
            low, high = profile.streams[name].saturation or (-(2**31), 2**31)
            if not profile.streams[name].normalise:
                np.testing.assert_array_equal(again, np.clip(table, low, high))
    assert all(packet.fields[name] == number for name, number in fields.items())


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 80), st.binary(max_size=8)), min_size=1, max_size=12),
)
@settings(max_examples=80, deadline=None)
def test_no_bytes_raise(kind, mutations):
    profile, spec = PROFILES[kind[0]], PROFILES[kind[0]].packet(kind[1])
    decoder, notifications = Decoder(profile), []
    for seed, cut, junk in mutations:
        payload = bytearray(encode(profile, spec.id, random_counts(profile, spec, seed)))
        at = seed % len(payload)
        payload[at : at + len(junk)] = junk
        notifications.append(
            Notification(0.0, "", profile.uuid(spec.chars[seed % len(spec.chars)]), bytes(payload[:cut]))
        )
        for packet in decoder.push(notifications[-1].char, notifications[-1].payload):
            assert (packet.error is None) == bool(packet.packet)
    decoder.end()
    batch = Decoder(profile).push_many(notifications)
    assert all(error for _, error in batch.errors)
