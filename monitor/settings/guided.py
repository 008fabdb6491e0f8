"""The guided tests: when a heel rise counts, when the test ends, how long the shortened hold may last.

"Sleeswijk Visser" in a source: heel-rise endurance test with 60 beats a minute, 10 rises to warm up, prompts at a loss
of height or pace, the end after two prompts in a row, 2 min between the legs (thesis 2024, chapter 3).
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class GuidedSettings(Checked):
    """Thresholds of `crampwatch test`."""

    warm_up_rises: float = setting(10, "rises", 0, 50, "Sleeswijk Visser")
    rises_per_min: float = setting(30.0, "per min", 10, 60, "Sleeswijk Visser; Hebert-Losier 2017 and others alike")
    rest_s: float = setting(30.0, "s", 0, 600, "assumed: ten easy rises need no longer rest")
    between_legs_s: float = setting(120.0, "s", 0, 1800, "Sleeswijk Visser")
    least_rise_deg: float = setting(8.0, "deg", 3, 30, "assumed: a quarter of a full heel rise; sway stays below 3 deg")
    starting_rises: float = setting(3, "rises", 1, 10, "assumed: they tell the starting height")
    least_height: float = setting(0.5, "of the starting height", 0.1, 1, "Lunsford and Perry 1995: half of the range")
    late: float = setting(1.5, "x the beat's period", 1.05, 4, "assumed: half a period late has lost the metronome")
    faults: float = setting(2, "rises in a row", 1, 5, "Sleeswijk Visser: two prompts in a row without an answer")
    no_rise_periods: float = setting(2.5, "periods", 1.5, 10, "assumed: two rises are missing, whatever came after")
    begin_within_s: float = setting(20.0, "s", 5, 120, "assumed: who has not begun by then does not")
    still_s: float = setting(3.0, "s", 1, 30, "assumed: who stands so long is ready")
    still_deg: float = setting(6.0, "deg", 1, 20, "assumed: sway stays below")
    shortest_burst_s: float = setting(0.4, "s", 0.1, 2, "assumed: a rise at 30 per min works for more than 1 s")
    least_blocks: float = setting(8, "rises", 4, 30, "assumed: fewer do not tell how far their spectra scatter")
    change_error: float = setting(
        0.085, "of the change", 0, 0.5, "simulated: what a channel's change errs by beside its scatter, see heel_rises"
    )
    hold_most_s: float = setting(60.0, "s", 5, 60, "voluntary induction: prone, shortened, at most 60 s (31 % cramped)")
    after_hold_s: float = setting(60.0, "s", 10, 600, "assumed: a cramp that comes late comes within a minute")
