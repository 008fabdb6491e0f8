import numpy as np

from monitor.settings import Settings
from monitor.simulated_sessions import Kit, play, play_leg
from monitor.simulation.scenario import CrampPlan, LegPlan, Part, Precursor, Scenario, scenario
from monitor.team import LegSide

MINUTES = 0.5
CRAMP = CrampPlan(
    onset_s=20, rise_s=4, stretch_s=30, plateau=0.3, precursor=Precursor(kind="none", start_s=20, strength=0)
)
SUDDEN = Scenario(
    name="sudden",
    title="a cramp after 20 s",
    part=(Part(steps=(("stand", 45.0),)),),  # type: ignore[arg-type]
    leg={"left": LegPlan(cramps=(CRAMP,))},
)


def test_a_played_leg_is_the_same_again_and_another_with_another_seed():
    first, again, other = (
        play_leg(scenario("tiring"), "left", seed, Settings(), Kit(emg_hz=500.0), MINUTES) for seed in (1, 1, 2)
    )
    assert [second.evidence for second in first.seconds] == [second.evidence for second in again.seconds]
    assert [second.evidence for second in first.seconds] != [second.evidence for second in other.seconds]


def test_both_legs_are_played_second_by_second_with_the_angle():
    left, right = play(scenario("tiring"), 3, Settings(), Kit(("GM", "GL"), 500.0), MINUTES)
    assert (left.leg, right.leg) == ("left", "right")
    for leg in (left, right):
        assert [second.time_s for second in leg.seconds] == list(range(1, 31))
        assert leg.seconds[-1].emg is not None and len(leg.seconds[-1].emg.mdf_hz) == 2
        assert np.isfinite(leg.seconds[-1].angle.samples).all()  # type: ignore[union-attr]


def test_the_truth_holds_the_cramps_that_were_played():
    def starts_s(leg: LegSide, minutes: float | None) -> list[float]:
        kit = Kit(emg_hz=200.0, angle=False)
        return [start_s for start_s, _ in play_leg(SUDDEN, leg, 1, Settings(), kit, minutes).cramps]

    assert starts_s("left", None) == [22.0]
    assert starts_s("left", 0.3) == []
    assert starts_s("right", None) == []
