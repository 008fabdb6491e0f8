"""The signs of a cramp to come, and the states.

"Study" in a source: the Crampwatch detector study by simulation (2026), see `monitor.settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class SignSettings(Checked):
    """Involuntary activity of the quiet calf."""

    quiet_margin_s: float = setting(0.2, "s", 0.05, 2, "Study: quiet means no contraction within 0.2 s")
    shortest_contraction_s: float = setting(
        0.12, "s", 0.04, 1, "shorter bursts are twitches; SPiQE: fasciculations last 3-30 ms"
    )
    quiet_seconds: float = setting(
        15.0, "s", 3, 120, "Miller 2022 table 1: resting EMG above that of calves that do not cramp"
    )
    quiet_1: float = setting(
        1.5,
        "x own baseline",
        1.1,
        10,
        "Chaney & Sherman pilot: 2-3 x before night cramps; of both calves, for the card",
    )
    quiet_most: float = setting(10.0, "x own baseline", 4, 100, "assumed: more is an electrode, not a resting calf")
    twitch_ratio: float = setting(5.5, "x quiet RMS", 2, 20, "Study")
    twitch_floor_uv: float = setting(20.0, "uV", 1, 500, "assumed; SPiQE excludes below 100 uV on needle-like grids")
    twitch_window_s: float = setting(120.0, "s", 20, 600, "Study")
    twitch_min_quiet_s: float = setting(18.0, "s", 5, 120, "Study: less quiet time says nothing")
    twitch_1: float = setting(
        6.0, "per min", 1, 120, "Miller 2022 table 1; benign calves show fewer than 2 per min (assumed); of both calves"
    )
    twitch_own_ratio: float = setting(3.0, "x own baseline", 1, 20, "assumed; of both calves")
    tonic_events_per_s: float = setting(4, "per s", 2, 20, "Study: more than that is tonic firing, no twitching")
    relaxation_high: float = setting(0.5, "of the peak", 0.2, 0.9, "Study")
    relaxation_low: float = setting(0.12, "of the peak", 0.05, 0.4, "Study")
    relaxation_least: float = setting(6, "contractions", 3, 50, "Study: fewer give no baseline of their kind")
    relaxation_spread: float = setting(0.18, "of ln s", 0.02, 1, "Study: no kind is steadier than that")
    relaxation_most: float = setting(6.0, "sd", 2, 20, "assumed: one contraction says no more than that")
    relaxation_recent: float = setting(12, "contractions", 3, 100, "Study")
    relaxation_smooth_s: float = setting(20.0, "s", 1, 120, "Study")
    relaxation_memory_s: float = setting(180.0, "s", 20, 1200, "Study: an older contraction says nothing about now")
    still_angle_dps: float = setting(25.0, "deg/s", 5, 200, "Study")
    dose_fraction: float = setting(
        0.2,
        "of 5 min",
        0.01,
        1,
        "Bertolasi 1993, Behringer 2014: cramps come in the shortened position; for the advice",
    )
    dose_memory_s: float = setting(480.0, "s", 60, 3600, "Study")
    baseline_quiet_s: float = setting(10.0, "s", 3, 120, "assumed: less quiet time gives no baseline of the quiet calf")


@dataclass(frozen=True, slots=True)
class StateSettings(Checked):
    """How scores become states; thresholds and points stand in the tables."""

    false_alarms_per_h: float = setting(
        0.25, "per athlete hour", 0.1, 0.5, "0.5 = careful, 0.25 = balanced, 0.1 = quiet; as counted on simulation"
    )
    warn_after_s: float = setting(5.0, "s", 0, 60, "assumed: one odd second is no pattern")
    warn_clear_after_s: float = setting(60.0, "s", 0, 600, "assumed: a pattern that is gone for a minute is gone")
    no_packet_s: float = setting(2.0, "s", 0.5, 30, "no packet for two seconds is no signal")
    bad_quality_s: float = setting(5.0, "s", 1, 60, "bad signal for five seconds is no signal")
    back_after_s: float = setting(10.0, "s", 0, 120, "ten seconds of good signal")
