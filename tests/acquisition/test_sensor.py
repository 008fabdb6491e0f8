"""A sensor from notifications to chunks: rates measured, stamps true and rising, losses as NaN, reconnects bridged."""

from functools import cache

import numpy as np
import pytest

from monitor.acquisition.packet import encode
from monitor.acquisition.profile import find
from monitor.acquisition.sensor import SensorDecoder
from monitor.errors import WiringError
from monitor.events import Link, LinkChange, Notification

UMYO, MYO, WIT = find("umyo"), find("myo"), find("witmotion")
TRUE_HZ = 1137.3
INTERVAL_S = 0.03
SIZES = [1, 5, 40, 2000]  # notifications in a batch
BREAK = (Link.STALLED, Link.LOST, Link.SEARCHING, Link.CONNECTING, Link.STARTING, Link.LIVE)


def umyo_event(time_s, index):
    """The packet whose samples are their own index, so that each stamp can be checked."""
    counts = (np.arange(index, index + 24) % 15000)[:, None]
    payload = encode(UMYO, "emg", {"emg": counts}, {"counter": index % 2**32})
    return Notification(time_s, "uMyo-A1", UMYO.uuid("telemetry"), payload)


def aux_event(time_s, number):
    payload = encode(UMYO, "aux", {"acc": [[number, 0, 0]], "quat": [[32000, 0, 0, 0]]})
    return Notification(time_s, "uMyo-A1", UMYO.uuid("telemetry"), payload)


@cache
def umyo_session(seconds, seed=0, loss=0.0, start_index=4800, begin_s=0.0):
    """Events of a pod; sample i is taken at begin_s + (i - start_index) / TRUE_HZ, motion n at begin_s + n * 0.055."""
    rng = np.random.default_rng(seed)
    made = [
        (begin_s + (first + 23) / TRUE_HZ, umyo_event, start_index + first)
        for first in range(0, int(seconds * TRUE_HZ) - 24, 24)
    ]
    made += [(begin_s + n * 0.055, aux_event, n) for n in range(int(seconds / 0.055))]
    made = [item for item in sorted(made, key=lambda item: item[0]) if rng.random() >= loss]
    phase_s = INTERVAL_S * rng.random()
    arrive = [(np.ceil((at_s - phase_s) / INTERVAL_S) * INTERVAL_S + phase_s, kind, n) for at_s, kind, n in made]
    return [kind(max(at_s, begin_s + 0.23), n) for at_s, kind, n in arrive]


def pushed(decoder, events, size):
    """The chunks of events that are decoded so many at once."""
    return [chunk for i in range(0, len(events), size) for chunk in decoder.push_many(events[i : i + size])]


def play(decoder, events, size=1):
    chunks = pushed(decoder, events, size)
    streams = {}
    for chunk in chunks:
        streams.setdefault(chunk.stream.name, []).append(chunk)
    for parts in streams.values():
        assert len({part.stream for part in parts}) == 1, "a stream never changes"
        times_s = np.concatenate([part.time_s for part in parts])
        assert (np.diff(times_s) > 0).all(), "stamps rise strictly"
    return {
        name: (
            parts[0].stream,
            np.concatenate([part.time_s for part in parts]),
            np.concatenate([part.samples for part in parts]),
        )
        for name, parts in streams.items()
    }


def emg_errors_s(times_s, samples, start_index=4800, begin_s=0.0):
    """Stamp errors of the samples that came, which carry their own index modulo 15000 (13 s)."""
    good = ~np.isnan(samples[:, 0])
    index = np.rint(samples[good, 0].astype(float) / 2.747 + 8000)
    errors_s = times_s[good] - (begin_s + (index - start_index) / TRUE_HZ)
    turn_s = 15000 / TRUE_HZ
    return errors_s - turn_s * np.rint(errors_s / turn_s)


@pytest.mark.parametrize("size", SIZES)
def test_umyo_streams_rates_and_times(size):
    decoder = SensorDecoder(UMYO, "uMyo-A1", channels=("GM",))
    streams = play(decoder, umyo_session(8.0, loss=0.05), size)
    emg, times_s, samples = streams["emg"]
    assert (emg.name, emg.source_id, emg.labels, emg.channels[0].unit) == ("emg", "uMyo-A1", ("GM",), "uV")
    assert emg.rate_hz == decoder.rate_hz == pytest.approx(TRUE_HZ, rel=0.003)
    assert np.abs(emg_errors_s(times_s, samples)).max() < 0.010
    imu, imu_times_s, imu_samples = streams["imu"]
    assert imu.labels == ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")
    assert [channel.unit for channel in imu.channels] == ["g"] * 3 + ["deg/s"] * 3
    assert imu.rate_hz == pytest.approx(0.95 / 0.055, rel=0.1)
    errors_s = imu_times_s - np.rint(imu_samples[:, 0] * 16384) * 0.055
    assert np.quantile(np.abs(errors_s), 0.9) < 0.012 and abs(np.median(errors_s)) < 0.004
    np.testing.assert_array_equal(streams["quat"][1], imu_times_s)
    assert streams["quat"][0].labels == ("w", "x", "y", "z")


@pytest.mark.parametrize("size", [1, 2, 5, 9, 33, 70, 300])
@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_batches_give_the_same_samples_at_the_same_times(size, loss):
    events = umyo_session(15.0, loss=loss)
    singly = play(SensorDecoder(UMYO, "uMyo-A1"), events)
    together = play(SensorDecoder(UMYO, "uMyo-A1"), events, size)
    assert singly.keys() == together.keys()
    for name, (stream, times_s, samples) in singly.items():
        assert together[name][0].channels == stream.channels
        assert together[name][0].rate_hz == pytest.approx(stream.rate_hz, rel=1e-9 if name == "emg" else 0.1)
        n = len(together[name][2])
        np.testing.assert_array_equal(together[name][2], samples[:n])
        if name == "emg":
            np.testing.assert_allclose(together[name][1], times_s[:n], atol=0.003, rtol=0)


@pytest.mark.parametrize("size", SIZES)
def test_lost_packets_come_as_nan_and_are_counted(size):
    events = [e for e in umyo_session(8.0) if not 5.0 < e.time_s < 5.2]
    decoder = SensorDecoder(UMYO, "uMyo-A1")
    _, times_s, samples = play(decoder, events, size)["emg"]
    lost = np.isnan(samples[:, 0])
    assert lost.sum() % 24 == 0 and 0.15 < lost.sum() / TRUE_HZ < 0.25
    assert times_s[lost].min() > 4.9 and times_s[lost].max() < 5.25
    assert np.abs(emg_errors_s(times_s, samples)).max() < 0.010
    assert decoder.loss_fraction(8.0) == pytest.approx(lost.sum() / len(lost), abs=0.02)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("gap_s", "filled"), [(3.0, True), (5.6, True), (61.0, False)])
def test_a_reconnect_keeps_count_stream_and_gap(gap_s, filled, size):
    events = umyo_session(5.0 + gap_s + 4.0)
    decoder = SensorDecoder(UMYO, "uMyo-A1")
    before = [e for e in events if e.time_s < 5.0]
    after = [e for e in events if e.time_s > 5.0 + gap_s]
    changes = [LinkChange(5.0 + gap_s, "uMyo-A1", link) for link in BREAK]
    chunks = pushed(decoder, before, size)
    for change in changes:
        decoder.link(change)
    chunks += pushed(decoder, after, size)
    emg = [chunk for chunk in chunks if chunk.stream.name == "emg"]
    streams = {chunk.stream for chunk in emg}
    times_s, samples = np.concatenate([c.time_s for c in emg]), np.concatenate([c.samples for c in emg])
    assert len(streams) == 1
    assert (np.diff(times_s) > 0).all()
    errors_s = emg_errors_s(times_s, samples)
    assert np.abs(errors_s).max() < (0.010 if gap_s < 10 else 0.015), "no arrival has corrected the rate for a minute"
    assert np.isnan(samples).any() == filled
    assert (np.diff(times_s).max() > gap_s - 0.2) != filled


@pytest.mark.parametrize("size", SIZES)
def test_a_restarted_sensor_goes_on_in_the_same_stream(size):
    decoder = SensorDecoder(UMYO, "uMyo-A1")
    first = play(decoder, umyo_session(6.0), size)["emg"]
    for link in BREAK:
        decoder.link(LinkChange(7.0, "uMyo-A1", link))
    again = play(decoder, umyo_session(4.0, start_index=0, begin_s=8.0), size)["emg"]
    assert again[0] == first[0]
    assert again[1][0] > first[1][-1]
    errors_s = emg_errors_s(again[1], again[2], start_index=0, begin_s=8.0)
    assert np.abs(errors_s).max() < 0.012


@pytest.mark.parametrize("size", SIZES)
def test_a_restart_that_no_link_change_tells_may_come_in_the_middle_of_a_batch(size):
    events = umyo_session(6.0, start_index=48_000) + umyo_session(6.0, start_index=0, begin_s=8.0)
    _, times_s, samples = play(SensorDecoder(UMYO, "uMyo-A1"), events, size)["emg"]
    late = times_s > 8.6
    assert np.abs(emg_errors_s(times_s[late], samples[late], start_index=0, begin_s=8.0)).max() < 0.012
    early = times_s < 6.0
    assert np.abs(emg_errors_s(times_s[early], samples[early], start_index=48_000)).max() < 0.010


@pytest.mark.parametrize("size", SIZES)
def test_a_pause_of_the_sensor_shows_as_loss_in_time(size):
    events = umyo_session(5.0) + umyo_session(6.0, start_index=4800 + 24 * 236, begin_s=8.0)
    decoder = SensorDecoder(UMYO, "uMyo-A1")
    _, times_s, samples = play(decoder, events, size)["emg"]
    late = times_s > 11.0
    errors_s = emg_errors_s(times_s[late], samples[late], start_index=4800 + 24 * 236, begin_s=8.0)
    assert np.abs(errors_s).max() < 0.010


@pytest.mark.parametrize("size", [1, 7])
def test_the_same_batches_give_the_same_chunks(size):
    events = umyo_session(6.0, loss=0.1)
    runs = [play(SensorDecoder(UMYO, "uMyo-A1"), events, size) for _ in range(2)]
    for name, (stream, times_s, samples) in runs[0].items():
        assert stream == runs[1][name][0]
        np.testing.assert_array_equal(times_s, runs[1][name][1])
        np.testing.assert_array_equal(samples, runs[1][name][2])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("at_s", [1.0, 5.0])
def test_a_wild_index_or_rubbish_stops_nothing(size, at_s):
    events = umyo_session(8.0)
    middle = next(i for i, e in enumerate(events) if e.time_s > at_s)
    rubbish = [umyo_event(at_s, 2**31 - 100), Notification(at_s, "uMyo-A1", UMYO.uuid("telemetry"), b"\x01" * 33)]
    decoder = SensorDecoder(UMYO, "uMyo-A1")
    _, times_s, samples = play(decoder, events[:middle] + rubbish + events[middle:], size)["emg"]
    assert decoder.errors == 1
    assert times_s[-1] == pytest.approx(8.0, abs=0.1)
    late = times_s > 7.0
    assert np.abs(emg_errors_s(times_s[late], samples[late])).max() < 0.010


@pytest.mark.parametrize("size", SIZES)
def test_repeated_packets_are_left_out(size):
    events = [event for event in umyo_session(6.0) for _ in range(2)]
    samples = play(SensorDecoder(UMYO, "uMyo-A1"), events, size)["emg"][2]
    assert not np.isnan(samples).any()
    assert len(samples) == pytest.approx(6.0 * TRUE_HZ, abs=60)


def myo_session(seconds, lost=()):
    """Two packets about every 10 ms, 2 samples each at 200 Hz; channel 1 carries the packet's number."""
    events = []
    for number in range(int(seconds * 100)):
        counts = np.full((2, 8), number % 120)
        at_s = (number // 2 * 2 + 2) / 100.0 + 0.003 * (number // 2 % 3)
        if number not in lost:
            events.append(Notification(at_s, "Myo", MYO.uuid(f"emg{number % 4}"), encode(MYO, "emg", {"emg": counts})))
    return events


@pytest.mark.parametrize("size", SIZES)
def test_myo_four_characteristics_make_one_stream(size):
    stream, times_s, samples = play(SensorDecoder(MYO, "Myo"), myo_session(6.0, lost=(450, 451)), size)["emg"]
    assert stream.rate_hz == pytest.approx(200.0, rel=0.003)
    assert stream.labels == tuple(f"ch{i}" for i in range(1, 9)) and stream.channels[0].unit == "counts"
    lost = np.isnan(samples[:, 0])
    assert lost.sum() == 4
    assert times_s[lost][0] == pytest.approx(4.5, abs=0.03)
    assert np.diff(times_s).max() < 1.11 / 200.0


@pytest.mark.parametrize("size", SIZES)
def test_witmotion_is_stamped_by_its_count_and_healed_after_a_reconnect(size):
    def frame(number):
        return encode(WIT, "motion", {"acc": [[number, 0, 2048]], "gyro": [[0, 0, 0]], "euler": [[0, 0, 0]]})

    decoder = SensorDecoder(WIT, "WT901")
    sent = [Notification(n / 50.0 + 0.005 * (n % 4), "WT901", WIT.uuid("frames"), frame(n)) for n in range(700)]
    chunks = pushed(decoder, sent[:300], size)
    for link in BREAK:
        decoder.link(LinkChange(6.5, "WT901", link))
    chunks += pushed(decoder, sent[400:], size)
    times_s, samples = np.concatenate([c.time_s for c in chunks]), np.concatenate([c.samples for c in chunks])
    assert {c.stream.name for c in chunks} == {"imu"} and len({c.stream for c in chunks}) == 1
    assert (np.diff(times_s) > 0).all()
    good = ~np.isnan(samples[:, 0])
    errors_s = times_s[good] - np.rint(samples[good, 0] / 16 * 32768) / 50.0
    assert np.abs(errors_s).max() < 0.012
    assert (~good).sum() == pytest.approx(100, abs=1)


@pytest.mark.parametrize("size", [1, 10, 60])
def test_loss_grows_with_silence(size):
    decoder = SensorDecoder(UMYO, "uMyo-A1")
    assert decoder.loss_fraction(0.0) is None and decoder.newest_s is None and decoder.rate_hz is None
    play(decoder, umyo_session(12.0), size)
    assert decoder.loss_fraction(12.0) == 0.0
    assert decoder.newest_s == pytest.approx(12.0, abs=0.06)
    assert decoder.loss_fraction(17.0) == pytest.approx(0.5, abs=0.02)
    assert decoder.loss_fraction(30.0) == 1.0


def test_labels_must_be_as_many_as_channels():
    with pytest.raises(WiringError, match="8 EMG channels"):
        SensorDecoder(MYO, "Myo", channels=("GM", "GL"))


@pytest.mark.parametrize("size", SIZES)
def test_channels_of_an_armband_that_lie_elsewhere_can_be_left_out(size):
    events = myo_session(6.0, lost=(450, 451))
    whole = play(SensorDecoder(MYO, "Myo"), events, size)["emg"]
    decoder = SensorDecoder(MYO, "Myo", channels=("GL", "GM"), only=("ch4", "ch3"))
    stream, times_s, samples = play(decoder, events, size)["emg"]
    assert stream.labels == ("GL", "GM")
    np.testing.assert_array_equal(times_s, whole[1])
    np.testing.assert_array_equal(samples, whole[2][:, [3, 2]])


def test_a_wanted_channel_must_be_one_of_the_sensors():
    with pytest.raises(WiringError, match=r"no EMG channel 'GM'; it has ch1, ch2"):
        SensorDecoder(MYO, "Myo", only=("GM",))
    with pytest.raises(WiringError, match="2 EMG channels in `only`, 1 labels"):
        SensorDecoder(MYO, "Myo", channels=("GM",), only=("ch3", "ch4"))


@pytest.mark.parametrize("size", SIZES)
def test_an_envelope_at_no_certain_rate_is_stamped_by_its_arrivals_and_is_no_emg(size):
    profile, rng = find("myoware"), np.random.default_rng(3)
    arrivals_s = np.cumsum(rng.uniform(0.01, 0.03, 500))
    events = [Notification(t, "M", profile.uuid("text"), str(n).encode()) for n, t in enumerate(arrivals_s.tolist())]
    ((name, (stream, times_s, samples)),) = play(SensorDecoder(profile, "M", channels=("GM",)), events, size).items()
    assert (name, stream.labels) == ("envelope", ("GM",)) and stream.rate_hz == pytest.approx(50.0, rel=0.1)
    np.testing.assert_allclose(times_s, arrivals_s)
    np.testing.assert_array_equal(samples[:, 0], np.arange(500))
