"""A session: events in, states out; the stored baseline, markers and strangers."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from leg_rig import ROLES, TEAM, Told, between, even_edges, events, lost, played, samples, session
from vqf import VQF

from monitor.acquisition.team_profiles import team_profiles
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TeamError
from monitor.events import Decoded, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.markers import calibrate_marker
from monitor.orders import BaselineOrder, baseline_marker
from monitor.session import Session, change_to_dict
from monitor.settings import Settings
from monitor.simulation.recorded import session_events, simulated_team
from monitor.simulation.scenario import scenario
from monitor.stored import StoredLeg
from monitor.team import Athlete, Sensor, Team


@cache
def usual() -> Told:
    return played(samples())


@cache
def stored() -> StoredLeg:
    return usual().leg.stored()


# a stored baseline --------------------------------------------------------------------------------------------------


def test_with_a_stored_baseline_a_session_is_ok_at_once_and_sees_a_tired_calf_soon():
    told = played(samples("working", 1, 60.0), until_s=60.0, stored=stored())
    assert told.states[:2] == [(0.0, "CALIBRATING"), (1.0, "OK")]
    assert told.states[2][1] == "WATCH" and told.states[2][0] < 45.0
    assert told.seconds[-1].evidence.compression == pytest.approx(0.85, abs=0.03)


def test_with_a_stored_calibration_the_angle_is_known_from_the_start():
    told = played(samples("working", 1, 20.0), until_s=20.0, stored=stored())
    assert told.leg.angle_source == "imu"
    assert told.seconds[5].angle is not None and abs(told.seconds[5].angle.samples[:, 0]).max() < 40.0


def test_a_baseline_that_went_through_a_file_gives_the_same_session():
    again = StoredLeg.from_dict(json.loads(json.dumps(stored().to_dict(), allow_nan=False)))
    one, other = (played(samples("working", 1, 30.0), until_s=30.0, stored=kept) for kept in (stored(), again))
    assert [second.evidence for second in one.seconds] == [second.evidence for second in other.seconds]


def test_a_baseline_of_other_channels_is_not_used():
    kept = StoredLeg.from_dict(json.loads(json.dumps(stored().to_dict())))
    assert kept.emg is not None
    other = stored().to_dict()
    other["emg"] = other["emg"] | {"labels": ["SOL", "GL"]}
    told = played(samples("working", 1, 20.0), until_s=20.0, stored=StoredLeg.from_dict(other))
    assert told.states == [(0.0, "CALIBRATING")]


def test_what_is_stored_is_by_athlete_and_leg():
    assert set(usual().session.stored()) == {("A7", "left")}
    fresh = session().stored()[("A7", "left")]
    assert fresh.emg is None and fresh.calibration is None


# markers ------------------------------------------------------------------------------------------------------------


def restarted(text: str) -> Told:
    told = Told(session())
    told.feed(events({role: between(samples()[role], 0.0, 80.0) for role in ROLES}, even_edges(0.25, 80.0)))
    told.feed([Marker(80.0, text)])
    edges = [80.0 + edge for edge in even_edges(0.25, 20.0)]
    later = [
        event for event in events({r: between(samples()[r], 80.0, 100.0) for r in ROLES}, edges) if event.time_s > 80.0
    ]
    return told.feed(later)


def test_the_restart_marker_begins_a_new_baseline_and_keeps_the_ankle_calibration():
    told = restarted(baseline_marker(BaselineOrder.RESTART, "A7", "left"))
    assert told.state_at(79.0) == "OK" and told.state_at(82.0) == "CALIBRATING"
    assert told.seconds[-1].evidence.calibration_fraction == 0.0, "the first 20 s teach nothing"
    assert told.leg.angle is not None and told.leg.angle.calibration is not None
    assert told.seconds[-1].angle is not None and (told.seconds[-1].angle.samples < 90).all()


def test_the_calibrate_marker_forgets_the_ankle_and_keeps_the_baseline():
    told = restarted(calibrate_marker("A7", "left"))
    assert told.state_at(82.0) == told.state_at(79.0) == "OK"
    assert told.leg.angle is not None and told.leg.angle.calibration is None
    assert told.leg.angle_note.startswith("calibrating: ") and told.leg.angle_source == "none"
    assert told.seconds[-1].angle is not None and np.isnan(told.seconds[-1].angle.samples).all()
    assert told.seconds[-1].evidence.calibration_fraction == 1.0


def test_a_sensor_that_says_its_orientation_alone_gives_the_angle():
    chunks = dict(samples())
    for role in ("shank", "foot"):
        imu = chunks[role]
        channels = tuple(Channel(axis, "") for axis in "wxyz")
        turns = VQF(1 / imu.stream.rate_hz).updateBatch(
            np.radians(np.ascontiguousarray(imu.samples[:, 3:], dtype=np.float64)),
            9.81 * np.ascontiguousarray(imu.samples[:, :3], dtype=np.float64),
        )["quat6D"]
        chunks[role] = Chunk(Stream("quat", imu.stream.rate_hz, channels, imu.stream.source_id), imu.time_s, turns)
    told = played(chunks)
    assert told.leg.angle_source == "imu"
    assert "orientation as the sensor itself says it" in told.leg.angle_note
    one, other = (each.seconds[-1].angle for each in (told, usual()))
    assert one is not None and other is not None
    assert np.nanmedian(np.abs(one.samples - other.samples)) < 3.0


def test_a_restart_before_the_first_sample_forgets_the_stored_baseline():
    told = Told(session(stored=stored())).feed([Marker(0.0, baseline_marker(BaselineOrder.RESTART, "A7", "left"))])
    told.feed(events(samples("working", 1, 20.0), even_edges(0.25, 20.0)))
    assert "OK" not in [state for _, state in told.states]


def test_a_restart_while_calibrating_keeps_the_time_of_the_state():
    told = played(
        samples("working", 1, 20.0) | {"emg": lost(samples("working", 1, 20.0)["emg"], 0.0, 5.0)}, until_s=20.0
    )
    before = told.leg.machine.since_s
    told.leg.restart_baseline()
    assert before == 15.0 and told.leg.machine.since_s == before


@pytest.mark.parametrize("text", ["restart baseline: A7 right", "restart baseline: A8 left", "stretch"])
def test_other_markers_are_kept_and_change_nothing(text: str):
    told = restarted(text)
    assert told.states == usual().states
    assert list(told.session.markers) == [(80.0, text)]


# strangers ----------------------------------------------------------------------------------------------------------


def test_events_of_unknown_sensors_are_ignored():
    chunk = between(samples()["emg"], 0.0, 1.0)
    strangers = [
        Decoded(1.0, "somebody", chunk),
        Notification(1.0, "somebody", "2a37", b"\x00"),
        LinkChange(1.0, "somebody", Link.LIVE),
    ]
    told = Told(session()).feed([*strangers, Heartbeat(5.0)])
    assert told.leg.path is None and "somebody" not in told.session.seats
    assert told.states[-1] == (2.0, "NO_SIGNAL")


def test_a_stream_of_another_kind_is_not_taken_for_emg():
    wrong = between(samples()["shank"], 0.0, 1.0)
    told = Told(session()).feed([Decoded(1.0, "emg", wrong), Heartbeat(2.0)])
    assert told.leg.path is None


def test_a_link_change_is_shown_at_its_sensor():
    told = Told(session()).feed([LinkChange(1.0, "foot", Link.LOST, "out of range")])
    assert (told.session.seats["foot"].link, told.session.seats["foot"].detail) == (Link.LOST, "out of range")
    assert told.session.seats["shank"].link == Link.SEARCHING


def test_session_time_never_goes_back():
    told = Told(session()).feed([Heartbeat(9.0), Heartbeat(4.0)])
    assert told.session.now_s == 9.0


# legs ---------------------------------------------------------------------------------------------------------------


def test_both_legs_of_an_athlete_are_told_apart():
    told = Told(Session(simulated_team(), {}, Settings()))
    told.feed(session_events(scenario("tiring"), 1, 75.0)).finish()
    by_leg = {leg: [str(c.state) for c in told.changes if c.leg == leg] for leg in ("left", "right")}
    assert by_leg == {"left": ["CALIBRATING", "OK"], "right": ["CALIBRATING", "OK"]}
    assert {second.evidence.baseline_hz for second in told.seconds[-2:]} != {None}
    assert change_to_dict(told.changes[0]) | {"points": 0} == change_to_dict(told.changes[0]) | {
        "athlete": "Virtual athlete",
        "leg": "left",
        "points": 0,
    }


def test_one_ankle_sensor_alone_holds_nothing_up():
    sensors = tuple(sensor for sensor in TEAM.athletes[0].sensors if sensor.match != "foot")
    told = Told(Session(Team(athletes=(Athlete(name="A7", sensors=sensors),)), {}, Settings()))
    told.feed(events({role: samples()[role] for role in ("emg", "shank")}, even_edges(0.25, 30.0)))
    assert told.leg.angle_note == "no foot sensor: no ankle angle"
    assert told.seconds[-1].time_s >= 29.0 and told.seconds[-1].angle is None


def test_a_leg_without_emg_is_refused():
    team = Team(athletes=(Athlete(name="A7", sensors=(Sensor(match="x", profile="p", leg="left", roles=("foot",)),)),))
    with pytest.raises(TeamError, match="A7"):
        Session(team, {}, Settings())


@pytest.mark.parametrize(
    ("profile", "options", "role", "reason"),
    [
        ("witmotion", {}, "emg", "cannot be its emg sensor: witmotion.* sends no EMG"),
        ("gforce", {"what": "quat"}, "emg", "cannot be its emg sensor: gforce.*what=quat.* sends no EMG"),
        ("ganglion-v3", {}, "shank", "cannot be its shank sensor: .* sends no accelerations with rates of turn"),
    ],
)
def test_a_sensor_that_cannot_play_its_role_is_refused(profile, options, role, reason):
    sensors = [Sensor(match="X", profile=profile, options=options, leg="left", roles=(role,))]
    sensors += [Sensor(match="Y", profile="umyo", leg="left", roles=("emg",))] if role != "emg" else []
    team = Team(athletes=(Athlete(name="A7", sensors=tuple(sensors)),))
    with pytest.raises(TeamError, match=f"'X' of A7 {reason}"):
        Session(team, team_profiles(team), Settings())


def test_the_same_events_give_the_same_states_again():
    again = played(samples())
    assert [change.to_dict() for change in again.changes] == [change.to_dict() for change in usual().changes]


def test_the_seconds_of_a_single_leg_wait_for_no_other():
    assert not session()._pairs, "else two hours of seconds are held"
    assert list(Session(simulated_team(), {}, Settings())._pairs) == ["Virtual athlete"]
