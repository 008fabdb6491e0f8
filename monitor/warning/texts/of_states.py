"""The states, but for those of a cramp; what an alert says; what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor.settings import Settings
from monitor.warning.evidence import Evidence
from monitor.warning.score import Points, sign_values, span
from monitor.warning.texts.of_baseline import REBASED
from monitor.warning.texts.of_fatigue import fatigue

DISCLAIMER = "Training aid, not a medical device. It misses cramps, sudden ones among them, and it raises false alerts."
FOOT = "Training aid, not a medical device. Misses cramps, raises false alerts."  # the same below every screen


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state as a headline and what to do at once, for a tile that is read from three metres, and as it is spoken."""

    headline: str
    short: str
    action: str = ""
    spoken: str = ""


WORDS = {
    "NO_SIGNAL": StateWords("No signal", "No signal"),
    "CALIBRATING": StateWords("Learning your calf", "Learning"),
    "OK": StateWords("No pattern seen", "No pattern"),
    "WATCH": StateWords("Calf tiring", "Tiring"),
    "WARN": StateWords(
        "Cramp risk pattern", "Cramp risk", "ease off, stretch", spoken="cramp risk. Ease off and stretch"
    ),
    "CRAMP": StateWords("Sustained calf contraction", "Cramp?", "cramp?", spoken="sustained contraction. Cramp?"),
    "RELIEF": StateWords("Contraction released", "Released"),
    "COOLDOWN": StateWords("After a cramp", "After cramp", "take it easy"),
}
CALLS = {  # what an alert says, wherever it goes
    state: f"{words.headline}: {words.action}" for state, words in WORDS.items() if words.spoken
}
TOO_MANY = "many warnings in an hour: further warnings of this leg are only shown, a sustained contraction is told"


ADVICE = {
    "NO_SIGNAL": "Check the electrodes and the sensor.",
    "CALIBRATING": "Move as usual: Crampwatch learns your calf.",
    "OK": "Nothing to do now. Cramps can come unannounced.",
    "WATCH": "Your calf is tiring: ease the work.",
    "WARN": "Ease off now. Stretch: heel down, toes up.",
    "CRAMP": "Stop. Pull the toes up gently and hold.",
    "RELIEF": "Hold the stretch gently, then walk easily.",
    "COOLDOWN": "Take it easy: it may come back. Stretch now and then.",
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


def ok(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """No pattern seen, with the numbers."""
    limit = 100 * (1 - settings.trend.watch_level)
    return (f"no pattern seen; {fatigue(evidence)}; WATCH below -{limit:.0f} %", *_rebased(evidence))


def watch(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """Calf tiring."""
    trend = settings.trend
    rule = f"rule: below -{100 * (1 - trend.watch_level):.0f} % for {trend.watch_after_s:.0f} s"
    end = f"ends above -{100 * (1 - trend.clear_level):.0f} % for {trend.clear_after_s:.0f} s"
    if evidence.rebased:
        end = "ends when a person orders another baseline"
    return (f"{fatigue(evidence)}; {rule}, {end}", *_rebased(evidence))


def _rebased(evidence: Evidence) -> tuple[str, ...]:
    return (REBASED,) if evidence.rebased else ()


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
