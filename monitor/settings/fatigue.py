"""The shift of the spectrum: frames, baseline and trend.

"Study" in a source: the Crampwatch detector study by simulation (2026), see `monitor.settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class SpectrumSettings(Checked):
    """Frames of contraction and the bins that the dilation score uses."""

    lowest_rate_hz: float = setting(400.0, "Hz", 50, 2000, "Study: at 200 Hz the shift is not seen, sensitivity .1")
    frame_s: float = setting(0.128, "s", 0.06, 1, "Study")
    low_hz: float = setting(20.0, "Hz", 5, 60, "lower edge of the reported band")
    high_hz: float = setting(450.0, "Hz", 100, 1000, "upper edge of the reported band, at most 0.45 x rate")
    score_low_hz: float = setting(25.0, "Hz", 10, 80, "Study")
    score_high_hz: float = setting(350.0, "Hz", 100, 600, "Study: at most 0.47 x rate")
    mains_hz: float = setting(50.0, "Hz", 0, 60, "where no hum is found by itself; 0 = no bin is left out for it")
    mains_half_width_hz: float = setting(4.0, "Hz", 0, 10, "Study")
    max_channel_offset: float = setting(2.5, "ln power", 0.5, 10, "Study")


@dataclass(frozen=True, slots=True)
class BaselineSettings(Checked):
    """The athlete's own baseline: when it is gathered and how it is fitted."""

    start_s: float = setting(20.0, "s", 0, 600, "Study")
    end_s: float = setting(330.0, "s", 60, 1800, "Study")
    break_s: float = setting(
        10.0, "s", 1, 600, "assumed: a sensor out of range for so long stops the clock of start, end and freeze"
    )
    refit_s: float = setting(30.0, "s", 1, 300, "Study")
    freeze_s: float = setting(360.0, "s", 60, 3600, "Study")
    recent_s: float = setting(300.0, "s", 60, 900, "assumed: a fit by hand rests on as long as the window of the start")
    usable_frames: float = setting(150, "frames", 20, 5000, "Study: 9 s of contraction")
    ridge_frames: float = setting(20.0, "frames", 0, 1000, "Study")
    time_ridge_frames: float = setting(
        3.0,
        "frames",
        0,
        1000,
        "prior of +-15 % in five minutes at 13 % noise per frame; without it a 30 s baseline read +10 %",
    )
    time_ridge_unmatched: float = setting(
        100.0, "frames", 0, 10000, "simulated: without an angle the level then errs by -0.1 % in the mean, with 3 by -6"
    )
    effort_margin: float = setting(1.5, "ln power", 0.1, 10, "Study: efforts never seen in the baseline are skipped")


@dataclass(frozen=True, slots=True)
class ElectrodeSettings(Checked):
    """When an electrode is taken to have moved: its channel leaves the range that it had against the others."""

    block_frames: float = setting(200.0, "frames", 50, 2000, "simulated: means of 200 scatter by 0.04 ln power")
    least_blocks: float = setting(6, "blocks", 2, 50, "assumed: so much of a session shows how the heads share work")
    steady_blocks: float = setting(3, "blocks in a row", 1, 20, "assumed: a task of its own is shorter, or comes back")
    level_ln: float = setting(0.35, "ln power", 0.1, 3, "simulated: 0.14 where nothing moves; amplitude by a fifth")
    spectrum_ln: float = setting(0.05, "ln", 0.01, 0.5, "simulated: places differ by up to 8 %")
    floor_ln: float = setting(0.7, "ln RMS at rest", 0.2, 3, "assumed: twice the floor is another contact")
    off_s: float = setting(1.0, "s", 1, 60, "assumed: a contact that is lost for so long may come back elsewhere")


@dataclass(frozen=True, slots=True)
class TrendSettings(Checked):
    """The fatigue reading and WATCH."""

    frames_constant: float = setting(
        360.0, "frames", 30, 5000, "Study: frame-weighted mean with a memory of about a minute"
    )
    slope_gain: float = setting(
        0.4, "of the memory squared", 0, 1, "simulated: without it WATCH comes a minute late; 0.25 to 0.7 do alike"
    )
    slope_most: float = setting(
        0.015, "ln per memory", 0, 0.2, "simulated: 2 %/min of a calf half at work; faster ones overshot by 2 %"
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
    block_s: int = setting(10, "s", 5, 60, "Study: readings of ten seconds")
    block_frames: float = setting(17, "frames", 5, 200, "a second of contraction: 2 % error, 8 channels; Study")
    slope_s: float = setting(300.0, "s", 60, 1800, "5 min show -2 %/min in 87 %, 3 min in 20 (simulated)")
    slope_blocks: float = setting(10, "blocks", 4, 100, "assumed: fewer make a slope of chance")
    level_sd_matched: float = setting(0.012, "ln", 0, 0.2, "simulated: what matching leaves, see fatigue_truth")
    level_sd_effort: float = setting(0.04, "ln", 0, 0.3, "simulated: the same where the angle is unknown")
    quadrant_zone: float = setting(0.05, "of baseline", 0.01, 0.5, "2.5 sd of 60-s medians (simulated); JASA: Luttmann")
