"""Packets decoded together are the packets decoded one by one, whatever is odd among them."""

import struct

import numpy as np
import pytest

from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import find
from monitor.acquisition.sensor import SensorDecoder, decode_sensors
from monitor.events import Notification
from monitor.simulation.packing import Packer

UMYO, MYO, WIT = find("umyo"), find("myo"), find("witmotion")
TELEMETRY, FRAMES = UMYO.uuid("telemetry"), WIT.uuid("frames")


def emg_bytes(index):
    return struct.pack("<I24h", index, *range(7000, 7024))


def motion_bytes(number):
    return b"\x55\x61" + struct.pack("<9h", number, *range(8))


def notified(char, payloads):
    return [Notification(0.1 * i, "", char, payload) for i, payload in enumerate(payloads)]


def test_many_packets_at_once_are_the_packets_one_by_one():
    """Of several kinds, some lost, some repeated, one cut, and a restart."""
    rng = np.random.default_rng(0)
    indices = [48, 72, 120, 72, 144, 100_000, 24, 48, 96]
    payloads = [part for index in indices for part in (emg_bytes(index), rng.bytes(26))]
    payloads[5:5] = [payloads[4][:20], struct.pack("<I16h", 192, *range(16))]
    single, many = Decoder(UMYO), Decoder(UMYO)
    one_by_one = [single.push(TELEMETRY, payload)[0] for payload in payloads]
    batch = many.push_many(notified(TELEMETRY, payloads))
    assert [at for at, _ in batch.errors] == [i for i, packet in enumerate(one_by_one) if packet.error]
    assert sorted(at for group in batch.groups for at in group.at) == [
        i for i, packet in enumerate(one_by_one) if packet.error is None
    ]
    for group in batch.groups:
        expected = [one_by_one[at] for at in group.at]
        np.testing.assert_allclose(group.arrival_s, 0.1 * group.at)
        assert {packet.packet for packet in expected} == {group.kind.spec.id}
        for name in group.kind.streams:
            together = np.concatenate([packet.streams[name] for packet in expected])
            np.testing.assert_array_equal(group.samples(name), together)
        if "emg" in group.kind.streams:
            assert group.places.order.tolist() == [packet.order for packet in expected]
            assert group.places.first_index.tolist() == [packet.first_index for packet in expected]
            assert group.places.lost.tolist() == [
                -1 if packet.lost_before is None else packet.lost_before for packet in expected
            ]
    kinds = [group.kind.spec.id for group in batch.groups]
    assert kinds.count("emg_16") == 1 and kinds.count("emg") == 2, "the counter's packets stay in order"


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_counter_goes_on_from_batch_to_batch(size):
    payloads = [emg_bytes(index % 2**32) for index in range(2**32 - 240, 2**32 + 240, 24)]
    del payloads[7], payloads[11]
    decoder = Decoder(UMYO)
    groups = [
        group
        for i in range(0, len(payloads), size)
        for group in decoder.push_many(notified(TELEMETRY, payloads[i : i + size])).groups
    ]
    lost = np.concatenate([group.places.lost for group in groups])
    assert np.flatnonzero(lost).tolist() == [7, 11] and set(lost[[7, 11]]) == {24}
    assert (np.diff(np.concatenate([group.places.first_index for group in groups])) == 24 + lost[1:]).all()


@pytest.mark.parametrize("size", [1, 3, 19, 20, 21, 100])
def test_a_byte_stream_is_cut_at_once_and_each_frame_arrives_with_its_last_byte(size):
    stream = b"".join(motion_bytes(number) for number in range(10))
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    (group,) = Decoder(WIT).push_many(notified(FRAMES, pieces)).groups
    np.testing.assert_array_equal(group.samples("acc")[:, 0], np.arange(10) * 16 / 32768)
    np.testing.assert_allclose(group.arrival_s, 0.1 * ((np.arange(20, 201, 20) - 1) // size))


def test_rubbish_in_a_byte_stream_is_told_in_its_place():
    pieces = [motion_bytes(1), b"\x01" * 30, motion_bytes(2)[:7], motion_bytes(2)[7:], b"\x02" * 4]
    batch = Decoder(WIT).push_many(notified(FRAMES, pieces))
    assert [at for at, _ in batch.errors] == [1, 3] and "30 bytes" in batch.errors[0][1]
    (group,) = batch.groups
    assert group.at.tolist() == [0, 2]
    np.testing.assert_allclose(group.arrival_s, [0.0, 0.3])


def test_characteristics_that_take_turns_make_one_group():
    turn = [0, 1, 2, 3, 0, 2, 2, 3]
    notifications = [Notification(i, "", MYO.uuid(f"emg{char}"), bytes([i]) * 16) for i, char in enumerate(turn)]
    notifications.insert(3, Notification(2.5, "", MYO.uuid("imu"), bytes(20)))
    groups = {group.kind.spec.id: group for group in Decoder(MYO).push_many(notifications).groups}
    assert groups["emg"].places.lost.tolist() == [0, 0, 0, 0, 0, 2, 6, 0]
    assert groups["emg"].samples("emg")[::2, 0].tolist() == list(range(8))
    assert groups["emg"].at.tolist() == [0, 1, 2, 4, 5, 6, 7, 8] and groups["imu"].at.tolist() == [3]


def test_no_notifications_give_nothing():
    batch = Decoder(UMYO).push_many([])
    assert (batch.groups, batch.errors) == ([], [])


@pytest.mark.parametrize("profile", [UMYO, MYO, WIT], ids=lambda profile: profile.id)
def test_sensors_decoded_together_give_exactly_what_each_gives_alone(profile):
    """Of one kind and of others, one with losses and repetitions, one silent, one with rubbish."""
    rng = np.random.default_rng(4)
    umyo = [sent(UMYO, 8.0, seed) for seed in range(3)] + [[]]
    other = sent(profile, 8.0, 7)
    umyo[1] = [again for each in umyo[1] if rng.random() > 0.1 for again in [each] * (1 + (rng.random() < 0.1))]
    umyo[2][300:300] = [Notification(umyo[2][300].time_s, "", TELEMETRY, rng.bytes(size)) for size in (3, 52, 60)]
    profiles, flows = [UMYO] * 4 + [profile], [*umyo, other]
    alone = [SensorDecoder(each, "x") for each in profiles]
    together = [SensorDecoder(each, "x") for each in profiles]
    for begin in np.arange(0.0, 8.0, 0.1):
        batches = [[each for each in flow if begin <= each.time_s < begin + 0.1] for flow in flows]
        found = decode_sensors(together, batches)
        for decoder, batch, chunks in zip(alone, batches, found, strict=True):
            expected = decoder.push_many(batch)
            assert [chunk.stream for chunk in chunks] == [chunk.stream for chunk in expected]
            for one, many in zip(expected, chunks, strict=True):
                np.testing.assert_array_equal(one.time_s, many.time_s)
                np.testing.assert_array_equal(one.samples, many.samples)
    assert [decoder.errors for decoder in together] == [decoder.errors for decoder in alone]
    assert together[2].errors >= 1 and together[1].doubled > 0


def sent(profile, seconds, seed):
    """All that a sensor sends, as the benchmark has it."""
    rng = np.random.default_rng(seed)
    flow = []
    for notify in profile.sim.notify:
        spec = profile.packet(notify.packet)
        packer = Packer(profile, spec)
        n_packets = int(seconds * notify.true_rate_hz) // packer.samples_per_packet
        counts = {
            name: rng.integers(-100, 100, (n_packets * packer.samples_per_packet, len(stream.channels)))
            for name, stream in profile.streams_of(spec).items()
        }
        char = profile.uuid(spec.chars[0])
        full_s = (1 + np.arange(n_packets)) * packer.samples_per_packet / notify.true_rate_hz
        payloads = packer.pack(counts, 0)
        flow += [Notification(at_s, "", char, bytes_) for at_s, bytes_ in zip(full_s.tolist(), payloads, strict=True)]
    return sorted(flow, key=lambda notification: notification.time_s)
