"""Many packets at once are the packets one by one: every counter, clock, tag and pad that a profile can have."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "acquisition"))
from made import profile as made_profile
from random_packets import resolved_profiles

from monitor.acquisition.packet import Decoder, encode
from monitor.errors import PacketError
from monitor.events import Notification
from monitor.simulation.packing import Packer

PROFILES = resolved_profiles()


def decoded(profile, alias, packets):
    sent = [Notification(0.01 * i, "", profile.uuid(alias), packet) for i, packet in enumerate(packets)]
    batch = Decoder(profile).push_many(sent)
    assert batch.errors == []
    return batch.groups


def test_a_counter_of_each_sample_one_of_packets_and_a_time_in_one_packet(tmp_path):
    profile = made_profile(tmp_path)
    packer = Packer(profile, profile.packet("emg"))
    counts = {"emg": np.arange(-40, 40).reshape(-1, 2)}
    packets = packer.pack(counts, 250, rate_hz=499.0)
    assert len(packets) == 20 and {len(packet) for packet in packets} == {27}
    assert {packet[0] for packet in packets} == {0x55} and {packet[-1] for packet in packets} == {0xAA}
    (group,) = decoded(profile, "data", packets)
    assert group.places.lost.tolist() == [0] * 20
    assert (np.diff(group.places.first_index) == 2).all()
    np.testing.assert_allclose(group.places.device_s, (250 + 2 * np.arange(20)) / 499.0, atol=1e-6)
    np.testing.assert_array_equal(group.kind.counts(group.records, "emg"), counts["emg"])


def test_packets_of_chosen_length_and_the_time_of_their_last_sample(tmp_path):
    profile = made_profile(tmp_path, mode="quat")
    packer = Packer(profile, profile.packet("quat"), repetitions=3)
    assert packer.samples_per_packet == 3
    counts = {"quat": np.tile([16384, 0, 0, 0], (12, 1))}
    packets = packer.pack(counts, 0, rate_hz=49.0)
    assert {len(packet) for packet in packets} == {34} and {packet[0] & 0xF0 for packet in packets} == {0xD0}
    (group,) = decoded(profile, "pieces", packets)
    np.testing.assert_allclose(group.places.device_s[1:], 3 * np.arange(1, 4) / 49.0, atol=1e-6)
    with pytest.raises(PacketError, match="0 repetitions"):
        encode(profile, "quat", {}, repetitions=0)


def test_a_counter_of_packets_with_header_streams(tmp_path):
    profile = made_profile(tmp_path)
    packets = Packer(profile, profile.packet("raw")).pack({"acc": np.zeros((5, 3), int)}, 98)
    assert [packet[2] for packet in packets] == [98, 99, 0, 1, 2]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_what_is_packed_of_any_profile_decodes_without_a_loss(profile):
    for notify in profile.sim.notify:
        spec = profile.packet(notify.packet)
        packer = Packer(profile, spec, notify.repetitions)
        n = 6 * packer.samples_per_packet
        streams = profile.streams_of(spec)
        counts = {name: np.ones((n, len(stream.channels)), int) for name, stream in streams.items()}
        packets = packer.pack(counts, profile.sim.start_index, 6, notify.true_rate_hz)
        assert len(packets) == 6
        if spec.cycle or any(profile.framing_of(alias) for alias in spec.chars):
            continue
        for group in decoded(profile, spec.chars[0], packets):
            assert set(group.places.lost.tolist()) <= {0, -1}
