"""When the calf contracts, how the ankle stands, and on what ground.

"Study" in a source: the Crampwatch detector study by simulation (2026), see `monitor.settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class GateSettings(Checked):
    """When the calf counts as contracting."""

    on_reference: float = setting(0.15, "of the reference", 0.02, 1, "Study")
    on_floor: float = setting(3.0, "x floor", 1.5, 20, "Study")
    off_fraction: float = setting(0.6, "of the on-threshold", 0.1, 1, "Study")
    floor_percentile: float = setting(10.0, "%", 1, 50, "Study")
    floor_window_s: float = setting(
        120.0, "s", 10, 600, "Study: frozen afterwards, an adaptive floor hides failing relaxation"
    )
    reference_percentile: float = setting(95.0, "%", 50, 100, "Study")
    forgetting_s: float = setting(300.0, "s", 30, 3600, "Study")
    onset_back_s: float = setting(0.3, "s", 0.05, 1, "assumed: the gate opens at most so long after the true onset")
    onset_quiet_s: float = setting(0.6, "s", 0.2, 2, "assumed: half of what lies so far around an edge is quiet")
    onset_ratio: float = setting(9.0, "x quiet power", 1.5, 50, "simulated: least error at 20 and 40 dB")
    onset_least_db: float = setting(12.0, "dB", 0, 40, "10 dB is the limit of use; measured values scatter by 2 dB")


@dataclass(frozen=True, slots=True)
class AngleSettings(Checked):
    """The ankle angle and the shortened position (dorsiflexion +, plantarflexion -, 0 = upright standing)."""

    shortened_enter_deg: float = setting(
        -10.0, "deg", -40, 0, "achievable range 18 deg plantarflexion (dynamometer); Bertolasi 1993"
    )
    shortened_leave_deg: float = setting(-5.0, "deg", -40, 10, "hysteresis against gait noise")
    effort_most: float = setting(1.5, "x reference", 1, 5, "assumed: a louder moment is no harder work than this")
    calibration_window_s: float = setting(120.0, "s", 30, 600, "the calibration is looked for in the first two minutes")
    still_dps: float = setting(8.0, "deg/s", 1, 30, "assumed: standing sway stays below")
    still_s: float = setting(5.0, "s", 3, 20, "Study: stand still 8 s")
    pump_dps: float = setting(15.0, "deg/s RMS", 5, 100, "assumed: the foot in ankle pumps; standing stays below")
    pump_s: float = setting(6.0, "s", 2, 30, "Study: 15 s of ankle pumps, of which so many must be seen")
    walk_dps: float = setting(30.0, "deg/s RMS", 10, 200, "assumed: the shank of a slow walker")
    walk_s: float = setting(10.0, "s", 4, 60, "Study: 20 s of walking, of which so many must be seen")
    first_move_deg: float = setting(8.0, "deg", 2, 30, "assumed: by then the first ankle pump has begun")
    push_off_skew: float = setting(0.1, "", 0, 2, "assumed: less does not tell push-off from swing")
    least_pumps_deg: float = setting(20.0, "deg", 5, 60, "assumed: smaller ankle pumps show the hinge poorly")
    most_axes_deg: float = setting(20.0, "deg", 5, 60, "Study: axes err by 2-5 deg, and 10 deg do no harm, 30 do")
    most_sway_deg: float = setting(1.5, "deg", 0.2, 10, "assumed: the error of the zero stays below 2 deg")
    steep_hinge: float = setting(0.8, "of upright", 0.5, 1, "Study: gravity shows no turn about an upright hinge")
    cut_off_g: float = setting(1.9, "g", 1.2, 16, "the narrowest range of a sensor in use is 2 g")
    cut_off_seconds: float = setting(5, "of 60 s", 1, 60, "assumed: one fall is no reason to speak")
    max_gap_s: float = setting(0.25, "s", 0.05, 2, "assumed: a longer gap in an IMU leaves the angle unknown")
    converge_s: float = setting(3.0, "s", 0.5, 20, "time constant of the tilt correction, Laidig & Seel 2023")
    slip_deg: float = setting(20.0, "deg", 5, 90, "Study: axes are found to 2-5 deg, and 10 deg do no harm")
    slip_look_s: float = setting(10.0, "s", 5, 60, "assumed: so much walking shows the axis")
    disagreement_s: float = setting(
        0.05, "s", 0.01, 1, "EMG and angle further apart in time: 20-30 deg of error when running, no position gating"
    )
    gate_off_s: float = setting(3.0, "s", 1, 60, "assumed: a hiccup of the link is no reason")
    gate_on_s: float = setting(10.0, "s", 1, 120, "assumed: once off, the link must have been good for a while")
    delay_s: float = setting(0.05, "s", 0, 0.2, "electromechanical delay 30-100 ms: EMG leads the movement")


@dataclass(frozen=True, slots=True)
class GaitSettings(Checked):
    """Strides, and the ground that they go over."""

    swing_dps: float = setting(100.0, "deg/s", 20, 500, "assumed: the foot of a slow walker swings at 250 and more")
    swing_fraction: float = setting(0.3, "of the usual peak", 0.1, 0.9, "assumed: half a step counts")
    push_off_dps: float = setting(60.0, "deg/s", 10, 500, "assumed: the toes go down before they leave")
    shank_dps: float = setting(60.0, "deg/s", 10, 500, "assumed: in ankle pumps the shank rests")
    swing_least_s: float = setting(0.12, "s", 0.05, 0.5, "assumed: a sprinter's foot swings for 0.3 s")
    swing_most_s: float = setting(1.5, "s", 0.5, 5, "assumed: longer is no step")
    recent_strides: float = setting(10, "strides", 4, 50, "the slope is to be known after ten strides")
    slope_strides: float = setting(4, "strides", 1, 20, "assumed: fewer say nothing about the ground")
    flat_dps: float = setting(160.0, "deg/s", 10, 300, "assumed: a runner's foot rolls over the ground that fast")
    flat_least: float = setting(4, "samples", 1, 50, "assumed: a shorter rest is a passing zero")
    longest_stance_s: float = setting(3.0, "s", 1, 10, "assumed: who stands longer is not walking")
    longest_stride_s: float = setting(2.5, "s", 1, 6, "assumed: slower strides have no rhythm")
    rhythm_periods: float = setting(2.0, "stride times", 1, 5, "assumed: then walking has ended")
    running_per_min: float = setting(145.0, "steps/min", 100, 200, "assumed: between brisk walking and slow running")
    kick_dps: float = setting(700.0, "deg/s", 300, 2000, "assumed: steps swing it at 250-400")
    kick_ratio: float = setting(1.6, "x the usual swing", 1.1, 5, "assumed")
    still_dps: float = setting(8.0, "deg/s", 1, 30, "assumed: standing sway stays below")
    level_deg: float = setting(3.0, "deg", 0.5, 10, "assumed: flatter ground is called level")
    rough_deg: float = setting(2.0, "deg", 0.5, 20, "assumed: on even ground the foot comes down within 1 deg")
    rough_running_deg: float = setting(6.0, "deg", 0.5, 20, "assumed: a runner's foot is never quite flat")


@dataclass(frozen=True, slots=True)
class SkewSettings(Checked):
    """When the clocks of shank and foot sensor have moved against each other."""

    look_s: float = setting(20.0, "s", 5, 120, "simulated: looks of 20 s of one walk agree within 2 ms")
    looks: float = setting(3, "looks", 1, 20, "assumed: the median of three is not moved by one")
    agree_s: float = setting(0.01, "s", 0.001, 0.05, "assumed: looks further apart than this show no clock")
    change_s: float = setting(0.015, "s", 0.005, 0.1, "Study: 10 ms cost 3 deg, 20 ms 5 deg")
    most_s: float = setting(0.15, "s", 0.02, 0.2, "assumed: more is no clock, the sensors do not belong together")


@dataclass(frozen=True, slots=True)
class PlacementSettings(Checked):
    """When an electrode that works in the swing of the leg, and not in its stance, is doubted."""

    strides: float = setting(10, "strides", 3, 100, "assumed: of the last twice as many, walking")
    enter: float = setting(1.0, "stance/swing", 0.2, 2, "Recordings: gastrocnemius 2.6-7.1, shin 0.4-0.8")
    leave: float = setting(1.3, "stance/swing", 0.2, 4, "hysteresis")
    above_quiet: float = setting(1.5, "x quiet", 1, 10, "assumed: what does not rise above its rest works nowhere")
