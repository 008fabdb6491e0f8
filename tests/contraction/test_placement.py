"""An electrode that works in the swing of the leg is doubted: on recordings, on swapped legs, and not when in doubt."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from contraction.gait_emg import LEAST_CALF, TREADMILL, Verdict, verdicts
from leg_rig import ROLES, Told, events, session
from leg_rig import even_edges as edges

from monitor.chunk import Chunk
from monitor.contraction.placement import PlacementWatch
from monitor.contraction.strides import Stride
from monitor.events import Decoded
from monitor.settings import PlacementSettings
from monitor.simulation.recorded import session_events
from monitor.simulation.scenario import Part, Scenario

UNTIL_S = 100.0
WALK = Scenario(
    name="walk",
    title="calibration and a walk",
    part=(Part(steps=("stand 8 s", "pumps 15 s", "walk 90 s")),),  # type: ignore[arg-type]
)


@cache
def recorded(data: Path) -> list[Verdict]:
    pytest.importorskip("ezc3d")
    return verdicts(data)


def test_the_recorded_calf_works_twice_as_much_in_stance_where_its_electrode_is_right(shared: Path):
    right = [
        v
        for v in recorded(shared / "data")
        if v.state == "emg" and (v.channel in ("GM", "GL", "SO") or "Gast" in v.channel) and "HC038A11" not in v.file
    ]
    assert len(right) == 6 and {v.file for v in right} > {TREADMILL}
    assert all(v.ratio >= LEAST_CALF and not v.misplaced for v in right)


def test_the_recorded_electrode_that_is_not_on_the_calf_is_flagged(shared: Path):
    swapped = next(v for v in recorded(shared / "data") if "HC038A11" in v.file and v.channel == "Voltage.R Gast")
    assert swapped.misplaced and swapped.ratio < 0.5


def test_a_recorded_shin_is_no_calf(shared: Path):
    shins = [v for v in recorded(shared / "data") if v.state == "emg" and ("Tib" in v.channel or v.channel == "TA")]
    assert len(shins) == 5 and all(v.misplaced for v in shins)


@cache
def walked(emg_leg: str) -> Told:
    """The left leg's movement with the EMG of one leg."""
    found: dict[str, list[Chunk]] = {role: [] for role in ROLES}
    for event in session_events(WALK, 3, UNTIL_S, block_s=10.0):
        if isinstance(event, Decoded):
            _, leg, role = event.sensor.split("-")
            if leg == (emg_leg if role == "emg" else "left"):
                found[role].append(event.chunk)
    chunks = {role: Chunk.joined(parts) for role, parts in found.items()}
    return Told(session()).feed(events(chunks, edges(5.0, UNTIL_S))).finish()


def test_the_calf_of_the_other_leg_is_told_from_ones_own():
    own, other = walked("left").seconds[-1], walked("right").seconds[-1]
    assert own.emg is not None and other.emg is not None
    assert own.emg.stance_ratio.min() > LEAST_CALF and own.evidence.quality == ()
    assert other.emg.stance_ratio.max() < 1.0
    assert "works while the foot swings, not while it stands" in other.evidence.quality[0]
    assert other.evidence.good  # the signal is good, its place is not


def test_nothing_is_said_before_ten_strides():
    early = [second for second in walked("right").seconds if second.time_s < 45.0]
    assert all(second.evidence.quality == () for second in early)


def told(stance_uv: float, swing_uv: float, watch: PlacementWatch, first: int, seconds: int) -> PlacementWatch:
    """A stride a second, 60 % of it stance."""
    for second in range(first, first + seconds):
        time_s = second + 0.02 * np.arange(1, 51)
        rms = np.where((time_s - second) < 0.6, stance_uv, swing_uv)
        rms[::10] = 5.0  # between bursts the muscle is quiet
        strike = Stride(second + 0.6, second + 1.0, 300.0, 200.0)
        watch.push(time_s, rms[:, None], [strike])
    return watch


def watch() -> PlacementWatch:
    return PlacementWatch(1, PlacementSettings(), 2.5)


def test_a_silent_electrode_is_not_doubted():
    assert not told(5.0, 5.2, watch(), 0, 30).doubtful.any()


def test_an_electrode_that_was_moved_to_the_calf_is_believed_again():
    moved = told(20.0, 60.0, watch(), 0, 30)
    assert moved.doubtful.all()
    assert not told(60.0, 20.0, moved, 30, 40).doubtful.any()


def test_lost_samples_say_nothing():
    unknown = told(np.nan, 60.0, watch(), 0, 30)
    assert np.isnan(unknown.ratio).all() and not unknown.doubtful.any()
