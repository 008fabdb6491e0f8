"""Sensors whose packets a codec unpacks: counts as the sensor sends them come back; published bytes."""

from itertools import product

import numpy as np
import pytest
from codec_vectors import vector

from monitor.acquisition.packet import Decoder, framer
from monitor.acquisition.profile import find
from monitor.simulation.packing import Packer

IDS = ("ganglion-v3", "ganglion-v2", "polar-pmd", "shimmer3r", "bitalino", "movesense")
COARSE = {"ganglion-v3": 64, "ganglion-v2": 1}  # counts that the sensor's own packing loses
RAILS = {"ganglion-v2": 100_000, "movesense": 100}  # so that no difference is too large, no float too long


def every_choice():
    for profile_id in IDS:
        profile = find(profile_id)
        options = [[(name, value) for value in option.choices] for name, option in profile.choices.items()]
        for variant, *chosen in product([v.id for v in profile.variants] or [None], *options):
            yield pytest.param(profile.resolved(variant, dict(chosen)), id=profile.resolved(variant, dict(chosen)).key)


def sent(profile, notify, n_packets, seed=0):
    """Random counts of the packets of a kind, and the notifications that carry them."""
    spec = profile.packet(notify.packet)
    packer = Packer(profile, spec, notify.repetitions)
    counts = {}
    for name, stream in profile.streams_of(spec).items():
        limits = spec.field(profile.fields_of(name)[0]).limits or (-(2**22), 2**22)
        low, high = stream.saturation or limits
        rail = RAILS.get(profile.id, 2**31)
        shape = (n_packets * packer.samples_per_packet, len(stream.channels))
        counts[name] = np.random.default_rng(seed).integers(max(low, -rail), min(high, rail), shape, endpoint=True)
    codec = framer(profile.framing_of(spec.chars[0]))
    records = packer.pack(counts, 0, rate_hz=notify.true_rate_hz)
    return counts, [piece for record in records for piece in codec.wrap(record, 182)]


def told(profile, alias, pieces):
    decoder = Decoder(profile)
    packets = [packet for piece in pieces for packet in decoder.push(profile.uuid(alias), piece)]
    assert [packet.error for packet in packets if packet.error] == []
    return packets


@pytest.mark.parametrize("profile", list(every_choice()))
def test_counts_come_back(profile):
    for notify in profile.sim.notify:
        if profile.id.startswith("ganglion") and notify.packet == "acc":
            continue  # goes with the samples, which carry it
        counts, pieces = sent(profile, notify, 60)
        packets = told(profile, profile.packet(notify.packet).chars[0], pieces)
        for name, table in counts.items():
            back = np.concatenate([packet.counts[name] for packet in packets if name in packet.counts])
            assert len(table) - 5 <= len(back) <= len(table), "a sensor may hold back a few samples for the next packet"
            np.testing.assert_allclose(back, table[: len(back)], atol=COARSE.get(profile.id, 0))
        assert not sum(packet.lost_before or 0 for packet in packets)


def test_ganglion_v3_leaves_one_sample_of_201():
    profile = find("ganglion-v3").resolved()
    _, pieces = sent(profile, profile.sim.notify[0], 250)
    packets = told(profile, "data", pieces)
    assert [packet.first_index for packet in packets if packet.lost_before] == [201, 402]
    lost = told(profile, "data", [*pieces[:20], *pieces[30:]])
    assert lost[20].lost_before == 20


def test_ganglion_v2_counts_every_sample():
    profile = find("ganglion-v2").resolved()
    _, pieces = sent(profile, profile.sim.notify[0], 250)
    packets = told(profile, "data", [*pieces[:20], *pieces[30:]])
    assert [packet.lost_before for packet in packets if packet.lost_before] == [20]
    unknown = [packet.first_index for packet in packets if np.isnan(packet.streams["emg"]).any()]
    assert unknown == list(range(59, 201, 2)), "until the next absolute packet"


@pytest.mark.parametrize("profile_id", ["polar-pmd", "shimmer3r", "movesense"])
def test_lost_packets_show_in_the_sensor_time(profile_id):
    profile = find(profile_id).resolved()
    notify = profile.sim.notify[0]
    spec = profile.packet(notify.packet)
    packer = Packer(profile, spec, notify.repetitions)
    widths = {name: len(stream.channels) for name, stream in profile.streams_of(spec).items()}
    counts = {name: np.zeros((60 * packer.samples_per_packet, width), int) for name, width in widths.items()}
    records = packer.pack(counts, 0, rate_hz=profile.streams["acc"].rate_nominal_hz)
    codec = framer(profile.framing_of(spec.chars[0]))
    pieces = [piece for record in [*records[:30], *records[32:]] for piece in codec.wrap(record, 244)]
    packets = told(profile, spec.chars[0], pieces)
    assert sum(packet.lost_before or 0 for packet in packets) == 2 * packer.samples_per_packet


def decoded(profile_id, device, part="", before=(), **choices):
    variant = choices.pop("variant", None)
    profile = find(profile_id).resolved(variant, choices)
    golden = vector(device, part)
    decoder = Decoder(profile)
    for payload in before:
        decoder.push(golden["char"], payload)
    packets = decoder.push(golden["char"], bytes.fromhex(golden["hex"]))
    assert not any(packet.error for packet in packets)
    return packets[-1], golden["expect"]


def test_published_ganglion_packets():
    for device, choices in (("ganglion-v3-19bit", {}), ("ganglion-v3-18bit", {"acc": "on"})):
        packet, expect = decoded("ganglion-v3", device, **choices)
        assert packet.counts["emg"].tolist() == expect["counts"] and packet.fields["number"] == expect["id"] % 100
    before = [bytes(20), *(bytes([number, *bytes(19)]) for number in range(101, 106))]
    packet, expect = decoded("ganglion-v2", "ganglion-v2-captured", before=before)
    assert (-np.diff(packet.counts["emg"], axis=0, prepend=0)).ravel().tolist() == expect["v2_deltas"]
    for profile_id in ("ganglion-v3", "ganglion-v2"):
        packet, expect = decoded(profile_id, "ganglion-impedance")
        assert packet.fields == {"input": expect["channel"], "ohm_raw": expect["ohm_raw"]}


def test_published_polar_packet():
    packet, expect = decoded("polar-pmd", "polar-acc-type1", variant="h10")
    np.testing.assert_allclose(1000 * packet.streams["acc"], expect["mg"])


def test_published_shimmer_packets():
    packet, expect = decoded("shimmer3r", "shimmer3r-inquiry", mode="gyro-51")
    assert packet.fields["divider"] == expect["rate_div"]
    assert packet.fields["channel"] == [int(channel, 16) for channel in expect["channels"]]
    packet, expect = decoded("shimmer3r", "shimmer3r-frame", mode="gyro-51")
    assert packet.fields["ticks"] == expect["ticks"] and packet.counts["gyro"].tolist() == [expect["gyro_raw"]]
    np.testing.assert_allclose(packet.streams["gyro"], [expect["gyro_dps_uncal"]])
