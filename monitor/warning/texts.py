"""Every sentence that explains a state: never "safe", never a diagnosis, always number, baseline and rule."""

from __future__ import annotations

from collections.abc import Callable

from monitor.settings import Settings
from monitor.warning.evidence import Evidence
from monitor.warning.score import Points

DISCLAIMER = "Training aid, not a medical device. It misses cramps, sudden ones among them, and it raises false alerts."

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
    """ "MDF 101 -> 86 Hz (-15 %) at equal angle and effort"."""
    if not evidence.spectral:
        return "fatigue unknown: this sensor's rate is too low to show a shift of the spectrum"
    if evidence.compression is None or evidence.baseline_hz is None:
        return "fatigue unknown: too few contractions so far"
    change = round(100 * (evidence.compression - 1)) or 0  # never "-0"
    now_hz = evidence.baseline_hz * evidence.compression
    moved = f"MDF {evidence.baseline_hz:.0f} -> {now_hz:.0f} Hz ({change:+d} %)"
    moved = f"last known, before a long rest: {moved}" if evidence.stale else moved
    return f"{moved} against the baseline at equal angle and effort"


def calibrating(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """Why there is no reading yet."""
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
    return (f"no pattern seen; {fatigue(evidence)}; WATCH below -{limit:.0f} %",)


def watch(evidence: Evidence, settings: Settings) -> tuple[str, ...]:
    """Calf tiring."""
    trend = settings.trend
    rule = f"rule: below -{100 * (1 - trend.watch_level):.0f} % for {trend.watch_after_s:.0f} s"
    end = f"ends above -{100 * (1 - trend.clear_level):.0f} % for {trend.clear_after_s:.0f} s"
    return (f"{fatigue(evidence)}; {rule}, {end}",)


def warn(evidence: Evidence, points: Points, score: float | None, settings: Settings) -> tuple[str, ...]:
    """Cramp risk pattern: each sign with its number, its baseline and its points."""
    values: dict[str, Callable[[], str]] = {
        "fatigue": lambda: fatigue(evidence),
        "quiet": lambda: f"quiet EMG {evidence.quiet_ratio:.1f} x its baseline",
        "twitches": lambda: (
            f"twitches {evidence.twitches_per_min:.0f} per min (baseline {evidence.twitch_baseline_per_min:.0f})"
        ),
        "dose": lambda: f"shortened contraction {100 * (evidence.shortened_share or 0):.0f} % of the last five minutes",
    }
    known = {
        "quiet": evidence.quiet_ratio is not None,
        "twitches": evidence.twitches_per_min is not None and evidence.twitch_baseline_per_min is not None,
        "fatigue": evidence.compression is not None,
        "dose": evidence.shortened_share is not None,
    }
    signs = tuple(
        f"{values[key]()}: {_worth(value)}" if known[key] else f"{_NAMES[key]} unknown now, {_worth(value)} before"
        for key, value in points.items()
        if value and key in values
    )
    if not known["quiet"] and not known["twitches"]:
        signs = (*signs, "the resting calf was not seen lately: the warning stays until it is")
    rule = (
        f"score {'unknown' if score is None else f'{score:.0f}'}; rule: at least {settings.state.warn_score:.0f} "
        f"with quiet EMG and twitches both, or {settings.state.warn_involuntary:.0f} of them, "
        f"for {settings.state.warn_after_s:.0f} s"
    )
    return (*signs, rule)


def _worth(points: float) -> str:
    return "1 point" if points == 1 else f"{points:.0f} points"


ADVICE = {
    "NO_SIGNAL": "Check the electrodes and the sensor.",
    "CALIBRATING": "Move as usual while your calf is being learnt.",
    "OK": "Nothing to do now. Cramps also come without one.",
    "WATCH": "Your calf tires: make it shorter or lighter.",
    "WARN": "Ease off now. Stretch: heel down, toes up.",
    "CRAMP": "Stop. Pull the toes up gently and hold.",
    "RELIEF": "Hold the stretch gently, then walk easily.",
    "COOLDOWN": "Take it easy: it may come back. Stretch now and then.",
}
