"""A leg on simulated samples: the same answer however they come, and an honest one where they do not come."""

from __future__ import annotations

import dataclasses
import math
from functools import cache

import numpy as np
import pytest
from leg_rig import LENGTH_S, Told, between, even_edges, events, lost, played, samples, session

from monitor.chunk import Chunk
from monitor.events import Decoded
from monitor.leg import Leg, LegSecond
from monitor.settings import Settings


@cache
def usual() -> Told:
    """100 s in live-like blocks; the baseline is usable at 70 s."""
    return played(samples())


def changed(role: str, chunk: Chunk) -> dict[str, Chunk]:
    return dict(samples()) | {role: chunk}


def same(found: list[LegSecond], expected: list[LegSecond]) -> None:
    """All features of all seconds agree to 1e-9."""
    assert [second.time_s for second in found] == [second.time_s for second in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.emg is not None and other.emg is not None
        _close(dataclasses.asdict(one.emg), dataclasses.asdict(other.emg))
        _close(dataclasses.asdict(one.evidence), dataclasses.asdict(other.evidence))
        assert one.score == other.score
        if one.angle is None or other.angle is None:
            assert one.angle is other.angle
            continue
        np.testing.assert_array_equal(one.angle.time_s, other.angle.time_s)
        np.testing.assert_allclose(one.angle.samples, other.angle.samples, rtol=1e-9, atol=1e-9, equal_nan=True)


def _close(found: dict, expected: dict) -> None:
    for name, value in expected.items():
        if isinstance(value, float | np.ndarray):
            np.testing.assert_allclose(found[name], value, rtol=1e-9, atol=1e-9, equal_nan=True, err_msg=name)
        elif isinstance(value, dict):
            _close(found[name], value)
        else:
            assert found[name] == value, name


def test_the_notch_of_the_picture_changes_no_feature():
    told = played(samples(), settings=Settings().changed({"filters.picture_notch": 1}))
    assert told.states == usual().states
    same(told.seconds, usual().seconds)


# the cutting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block_s", [0.1, 1.0, 30.0])
def test_the_cutting_of_the_samples_changes_nothing(block_s: float):
    told = played(samples(), block_s)
    assert told.states == usual().states
    same(told.seconds, usual().seconds)


def test_sensors_that_come_at_different_times_change_nothing():
    edges = np.cumsum(np.random.default_rng(1).uniform(0.02, 0.3, 620))
    uneven = [*edges[edges < LENGTH_S], LENGTH_S]
    told = Told(session()).feed(events(samples(), uneven, {"emg": lambda _: 0.02, "foot": lambda _: 0.11})).finish()
    assert told.leg.late_samples == 0
    same(told.seconds[:99], usual().seconds[:99])


def test_a_recording_read_at_once_gives_what_the_live_session_gave():
    leg = Leg("A7", "left", frozenset(samples()), Settings())
    for role, chunk in samples().items():
        leg.push(role, chunk)
    seconds = leg.finish()
    same(seconds, usual().seconds)
    assert [second.time_s for second in seconds if second.change] == [71.0]


def test_the_usual_session_learns_a_baseline_and_a_calibration():
    assert usual().states == [(0.0, "CALIBRATING"), (71.0, "OK")]
    assert [second.time_s for second in usual().seconds] == [float(n) for n in range(1, 101)]
    assert usual().leg.angle_source == "imu" and usual().leg.angle_note.startswith("calibrated at")
    fractions = [second.evidence.calibration_fraction for second in usual().seconds]
    assert fractions == sorted(fractions) and fractions[19] == 0.0 and fractions[-1] == 1.0
    assert usual().seconds[-1].evidence.compression == pytest.approx(1.0, abs=0.03)


# late, lost ---------------------------------------------------------------------------------------------------------


def test_samples_that_come_after_their_second_has_closed_are_dropped_and_counted():
    emg = samples()["emg"]
    told = Told(session())
    told.feed(events(changed("emg", lost(emg, 40.3, 40.5)), even_edges(0.25, 60.0)))
    leg = told.leg
    assert leg.late_samples == 0
    leg.push("emg", between(emg, 40.3, 40.5))
    assert leg.late_samples == 200
    told.feed(events({role: between(c, 60.0, 100.0) for role, c in samples().items()}, [60.0, *even_edges(0.25)[240:]]))
    assert told.state_at(99.0) == "OK"


def test_a_sensor_that_falls_a_second_behind_is_waited_for():
    behind = {"emg": lambda now_s: float(np.clip(0.2 * (now_s - 10.0), 0.0, 1.2))}
    told = Told(session()).feed(events(samples(), even_edges(0.25), behind)).finish()
    assert told.leg.late_samples == 0
    same(told.seconds[:98], usual().seconds[:98])


def test_a_sensor_that_speaks_a_second_late_from_its_first_sample_on_is_waited_for_too():
    told = Told(session()).feed(events(samples(), even_edges(0.25), {"emg": lambda _: 1.5})).finish()
    assert told.state_at(30.0) == "CALIBRATING" and told.state_at(100.0) == "OK"


def test_a_sensor_that_speaks_ten_seconds_late_is_not_and_holds_nothing_up():
    told = Told(session()).feed(events(samples(), even_edges(0.25), {"foot": lambda _: 10.0}))
    assert told.seconds[-1].time_s >= LENGTH_S - 6.0
    assert told.leg.late_samples > 1000
    assert "NO_SIGNAL" not in [state for _, state in told.states]


@pytest.mark.parametrize("looked_at", [False, True])
def test_what_the_ankle_sensors_said_before_their_rates_were_known_still_calibrates(looked_at: bool):
    told, foot = Told(session()), samples()["foot"]
    told.feed(events({"emg": between(samples()["emg"], 0.0, 27.0)}, even_edges(0.25, 27.0)))
    assert told.seconds[-1].time_s >= 26.0
    for role, chunk in (("shank", between(samples()["shank"], 0.0, 27.0)), ("foot", between(foot, 0.0, 9.0))):
        told.feed([Decoded(27.0, role, chunk)])
    if looked_at:  # a screen makes the leg work earlier
        told.leg.shown("angle")
    told.feed([Decoded(27.0, "foot", between(foot, 9.0, 27.0))])
    rest = {role: between(chunk, 27.0, LENGTH_S) for role, chunk in samples().items()}
    told.feed(events(rest, [27.0, *even_edges(0.25)[108:]])).finish()
    assert told.leg.angle_note == usual().leg.angle_note and told.leg.late_samples == 0
    angles = [second.angle for second in told.seconds if second.angle is not None]
    assert angles[0].time_s[0] > 26.0  # none for seconds that have closed
    for found, expected in zip(angles[-30:], [second.angle for second in usual().seconds[-30:]], strict=True):
        assert expected is not None
        np.testing.assert_allclose(found.samples, expected.samples, rtol=1e-9, equal_nan=True)


def test_samples_that_come_twice_count_once():
    leg = Leg("A7", "left", frozenset({"emg"}), Settings())
    chunk = between(samples()["emg"], 0.0, 2.0)
    leg.push("emg", chunk)
    leg.push("emg", chunk)
    assert leg.late_samples == len(chunk)
    assert len(leg.finish()) == 2


@pytest.mark.parametrize(("from_s", "silent_s"), [(80.0, 82.0), (80.3, 83.0)])
def test_an_emg_stream_that_is_lost_for_five_seconds_is_no_signal_and_comes_back(from_s: float, silent_s: float):
    told = played(changed("emg", lost(samples()["emg"], from_s, from_s + 5.0)))
    back_s = math.floor(from_s + 5.5) + 10.0  # a second counts as good if most of it is
    assert told.states == [(0.0, "CALIBRATING"), (71.0, "OK"), (silent_s, "NO_SIGNAL"), (back_s, "OK")]
    assert told.changes[2].reasons == ("no packet for 2 s",)
    assert told.leg.late_samples == 0
    assert told.seconds[-1].evidence.compression == pytest.approx(1.0, abs=0.05)


def test_a_flat_electrode_is_no_signal_after_five_seconds_and_named():
    emg = samples()["emg"]
    flat = emg.samples.copy()
    flat[(emg.time_s >= 75.0) & (emg.time_s < 85.0)] = 3.0
    told = played(changed("emg", Chunk(emg.stream, emg.time_s, flat)))
    assert told.states[2] == (81.0, "NO_SIGNAL") and told.states[3][1] == "OK"
    assert told.changes[2].reasons[0] == "GM left: the signal is flat, is the electrode connected?"


def test_one_flat_channel_of_two_is_named_and_the_other_carries_on():
    emg = samples()["emg"]
    flat = emg.samples.copy()
    flat[emg.time_s >= 75.0, 1] = 3.0
    told = played(changed("emg", Chunk(emg.stream, emg.time_s, flat)))
    assert told.state_at(100.0) == "OK"
    assert [sentence[:7] for sentence in told.seconds[-1].evidence.quality] == ["GL left"]


def test_half_a_percent_of_lost_packets_leaves_the_signal_usable():
    emg = samples()["emg"]
    holed = emg.samples.copy()
    for packet in np.flatnonzero(np.random.default_rng(0).random(len(emg) // 8) < 0.005):
        holed[8 * packet : 8 * packet + 8] = np.nan
    told = played(changed("emg", Chunk(emg.stream, emg.time_s, holed)))
    assert "NO_SIGNAL" not in [state for _, state in told.states]
    assert told.state_at(100.0) == "OK"


def test_before_the_first_sample_there_is_no_signal_and_then_a_beginning():
    late = {role: between(chunk, 10.0, 60.0) for role, chunk in samples().items()}
    told = played(late, until_s=60.0)
    assert told.states[:3] == [(0.0, "CALIBRATING"), (2.0, "NO_SIGNAL"), (20.0, "CALIBRATING")]
    assert told.changes[1].reasons == ("no packet from the EMG sensor yet",)


# the ankle sensors --------------------------------------------------------------------------------------------------


def test_a_foot_sensor_that_is_lost_leaves_the_reading_alive_by_effort_alone():
    told = played(changed("foot", lost(samples()["foot"], 80.0, LENGTH_S)))
    last = told.seconds[-1]
    assert told.states == usual().states
    assert last.angle is not None and np.isnan(last.angle.samples).all()
    assert last.emg is not None and told.seconds[79].emg is not None
    assert last.emg.compression[1] > told.seconds[79].emg.compression[1], "frames go on being read"
    assert last.emg.compression[4] == told.seconds[80].emg.compression[4], "none of them as plantarflexed"
    assert last.evidence.compression == pytest.approx(1.0, abs=0.05)


def test_a_foot_sensor_that_never_sends_leaves_a_leg_without_angle():
    told = played(changed("foot", lost(samples()["foot"], 0.0, LENGTH_S)))
    assert told.leg.angle_source == "none" and told.leg.angle_note != ""
    assert told.state_at(100.0) == "OK"
    assert told.seconds[-1].evidence.shortened_share is None


def test_a_foot_sensor_that_is_lost_while_the_baseline_is_learnt_does_not_stop_it_for_ever():
    foot = lost(samples("tiring", 1, 180.0)["foot"], 55.0, 180.0)
    told = played(dict(samples("tiring", 1, 180.0)) | {"foot": foot}, until_s=180.0)
    assert told.state_at(180.0) == "OK"


def test_a_gap_of_a_second_in_one_ankle_sensor_is_an_unknown_angle():
    told = played(changed("shank", lost(samples()["shank"], 80.0, 81.0)))
    angle = Chunk.joined([second.angle for second in told.seconds if second.angle is not None])
    gap = (angle.time_s > 80.05) & (angle.time_s < 83.9)
    assert np.isnan(angle.samples[gap]).all()
    assert np.isfinite(angle.samples[angle.time_s > 84.1]).all()


def test_a_leg_of_emg_alone_says_that_it_has_no_angle():
    told = Leg("A7", "left", frozenset({"emg"}), Settings())
    told.push("emg", samples()["emg"])
    seconds = told.finish()
    assert told.angle_source == "none" and "no ankle sensors" in told.angle_note
    assert seconds[-1].angle is None and seconds[-1].evidence.compression is not None


def test_the_foot_alone_is_said_to_be_missing():
    assert Leg("A7", "left", frozenset({"emg", "shank"}), Settings()).angle_note == "no foot sensor: no ankle angle"


def test_a_leg_is_ok_only_once_its_baseline_is_there():
    known = [second for second in usual().seconds if usual().state_at(second.time_s) == "OK"]
    assert all(second.evidence.baseline_hz is not None for second in known)


# what is kept -------------------------------------------------------------------------------------------------------


def test_the_picture_is_bounded_to_ten_seconds():
    pictures = [shown for shown in usual().leg.picture.chunks.values() if shown]  # this leg has no envelope
    assert len(pictures) >= 4
    for shown in pictures:
        assert shown[-1].time_s[-1] - shown[0].time_s[0] < 12.0


def test_a_leg_watched_from_a_later_second_begins_there():
    leg = Leg("A7", "left", frozenset(samples()), Settings(), start_s=50.0)
    for role, chunk in samples().items():
        leg.push(role, between(chunk, 50.0, 100.0))
    assert leg.first_change.time_s == 50.0
    assert [second.time_s for second in leg.finish()] == [float(n) for n in range(51, 101)]


def test_a_leg_watched_from_a_later_second_has_no_angle_before_it():
    leg = Leg("A7", "left", frozenset(samples()), Settings(), start_s=50.0)
    for role, chunk in samples().items():
        leg.push(role, between(chunk, 50.0, 60.0))
    first = leg.finish()[0].angle
    assert first is not None and first.time_s[0] > 50.0


# an electrode that comes off ------------------------------------------------------------------------------------------


def unplugged(*channels: int) -> dict[str, Chunk]:
    """From 90 s on nothing but loud white noise: its median frequency is twice that of a fresh calf."""
    emg = samples()["emg"]
    noise = emg.samples.copy()
    for channel in channels:
        off = emg.time_s >= 90.0
        noise[off, channel] = 80.0 * np.random.default_rng(channel).standard_normal(np.count_nonzero(off))
    return changed("emg", Chunk(emg.stream, emg.time_s, noise))


def test_an_electrode_that_is_off_is_no_signal_and_never_reads_as_recovery():
    told = played(unplugged(0, 1))
    before = told.seconds[88].emg
    assert told.states[2][1] == "NO_SIGNAL" and 95.0 <= told.states[2][0] <= 98.0
    assert told.changes[2].reasons[0] == "GM left: electrode off, there is nothing but noise"
    readings = [second.emg.compression[0] for second in told.seconds[90:] if second.emg is not None]
    assert before is not None and max(readings) < before.compression[0] + 0.01
    assert told.state_at(100.0) == "NO_SIGNAL"


def test_noise_before_the_calf_has_ever_worked_is_not_called_a_lost_electrode_but_tried():
    emg = samples()["emg"]
    early = emg[: int(emg.time_s.searchsorted(12.0))]
    noise = 4.0 * np.random.default_rng(1).standard_normal(early.samples.shape)
    told = played({"emg": Chunk(emg.stream, early.time_s, noise)})
    reasons = " ".join(reason for change in told.changes for reason in change.reasons)
    assert told.changes[-1].state == "NO_SIGNAL"
    assert "GM left: nothing but noise so far: if the electrode is on, tense the calf twice" in reasons
    assert "electrode off" not in reasons


def test_one_electrode_of_two_that_is_off_moves_the_reading_by_less_than_two_percent():
    told = played(unplugged(0))
    assert told.state_at(100.0) == "OK"
    with_both, without = (of.seconds[-1].emg for of in (usual(), told))
    assert with_both is not None and without is not None
    assert without.compression[0] == pytest.approx(with_both.compression[0], abs=0.02)
