"""The definitions of the evaluation, frozen on 2026-11-26, before its first run. They do not move with the results.

Times are session seconds; a state or a score holds from the second that it is stamped with.

Cramp: its time is its first involuntary discharge (the simulation's onset), in labelled recordings the label's start.
Episode: a stretch of WARN of one leg. Stretches less than 60 s apart with nothing but NO_SIGNAL or CALIBRATING between
    them are one episode. Of a score under a threshold: it begins when the score has been at or above the threshold for
    5 s and ends when it has been below for 60 s; where the score is unknown the last known value holds.
Hit: an episode of the leg that cramps *starts* in the 15 min before the cramp (from 900 s before to the cramp itself).
    Beside it stand: started in the last 10 and 5 min; still on at the cramp; the protocol's stricter rule (started in
    the last 15 min and on within the last 120 s); and the detector study's looser one (any WARN, whenever it started,
    within the last 15 min). A cramp that falls into NO_SIGNAL is missed, whatever was said before.
Lead: from the start of the first such episode to the cramp. No lead is claimed beyond the precursor's own length: it is
    cut there, and is 0 where a sudden cramp was hit by chance. The uncut lead stands beside it.
Hour: one athlete with both legs. Episodes of both legs that overlap are one episode of the athlete.
False alarm: an episode of the athlete that starts outside the 15 min before every cramp of either leg. What starts
    while a cramp lasts (to its relief) is neither hit nor false. Beside it: per leg-hour, per hour of good signal, and
    per squad session (20 players, 1.5 h).
False alarms at the base rate: here cramps are far more frequent than in life, and precursors that pass without a cramp
    come with them (one to two for each). Beside the plain rate stands the one in which false alarms that start in such
    a precursor (or within a minute of its end) are weighted by the stated base rate over the cramps per hour here.
Time in warning: share of the athlete's time in WARN outside the 15 min before cramps and outside cramps.
Chance: the same episodes shifted around the session by a random time, 1000 times: mean sensitivity, and p = the
    share of shifts that reach ours.
PPV: b s / (b s + f) with b cramps per athlete hour (stated), s the sensitivity, f the false alarms per hour.
Intervals (95 %): sensitivity Clopper-Pearson, false alarms exact Poisson, everything read off a curve and every
    difference to a baseline by bootstrap over athletes (2000, fixed seed).
Sensitivity at a rate of false alarms: the highest on the curve of a swept threshold at no more than that rate. The same
    threshold rule for our score and for every baseline.
Frontier: the same rule on the true strength of what announces itself, with or without a cramp to follow. No detector
    that looks at the calf alone can lie above it for long.
Baselines, from the same sessions: MDF only (decline of the angle-adjusted spectral scale, the best reading there is),
    RMS only (rise of the working EMG over its baseline), quiet EMG only, clock (time to the planned end), random.
CRAMP: detected if entered between the first discharge and 4 s after half of the plateau is reached. False: entered
    elsewhere, save in the 5 s after the relief; per athlete hour, in clean and in artefact sessions.
Relief: confirmed if RELIEF is entered within 4 s after the discharge has fallen below twice the quiet level; premature
    if it is entered before that. Only cramps that were detected count.
Missed, and why: the first that is true of: no signal, no baseline yet, warned too early, sudden (no precursor), weak
    precursor (below a third of the strongest), short precursor (below 41 s), a single sign, seen too late or never.
Nothing here is clinical: figures of simulated sessions are properties of what was assumed about precursors.
"""

from __future__ import annotations

FROZEN_ON = "2026-11-26"
HORIZON_S = 900.0
SHORTER_HORIZONS_S = (600.0, 300.0)
LAST_S = 120.0  # the protocol's rule: on within the last two minutes
BRIDGE_S = 60.0
SCORE_ON_S, SCORE_OFF_S = 5, 60
SHIFTS = 1000
BOOTSTRAPS = 2000
RATES_PER_H = (0.1, 0.25, 0.5, 1.0)
SQUAD_PLAYERS, SQUAD_HOURS = 20, 1.5
BASE_RATE_PER_H = 0.05  # cramps per athlete hour; team sport lies between 0.02 and 0.1 (estimate)
BASE_RATES_PER_H = (0.02, 0.05, 0.2, 0.5)
CRAMP_WITHIN_S = RELIEF_WITHIN_S = 4.0
CRAMP_SPARED_S = 5.0
PASSED_S = 60.0
WEAK, SHORT_S = 1 / 3, 41.0


def definitions_text() -> str:
    """The definitions as people read them."""
    return (__doc__ or "").strip()
