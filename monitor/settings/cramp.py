"""When a sustained contraction is a cramp, when it has let go, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class CrampSettings(Checked):
    """Sustained activity of the calf; relief; the time after a cramp."""

    window_s: float = setting(3.0, "s", 2, 10, "a contraction is sustained that lasts three seconds (Study: 3-4 s)")
    rest_ratio: float = setting(
        2.0, "x own rest", 1.2, 20, "assumed: hum counts as rest here; `effort_least` tells raised quiet EMG apart"
    )
    effort_least: float = setting(
        0.12, "of own strong contraction", 0.02, 0.6, "a cramp reaches 15-60 % of the largest voluntary RMS (assumed)"
    )
    steady_least: float = setting(
        0.35, "low over median", 0.05, 0.9, "less is modulated by steps or repetitions (assumed)"
    )
    steady_most: float = setting(
        0.97,
        "low over median",
        0.6,
        1,
        "more is a tone: steady noise of 200 Hz bandwidth exceeds 0.9 in a third of seconds",
    )
    heads_db: float = setting(
        10.0, "dB", 2, 30, "Khan & Burne 2007, Ross & Thomas 1995: one head cramps, the other is silent"
    )
    silent_hum: float = setting(
        0.5,
        "of the hum taken off",
        0,
        1,
        "assumed: so much of it may be muscle; all hid a cramp in 27 uV of steady hum",
    )
    gait_dps: float = setting(
        50.0, "deg/s", 15, 300, "mean speed of the ankle: walking 75, calf raises 24 (simulated movements)"
    )
    gait_effort: float = setting(
        0.2, "of own strong contraction", 0.02, 0.6, "assumed: hum and rubbing in gait stay below it"
    )
    gait_hold_s: float = setting(
        2.0, "s", 1, 10, "assumed: for one second a hum that begins in gait looks like the noise of a muscle"
    )
    still_dps: float = setting(12.0, "deg/s", 2, 60, "Study: an ankle that does not move")
    ask_after_s: float = setting(3.0, "s", 1, 60, "a hold that is asked about has lasted so long beyond the window")
    report_s: float = setting(10.0, "s", 1, 60, "assumed: a reported cramp is looked for in the EMG for so long")
    relief_fraction: float = setting(0.3, "of the cramp's RMS", 0.05, 0.8, "assumed: well below the cramp")
    relief_rest_ratio: float = setting(2.0, "x rest before the cramp", 1.1, 6, "assumed: the level of a quiet calf")
    relief_after_s: float = setting(2.5, "s", 0.5, 20, "assumed; longer than the dips of a cramp's own rhythm (1.4 Hz)")
    unsustained_s: float = setting(
        15.0, "s", 4, 120, "assumed: a calf that works with pauses for so long is no longer cramped"
    )
    relief_hold_s: float = setting(30.0, "s", 1, 300, "assumed: released for so long counts as over")
    came_back_s: float = setting(60.0, "s", 10, 600, "assumed: what rises again within a minute is the same cramp")
    stretch_deg: float = setting(10.0, "deg", 2, 60, "assumed: dorsiflexion by so much is a stretch")
    long_min: float = setting(10.0, "min", 1, 60, "NHS advice: seek help if a cramp lasts longer than 10 minutes")
    cooldown_min: float = setting(
        60.0, "min", 1, 600, "a cramp lowers the threshold frequency of the next for 60 min or more (2017, CMU)"
    )
    both_legs_s: float = setting(60.0, "s", 5, 600, "assumed: both calves restless for a minute at rest")
