"""Position counts only while EMG and angle agree in time, and it is said when it does not."""

import pytest
from leg_rig import ROLES, Told, even_edges, events, samples, session

from monitor.contraction.ankle_angle import AnkleAngle
from monitor.position_gate import PositionGate
from monitor.settings import AngleSettings


def seconds(gate, n):
    return [gate.close_second() for _ in range(n)]


def test_nobody_tells_so_it_is_open():
    gate = PositionGate(AngleSettings())
    assert all(seconds(gate, 5)) and gate.note == ""


def test_the_emg_and_the_worse_of_both_ankle_sensors_count():
    gate = PositionGate(AngleSettings())
    for role, uncertainty_s in (("emg", 0.01), ("shank", 0.02), ("foot", 0.03)):
        gate.tell(role, uncertainty_s)
    assert gate.disagreement_s == pytest.approx(0.04)
    assert all(seconds(gate, 10))


def test_clocks_of_the_ankle_that_have_moved_count_as_well():
    gate = PositionGate(AngleSettings())
    gate.tell("emg", 0.02)
    gate.skew_s = 0.04
    assert not seconds(gate, 5)[-1]
    assert "60 ms" in gate.note


def test_a_leg_whose_ankle_clocks_have_moved_far_is_not_position_gated(monkeypatch):
    monkeypatch.setattr(AnkleAngle, "skew_s", 0.1)
    told = Told(session()).feed(events({role: samples()[role] for role in ROLES}, even_edges(0.5))).finish()
    assert not any(second.gated for second in told.seconds[10:])
    assert "may disagree by 100 ms" in told.leg.angle_note


def test_it_closes_after_some_seconds_says_why_and_opens_again():
    gate = PositionGate(AngleSettings())
    gate.tell("foot", 0.08)
    assert seconds(gate, 4) == [True, True, False, False]
    assert "position gating is off" in gate.note and "80 ms" in gate.note
    gate.tell("foot", 0.01)
    assert seconds(gate, 11) == [False] * 9 + [True] * 2
    assert gate.note == ""


def test_a_hiccup_does_not_close_it():
    gate = PositionGate(AngleSettings())
    for _ in range(5):
        gate.tell("emg", 0.2)
        assert seconds(gate, 2) == [True, True]
        gate.tell("emg", 0.0)
        assert seconds(gate, 1) == [True]


def test_a_leg_whose_streams_may_disagree_is_not_position_gated_and_says_so():
    chunks = {role: samples()[role] for role in ROLES}
    usual = Told(session()).feed(events(chunks, even_edges(0.5))).finish()
    assert usual.seconds[-1].gated and usual.leg.angle_note.startswith("calibrated")
    unsure = Told(session())
    unsure.leg.position_gate.tell("shank", 0.2)
    unsure.feed(events(chunks, even_edges(0.5))).finish()
    assert not any(second.gated for second in unsure.seconds[5:])
    assert "position gating is off" in unsure.leg.angle_note
    assert unsure.leg.angle_source == "imu", "the angle itself is still shown"
    shortened_s = [sum(second.emg.shortened_s for second in told.seconds if second.emg) for told in (usual, unsure)]
    assert shortened_s[0] > 0 and shortened_s[1] == 0
    assert [told.leg.shortened_s for told in (usual, unsure)] == shortened_s
