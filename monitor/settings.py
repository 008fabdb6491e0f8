"""Every threshold of the way from sample to warning, with its unit, range and source, in one object.

`Settings()` holds the defaults; `Settings.changed({"trend.watch_level": 0.88})` gives another one; its `hash` goes into
every recording, JSON and reason, so that a result can be told from one made with other settings.

"Study" in a source: the Crampwatch detector study by simulation (2026), 1100 simulated sessions, no human recording.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from monitor.errors import SettingsError


def setting(default: float, unit: str, low: float, high: float, source: str) -> Any:
    """A dataclass field with its unit, its allowed range and the source of its default."""
    return field(default=default, metadata={"unit": unit, "low": low, "high": high, "source": source})


@dataclass(frozen=True, slots=True)
class _Checked:
    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if isinstance(value, int) and not isinstance(value, bool):
                object.__setattr__(self, item.name, value := float(value))  # 30 and 30.0 are one setting, one hash
            low, high = item.metadata["low"], item.metadata["high"]
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                unit = item.metadata["unit"]
                raise SettingsError(
                    f"{item.name} must lie between {low:g} and {high:g} {unit}, got {value!r}".replace(" ,", ",")
                )


@dataclass(frozen=True, slots=True)
class FilterSettings(_Checked):
    """The time-domain filter for the picture and the amplitude; spectra use no filter."""

    high_pass_hz: float = setting(20.0, "Hz", 5, 60, "De Luca 2010, J. Biomech. 43:1573: 20 Hz corner for general use")
    settle_s: float = setting(0.06, "s", 0, 1, "three time constants of the high-pass after lost samples")
    picture_notch: float = setting(
        0, "", 0, 1, "1 = the mains is taken out of the EMG on the screen, never of a feature"
    )


@dataclass(frozen=True, slots=True)
class QualitySettings(_Checked):
    """When a channel is unusable. "Recordings": what 60 public recordings in hand showed, good and bad ones."""

    lost_fraction: float = setting(0.5, "", 0, 1, "fewer than half of a tick's samples give no amplitude")
    railed_fraction: float = setting(0.05, "", 0, 1, "assumed: one sample of a 20 ms tick at the rail")
    hold_s: float = setting(1.0, "s", 0, 60, "assumed: a channel counts as bad until it was good for this long")
    rail_steps: float = setting(
        16.0, "x resolution", 2, 1000, "assumed: a channel's own extreme is a rail only if it has moved this far"
    )
    rail_enter: float = setting(0.02, "of the samples", 0.001, 1, "Recordings: railed 3-95 %, good ones below 0.5 %")
    rail_leave: float = setting(0.005, "of the samples", 0, 1, "hysteresis")
    window_loss: float = setting(0.05, "of a window", 0, 0.5, "loss of 5 % is borne in a spectrum (simulated)")
    loss_window_s: float = setting(5.0, "s", 1, 60, "assumed: a burst of loss shorter than half a second is borne")
    loss_enter: float = setting(0.10, "of the samples", 0.01, 1, "at 10 % only every sixth frame is whole")
    loss_leave: float = setting(0.05, "of the samples", 0, 1, "5 % per window is the limit of use")
    band_low_hz: float = setting(20.0, "Hz", 5, 60, "the EMG's band begins here")
    band_high_hz: float = setting(450.0, "Hz", 100, 1000, "and ends here, or at 0.45 x rate")
    noise_low_hz: float = setting(300.0, "Hz", 100, 800, "above this little of a muscle's power is left")
    noise_lowest_rate_hz: float = setting(800.0, "Hz", 400, 4000, "at 200-500 Hz a muscle looks white, too")
    noise_enter: float = setting(0.6, "of the power", 0.2, 1, "Recordings: unplugged .6-1.1, working below .56")
    noise_leave: float = setting(0.4, "of the power", 0.1, 1, "hysteresis")
    noise_rest: float = setting(2.0, "x rest", 1.1, 10, "assumed: a quiet calf's level varies less than this")
    noise_burst: float = setting(3.0, "x rest", 1.5, 20, "as the gate: three times the floor is a contraction")
    noise_returns: float = setting(2.0, "times", 1, 10, "assumed: twice from rest to work and back proves the contact")
    motion_low_hz: float = setting(3.0, "Hz", 0.5, 10, "slower drift is no harm behind a 20 Hz high-pass")
    motion_enter: float = setting(4.0, "x EMG", 0.5, 100, "low/EMG power above 4 moves the MDF by 3-6 % (simulated)")
    motion_leave: float = setting(2.0, "x EMG", 0.2, 100, "hysteresis; Recordings: good ones below 1.5")
    mains_enter: float = setting(0.126, "x EMG", 0.01, 10, "CleanEMG: below 9 dB a line can be removed only at a loss")
    mains_leave: float = setting(0.063, "x EMG", 0.005, 10, "12 dB: hysteresis")
    mains_least_uv: float = setting(20.0, "uV", 0, 500, "assumed: less is 9 dB below any contraction worth reading")
    deformed_enter: float = setting(1.55, "", 1, 3, "Sinderby 1995 drops above 1.4; weak good muscles reach 1.5")
    deformed_leave: float = setting(1.45, "", 1, 3, "hysteresis")
    active_fraction: float = setting(0.05, "of the loudest power", 0.001, 1, "assumed: with less the muscle rests")
    resolution_enter: float = setting(2.0, "steps RMS", 0.2, 10, "simulated: at 1 step the MDF reads 4 % high")
    resolution_leave: float = setting(2.5, "steps RMS", 0.2, 10, "hysteresis")
    resolution_after_s: float = setting(30.0, "s", 1, 600, "assumed: a calf that has only rested says nothing yet")
    loudest_s: float = setting(300.0, "s", 30, 3600, "how fast the loudest level is forgotten, as the gate's reference")


@dataclass(frozen=True, slots=True)
class GateSettings(_Checked):
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
class SpectrumSettings(_Checked):
    """Frames of contraction and the bins that the dilation score uses."""

    lowest_rate_hz: float = setting(400.0, "Hz", 50, 2000, "Study: at 200 Hz the shift is not seen, sensitivity .1")
    frame_s: float = setting(0.128, "s", 0.06, 1, "Study")
    low_hz: float = setting(20.0, "Hz", 5, 60, "lower edge of the reported band")
    high_hz: float = setting(450.0, "Hz", 100, 1000, "upper edge of the reported band, at most 0.45 x rate")
    score_low_hz: float = setting(25.0, "Hz", 10, 80, "Study")
    score_high_hz: float = setting(350.0, "Hz", 100, 600, "Study: at most 0.47 x rate")
    mains_hz: float = setting(50.0, "Hz", 0, 60, "0 = no mains")
    mains_half_width_hz: float = setting(4.0, "Hz", 0, 10, "Study")
    max_channel_offset: float = setting(2.5, "ln power", 0.5, 10, "Study")


@dataclass(frozen=True, slots=True)
class BaselineSettings(_Checked):
    """The athlete's own baseline: when it is gathered and how it is fitted."""

    start_s: float = setting(20.0, "s", 0, 600, "Study")
    end_s: float = setting(330.0, "s", 60, 1800, "Study")
    refit_s: float = setting(30.0, "s", 1, 300, "Study")
    freeze_s: float = setting(360.0, "s", 60, 3600, "Study")
    usable_frames: float = setting(150, "frames", 20, 5000, "Study: 9 s of contraction")
    ridge_frames: float = setting(20.0, "frames", 0, 1000, "Study")
    time_ridge_frames: float = setting(
        3.0,
        "frames",
        0,
        1000,
        "prior of +-15 % in five minutes at 13 % noise per frame; without it a 30 s baseline read +10 %",
    )
    effort_margin: float = setting(1.5, "ln power", 0.1, 10, "Study: efforts never seen in the baseline are skipped")


@dataclass(frozen=True, slots=True)
class TrendSettings(_Checked):
    """The fatigue reading and WATCH."""

    frames_constant: float = setting(
        360.0, "frames", 30, 5000, "Study: frame-weighted mean with a memory of about a minute"
    )
    frames_per_s_cap: float = setting(10.0, "frames", 1, 17, "Study")
    first_reading_frames: float = setting(
        150.0,
        "frames",
        5,
        1000,
        "as the baseline: fewer read -11 % after a gap on a rested leg",
    )
    watch_level: float = setting(
        0.90, "of baseline", 0.5, 1, "Study: sensitivity .99 at 0.00-0.06 false per hour (simulated)"
    )
    watch_after_s: float = setting(20.0, "s", 0, 300, "Study")
    clear_level: float = setting(0.94, "of baseline", 0.5, 1, "Study")
    clear_after_s: float = setting(60.0, "s", 0, 600, "Study")
    stale_frames: float = setting(30, "frames", 1, 1000, "Study: fewer in two minutes are too few to say")
    stale_window_s: float = setting(120.0, "s", 10, 1200, "Study")


@dataclass(frozen=True, slots=True)
class AngleSettings(_Checked):
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
class GaitSettings(_Checked):
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
class SkewSettings(_Checked):
    """When the clocks of shank and foot sensor have moved against each other."""

    look_s: float = setting(20.0, "s", 5, 120, "simulated: looks of 20 s of one walk agree within 2 ms")
    looks: float = setting(3, "looks", 1, 20, "assumed: the median of three is not moved by one")
    agree_s: float = setting(0.01, "s", 0.001, 0.05, "assumed: looks further apart than this show no clock")
    change_s: float = setting(0.015, "s", 0.005, 0.1, "Study: 10 ms cost 3 deg, 20 ms 5 deg")
    most_s: float = setting(0.15, "s", 0.02, 0.2, "assumed: more is no clock, the sensors do not belong together")


@dataclass(frozen=True, slots=True)
class PlacementSettings(_Checked):
    """When an electrode that works in the swing of the leg, and not in its stance, is doubted."""

    strides: float = setting(10, "strides", 3, 100, "assumed: of the last twice as many, walking")
    enter: float = setting(1.0, "stance/swing", 0.2, 2, "Recordings: gastrocnemius 2.6-7.1, shin 0.4-0.8")
    leave: float = setting(1.3, "stance/swing", 0.2, 4, "hysteresis")
    above_quiet: float = setting(1.5, "x quiet", 1, 10, "assumed: what does not rise above its rest works nowhere")


@dataclass(frozen=True, slots=True)
class SignSettings(_Checked):
    """Involuntary activity of the quiet calf."""

    quiet_margin_s: float = setting(0.2, "s", 0.05, 2, "Study: quiet means no contraction within 0.2 s")
    shortest_contraction_s: float = setting(
        0.12, "s", 0.04, 1, "shorter bursts are twitches; SPiQE: fasciculations last 3-30 ms"
    )
    quiet_seconds: float = setting(
        15.0, "s", 3, 120, "Miller 2022 table 1: resting EMG above that of calves that do not cramp"
    )
    quiet_1: float = setting(1.5, "x own baseline", 1.1, 10, "Chaney & Sherman pilot: 2-3 x before night cramps")
    quiet_2: float = setting(2.0, "x own baseline", 1.1, 10, "as above")
    quiet_3: float = setting(3.0, "x own baseline", 1.1, 20, "as above")
    quiet_most: float = setting(10.0, "x own baseline", 4, 100, "assumed: more is an electrode, not a resting calf")
    twitch_ratio: float = setting(5.5, "x quiet RMS", 2, 20, "Study")
    twitch_floor_uv: float = setting(20.0, "uV", 1, 500, "assumed; SPiQE excludes below 100 uV on needle-like grids")
    twitch_window_s: float = setting(120.0, "s", 20, 600, "Study")
    twitch_min_quiet_s: float = setting(18.0, "s", 5, 120, "Study: less quiet time says nothing")
    twitch_1: float = setting(
        6.0, "per min", 1, 120, "Miller 2022 table 1; benign calves show fewer than 2 per min (assumed)"
    )
    twitch_2: float = setting(12.0, "per min", 1, 120, "as above")
    twitch_own_ratio: float = setting(3.0, "x own baseline", 1, 20, "assumed")
    tonic_events_per_s: float = setting(4, "per s", 2, 20, "Study: more than that is tonic firing, no twitching")
    still_angle_dps: float = setting(25.0, "deg/s", 5, 200, "Study")
    dose_fraction: float = setting(
        0.2, "of 5 min", 0.01, 1, "Bertolasi 1993, Behringer 2014: cramps come in the shortened position"
    )
    baseline_quiet_s: float = setting(10.0, "s", 3, 120, "assumed: less quiet time gives no baseline of the quiet calf")


@dataclass(frozen=True, slots=True)
class StateSettings(_Checked):
    """How points become states."""

    fatigue_1: float = setting(0.08, "decline", 0.01, 0.5, "four standard deviations of a one-minute reading")
    fatigue_2: float = setting(
        0.12, "decline", 0.01, 0.5, "Ament 1993: calf MDF falls by more than 10 % uphill to exhaustion"
    )
    fatigue_3: float = setting(0.20, "decline", 0.01, 0.6, "heel raises to failure")
    warn_score: float = setting(
        4, "points", 1, 9, "dry run on simulated hours: first version, to be replaced by fitted tables"
    )
    warn_involuntary: float = setting(3, "points", 1, 5, "as above: the spectrum alone never warns")
    warn_after_s: float = setting(5.0, "s", 0, 60, "as above")
    warn_clear_score: float = setting(2, "points", 0, 9, "as above")
    warn_clear_after_s: float = setting(60.0, "s", 0, 600, "as above")
    no_packet_s: float = setting(2.0, "s", 0.5, 30, "no packet for two seconds is no signal")
    bad_quality_s: float = setting(5.0, "s", 1, 60, "bad signal for five seconds is no signal")
    back_after_s: float = setting(10.0, "s", 0, 120, "ten seconds of good signal")


@dataclass(frozen=True, slots=True)
class LinkSettings(_Checked):
    """When a sensor's link is worth a warning, and whether a warned athlete's sensors draw attention to themselves."""

    low_battery: float = setting(0.15, "of full", 0, 1, "assumed: enough of a small cell for one training session")
    slow_interval_s: float = setting(
        0.03, "s", 0.0075, 4, "Core 5.4 Vol 6 B 4.5.1: 7.5 ms and up; 60-500 ms come where nobody asks (bleak 56, 1446)"
    )
    slow_loss: float = setting(0.02, "", 0, 1, "assumed: below, a long interval does no harm")
    rate_sag: float = setting(0.03, "of the rate", 0.005, 0.5, "assumed: ten times what 20 s of arrivals leave open")
    unreadable: float = setting(0.05, "of the packets", 0.005, 1, "assumed: the air spoils fewer; an MTU cuts all")
    alert_on_warn: float = setting(1, "", 0, 1, "1 = the sensors of a leg in WARN vibrate or blink, 0 = they do not")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one session."""

    filters: FilterSettings = field(default_factory=FilterSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    gate: GateSettings = field(default_factory=GateSettings)
    spectrum: SpectrumSettings = field(default_factory=SpectrumSettings)
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    trend: TrendSettings = field(default_factory=TrendSettings)
    angle: AngleSettings = field(default_factory=AngleSettings)
    gait: GaitSettings = field(default_factory=GaitSettings)
    skew: SkewSettings = field(default_factory=SkewSettings)
    placement: PlacementSettings = field(default_factory=PlacementSettings)
    signs: SignSettings = field(default_factory=SignSettings)
    state: StateSettings = field(default_factory=StateSettings)
    link: LinkSettings = field(default_factory=LinkSettings)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """All values by group and name."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, groups: Mapping[str, Mapping[str, float]]) -> Self:
        """Settings from `to_dict`. Raises: SettingsError for an unknown name or a value out of range."""
        return cls().changed(
            {f"{group}.{name}": value for group, values in groups.items() for name, value in values.items()}
        )

    def changed(self, values: Mapping[str, float]) -> Self:
        """These settings with some values changed, `{"group.name": value}`. Raises: SettingsError."""
        groups: dict[str, dict[str, float]] = {}
        for key, value in values.items():
            group, _, name = key.partition(".")
            known = getattr(self, group, None) if group in self.to_dict() else None
            if known is None or name not in {item.name for item in dataclasses.fields(known)}:
                raise SettingsError(f"there is no setting {key!r}; names look like 'trend.watch_level'")
            groups.setdefault(group, {})[name] = value
        return dataclasses.replace(
            self, **{group: dataclasses.replace(getattr(self, group), **changes) for group, changes in groups.items()}
        )

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that change with any value."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:12]
