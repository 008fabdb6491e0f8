"""Every sentence that explains a state: never "safe", never a diagnosis, always number, baseline and rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from monitor.fatigue.course import CourseSecond, quadrant, recovered
from monitor.fatigue.response import COLD
from monitor.settings import BaselineSettings, Settings, TrendSettings
from monitor.warning.evidence import CrampReading, Evidence, Verdict
from monitor.warning.score import Points, sign_values, span

DISCLAIMER = "Training aid, not a medical device. It misses cramps, sudden ones among them, and it raises false alerts."

CALLS = {  # what an alert says, wherever it goes
    "WARN": "Cramp risk pattern: ease off, stretch",
    "CRAMP": "Sustained calf contraction: cramp?",
}

_NAMES = {
    "fatigue": "fatigue",
    "relaxation": "relaxation",
    "quiet": "quiet EMG",
    "twitches": "twitches",
    "tonic": "tonic firing",
    "dose": "shortened position",
    "context": "context",
}


def fatigue(evidence: Evidence) -> str:
    """ "MDF 101 -> 86 Hz (-15 % +- 2) against the baseline at equal angle and effort"."""
    if not evidence.spectral:
        return "fatigue unknown: this sensor's rate or band is too low to show a shift of the spectrum"
    if evidence.compression is None or evidence.baseline_hz is None:
        return "fatigue unknown: too few contractions so far"
    change = round(100 * (evidence.compression - 1)) or 0  # never "-0"
    now_hz = evidence.baseline_hz * evidence.compression
    moved = f"MDF {evidence.baseline_hz:.0f} -> {now_hz:.0f} Hz ({change:+d} %{_doubt(evidence)})"
    moved = f"last known, before a long rest: {moved}" if evidence.stale else moved
    return (
        f"{moved} against the baseline at equal {'angle and effort' if evidence.matched else 'effort, angle unknown'}"
    )


def _doubt(evidence: Evidence) -> str:
    """Half of the reading's 95 % interval, in points; empty = unknown."""
    if evidence.compression_sd is None or evidence.compression is None:
        return ""
    return f" +- {max(1, round(100 * evidence.compression * 1.96 * evidence.compression_sd))}"


def course(second: CourseSecond, level: float | None, settings: TrendSettings) -> str:
    """How the reading goes, in words: "tiring, -1.9 % per min (-2.5 to -1.3)"; empty = nothing is known."""
    parts = [quadrant(second.amplitude, second.at_any_effort, settings)]
    slope = second.all
    if math.isfinite(slope.slope_pct_per_min):
        interval = f"{slope.slope_low:+.1f} to {slope.slope_high:+.1f}"
        parts.append(f"{slope.slope_pct_per_min:+.1f} % per min ({interval}) in five minutes")
    back = None if level is None else recovered(level, second.lowest, settings)
    if back is not None:
        parts.append(f"{100 * back:.0f} % of the decline is gone")
    return ", ".join(part for part in parts if part)


COLD_TOO = "falls with cold, too"  # the same in a few words, where the reading stands at a cursor


def fatigue_notes(sensor: str, *, matched: bool, baseline: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What to bear in mind beside a fatigue reading.

    sensor : what its band can show, empty = all of it; matched : at equal ankle angle; baseline : about a kept one
    """
    unmatched = "without an ankle angle contractions are matched by effort and age alone: the reading is less sure"
    return tuple(note for note in (sensor, "" if matched else unmatched, *baseline, COLD) if note)


def earlier(day: str, *, placed: bool) -> str:
    """The baseline is of an earlier session. day : empty = not told; placed : the same place was told on both days."""
    when = f"of {day}" if day else "of an earlier session"
    doubt = (
        "another skin temperature shifts it"
        if placed
        else "other places of the electrodes or another skin"
        + (" temperature shift it; a `placement` in the team file tells the places")
    )
    return f"the baseline is {when}: {doubt}"


def not_comparable(what: str, before: str, today: str) -> str:
    """A kept baseline is of another sensor or place."""
    return (
        f"the kept baseline is of another {what} ({before}; today {today}) and not comparable:"
        " this session learns its own"
    )


def not_comparable_signal() -> str:
    """A kept baseline does not fit the signal."""
    return "the kept baseline is of other channels or another rate and not comparable: this session learns its own"


def moved(label: str, leg: str, gain: float) -> str:
    """An electrode sits elsewhere than before. gain : of the amplitude, against the other channels; NaN = unknown."""
    seen = f" (amplitude x {gain:.1f})" if math.isfinite(gain) else ""
    return (
        f"{label} {leg}: the electrode seems to have moved{seen}: its baseline is not compared any more;"
        " begin a new one when the calf is fresh"
    )


REBASED = "the electrodes had moved and this baseline is younger: what the calf had tired before is not in it"


def restarted() -> str:
    """A person ordered a new baseline."""
    return "as asked, the baseline is forgotten and gathered anew from now on"


def frozen(done: bool) -> str:
    """A person ordered that the baseline be kept."""
    kept = "as asked, the baseline stays as it is for the rest of the session"
    return kept if done else "there is no baseline yet that could be kept; ask again when the calf is learnt"


def refitted(n_frames: int, settings: BaselineSettings, *, done: bool) -> str:
    """A person ordered that the fatigue baseline be fitted again. n_frames : of the last minutes."""
    minutes = f"the last {settings.recent_s / 60:.0f} minutes"
    if done:
        return f"as asked, the fatigue baseline is now that of {minutes} ({n_frames} frames): readings begin anew"
    return (
        f"{minutes} hold {n_frames} contraction frames and {settings.usable_frames:.0f} are needed:"
        " the fatigue baseline stays as it is"
    )


def beginning() -> tuple[str, ...]:
    """Before the first second."""
    return ("waiting for the first second of EMG",)


def calibrating(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """Why there is no reading yet."""
    if evidence.rebased:
        learnt = f"{100 * evidence.calibration_fraction:.0f} % of {settings.baseline.usable_frames:.0f} frames"
        return (f"the electrodes have moved: learning this calf anew, {learnt} gathered",)
    if evidence.baseline_hz is None and evidence.calibration_fraction == 0:
        return (f"learning this calf: begins {settings.baseline.start_s:.0f} s after the first sample",)
    needed = settings.baseline.usable_frames
    return (
        f"learning this calf: {100 * evidence.calibration_fraction:.0f} % of {needed:.0f} contraction frames gathered; "
        f"the baseline begins {settings.baseline.start_s:.0f} s after the first sample",
    )


def no_signal(evidence: Evidence, ever: bool, settings: Settings) -> tuple[str, ...]:
    """Why there is no signal."""
    if not evidence.packets:
        first = f"no packet for {settings.state.no_packet_s:.0f} s" if ever else "no packet from the EMG sensor yet"
        return (first,)
    return evidence.quality or (f"bad signal for {settings.state.bad_quality_s:.0f} s",)


def display_only(model: str) -> str:
    """Of a sensor that tells an envelope and no EMG."""
    return f"{model} is display only: it sends an envelope, and neither contraction nor fatigue can be read from that"


def stands_still(repeated: float) -> str:
    """Of a sensor whose packets cannot be placed in time."""
    return f"{repeated:.0%} of the sensor's packets carry a count or time that came before: its clock stands still"


def ok(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """No pattern seen, with the numbers."""
    limit = 100 * (1 - settings.trend.watch_level)
    return (f"no pattern seen; {fatigue(evidence)}; WATCH below -{limit:.0f} %", *_rebased(evidence))


def _rebased(evidence: Evidence) -> tuple[str, ...]:
    return (REBASED,) if evidence.rebased else ()


def watch(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """Calf tiring."""
    trend = settings.trend
    rule = f"rule: below -{100 * (1 - trend.watch_level):.0f} % for {trend.watch_after_s:.0f} s"
    end = f"ends above -{100 * (1 - trend.clear_level):.0f} % for {trend.clear_after_s:.0f} s"
    if evidence.rebased:
        end = "ends when a person orders another baseline"
    return (f"{fatigue(evidence)}; {rule}, {end}", *_rebased(evidence))


def warn(evidence: Evidence, points: Points, score: float | None, settings: Settings) -> tuple[str, ...]:
    """Cramp risk pattern: each sign with its number, its baseline and its points, and what was not seen."""
    now = sign_values(evidence)
    signs = tuple(
        f"{_sign(key, evidence)}: {value:+.1f} points"
        if now.get(key, 0.0) is not None
        else f"{_NAMES[key]} unknown now, {value:+.1f} points before"
        for key, value in points.items()
        if value
    )
    unseen = [_NAMES[key] for key, value in points.items() if value is None and key != "context"]
    if unseen:
        low, high = span(evidence, settings.tables)
        signs = (*signs, f"not seen now: {', '.join(unseen)}; the score could lie between {low:.1f} and {high:.1f}")
    if points["quiet"] is None and points["twitches"] is None:
        signs = (*signs, "the resting calf was not seen lately: the warning stays until it is")
    threshold, below = settings.tables.threshold(settings.state.false_alarms_per_h), settings.tables.clear_below
    rule = (
        f"score {'unknown' if score is None else f'{score:.1f}'}; rule: {threshold:.1f} or more for"
        f" {settings.state.warn_after_s:.0f} s, ends at {threshold - below:.1f} or less for"
        f" {settings.state.warn_clear_after_s:.0f} s"
    )
    return (*signs, rule)


def _sign(key: str, evidence: Evidence) -> str:
    """One sign of those that have points, with its number and its baseline."""
    values: dict[str, Callable[[], str]] = {
        "fatigue": lambda: fatigue(evidence),
        "relaxation": lambda: (
            f"the last {evidence.relaxation_of} contractions died away {evidence.relaxation_z:+.1f} sd against others"
            " of their kind at the start"
        ),
        "quiet": lambda: f"quiet EMG {evidence.quiet_ratio:.1f} x its baseline",
        "twitches": lambda: (
            f"twitches {evidence.twitches_per_min:.0f} per min (baseline {evidence.twitch_baseline_per_min:.0f})"
        ),
        "tonic": lambda: f"tonic firing {evidence.tonic_s_per_min:.0f} s per quiet minute",
        "dose": lambda: f"shortened contraction {evidence.dose_min:.1f} min, what is long ago counting less",
        "context": lambda: ", ".join(_context(evidence)) or "context",
    }
    return values[key]()


def _context(evidence: Evidence) -> Iterator[str]:
    if evidence.since_cramp_s is not None:
        yield f"a cramp {evidence.since_cramp_s / 60:.0f} min ago"
    if evidence.context.history is not None:
        yield "earlier cramps" if evidence.context.history else "no earlier cramps"
    part = evidence.context.session_part(evidence.time_s)
    if part is not None:
        yield f"{100 * part:.0f} % of the planned session"
    if evidence.ground_share is not None:
        yield f"{100 * evidence.ground_share:.0f} % steep or rough ground"
    elif evidence.context.steep is not None:
        yield "steep climbs are planned" if evidence.context.steep else "flat ground is planned"


ADVICE = {
    "NO_SIGNAL": "Check the electrodes and the sensor.",
    "CALIBRATING": "Move as usual while your calf is being learnt.",
    "OK": "Nothing to do now. Cramps can come unannounced.",
    "WATCH": "Your calf tires: make it shorter or lighter.",
    "WARN": "Ease off now. Stretch: heel down, toes up.",
    "CRAMP": "Stop. Pull the toes up gently and hold.",
    "RELIEF": "Hold the stretch gently, then walk easily.",
    "COOLDOWN": "Take it easy: it may come back. Stretch now and then.",
}


def waiting(settings: Settings) -> tuple[str, ...]:
    """The signal is coming back."""
    return (f"signal is back, {settings.state.back_after_s:.0f} s of it are needed",)


def kept(cramping: bool, risk: bool, tiring: bool) -> tuple[str, ...]:
    """What was said before the signal was lost and is not forgotten."""
    if cramping:
        return ("before that: sustained calf contraction, not seen to end",)
    if risk:
        return ("before that: cramp risk pattern, not seen to end",)
    return ("before that: calf tiring",) if tiring else ()


def cramp(reading: CrampReading, came_back: bool, settings: Settings) -> tuple[str, ...]:
    """Sustained calf contraction, cramp?: what was seen, against what, and by which rule."""
    limits = settings.cramp
    level = (
        f"{reading.channel} works without pause for {limits.window_s:.0f} s: {reading.above_rest:.0f} x its rest and "
        f"{100 * reading.effort:.0f} % of its own strong contraction"
        f" (rule: {limits.rest_ratio:.0f} x and {100 * limits.effort_least:.0f} %)"
    )
    again = ("it came back after it had let go",) if came_back else ()
    return (*again, level, _why(reading, settings), f"ankle {_ankle(reading)}")


def _why(reading: CrampReading, settings: Settings) -> str:
    limits = settings.cramp
    match reading.verdict:
        case Verdict.ONE_HEAD:
            apart_db = reading.stands_out_db or 0.0
            rule = f"(rule: {limits.heads_db:.0f} dB)"
            return f"another channel is silent: {apart_db:.0f} dB apart against the baseline {rule}"
        case Verdict.NO_PAUSE:
            return f"it does not pause while the ankle moves (rule: {limits.gait_dps:.0f} deg/s or more)"
        case Verdict.FROM_REST:
            return "it began in a pointed foot at rest, and nothing else moves"
        case _:
            return "reported as a cramp"


def _ankle(reading: CrampReading) -> str:
    if reading.ankle_deg is None or reading.ankle_dps is None:
        return "unknown"
    return f"{reading.ankle_deg:+.0f} deg, moving at {reading.ankle_dps:.0f} deg/s"


def cramp_lasts(seconds: float, settings: Settings) -> tuple[str, ...]:
    """For how long; after ten minutes, with the advice that the public gets."""
    if seconds < 60 * settings.cramp.long_min:
        return (f"for {seconds:.0f} s so far",)
    long = f"for more than {settings.cramp.long_min:.0f} minutes"
    return (f"{long}: a cramp that lasts so long despite stretching is a reason to get advice at once, see the card",)


def cramp_unseen() -> tuple[str, ...]:
    """After a lost signal."""
    return ("a sustained contraction was seen before the signal was lost and has not been seen to end",)


def relief(reading: CrampReading | None, unseen: bool, settings: Settings) -> tuple[str, ...]:
    """Contraction released: how."""
    limits = settings.cramp
    if reading is None or unseen:
        return ("the calf is quiet again; how it ended was not seen",)
    down = "" if reading.fallen_to is None else f": activity {100 * reading.fallen_to:.0f} % of the contraction's"
    rule = f"rule: below {100 * limits.relief_fraction:.0f} % or twice the rest for {limits.relief_after_s:g} s"
    if reading.fallen_s < limits.relief_after_s:
        rule = f"rule: no longer sustained for {limits.unsustained_s:.0f} s"
    if reading.turned_deg is None:
        how = "released, ankle unknown"
    elif reading.turned_deg >= limits.stretch_deg:
        how = f"released by stretch, the ankle turned up by {reading.turned_deg:.0f} deg"
    else:
        how = f"stopped by itself, the ankle turned by {reading.turned_deg:+.0f} deg"
    return (f"{how}{down}; {rule}", f"over if it holds for {limits.relief_hold_s:.0f} s")


def cooldown(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """After a cramp."""
    total_min = settings.cramp.cooldown_min
    since_min = (evidence.since_cramp_s or 0.0) / 60
    return (
        f"a cramp let go {since_min:.0f} min ago: for {total_min:.0f} min the calf cramps again more easily",
        fatigue(evidence),
    )


def question(reading: CrampReading, settings: Settings) -> str:
    """A hold is asked about, not announced."""
    if reading.ankle_deg is None:
        hold = "A long hold, or a cramp?"
    elif reading.ankle_deg <= settings.angle.shortened_enter_deg:
        hold = "Holding on tiptoe, or a cramp?"
    else:
        hold = "Standing or pressing, or a cramp?"
    return (
        f"{hold} {reading.channel} works without pause for {reading.sustained_s + settings.cramp.window_s - 1:.0f} s"
        f" at {100 * reading.effort:.0f} % of its own strong contraction"
    )


def pain(reading: CrampReading | None) -> str:
    """Pain or hardness was reported and no cramp is announced."""
    if reading is None:
        return "pain or hardness reported; the EMG cannot be seen now. The card says when to get help"
    if reading.verdict:
        return (
            "pain or hardness reported while the calf works without pause: a hold, or a cramp? "
            "The card says when to get help"
        )
    return (
        "pain or hardness reported: no cramp activity seen "
        f"({reading.channel} {reading.above_rest:.1f} x its rest); contracture or strain possible. "
        "The card says when to get help"
    )


def both_legs(left: Evidence, right: Evidence, settings: Settings) -> str:
    """Both calves are restless at rest."""
    sides = "; ".join(f"{name}: {_restless(leg)}" for name, leg in (("left", left), ("right", right)))
    return (
        f"both calves are restless at rest for {settings.cramp.both_legs_s:.0f} s ({sides}). One calf alone is "
        "described as local, before a cramp; many muscles together as general: here the second account may apply. "
        "Please look at the card"
    )


def _restless(leg: Evidence) -> str:
    quiet = None if leg.quiet_ratio is None else f"quiet EMG {leg.quiet_ratio:.1f} x its baseline"
    twitches = None if leg.twitches_per_min is None else f"{leg.twitches_per_min:.0f} twitches per min"
    return ", ".join(part for part in (quiet, twitches) if part)
