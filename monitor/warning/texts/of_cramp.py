"""A cramp, its relief and what comes after it; what is asked about; both calves at rest."""

from __future__ import annotations

from monitor.settings import CrampSettings, Settings
from monitor.warning.evidence import CrampReading, Evidence, Verdict
from monitor.warning.texts.of_fatigue import fatigue
from monitor.warning.texts.of_states import ADVICE


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
            rule = f"(rule: {limits.gait_dps:.0f} deg/s or more for {limits.gait_hold_s:.0f} s)"
            return f"it does not pause while the ankle moves {rule}"
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


def relief(
    reading: CrampReading | None, found: CrampReading | None, unseen: bool, settings: Settings
) -> tuple[str, ...]:
    """Contraction released: how. found : the second by which the cramp was told, None = there was none."""
    limits = settings.cramp
    if reading is None or unseen:
        return ("the calf is quiet again; how it ended was not seen",)
    down = "" if reading.fallen_to is None else f": activity {100 * reading.fallen_to:.0f} % of the contraction's"
    down_to = f"{100 * limits.relief_fraction:.0f} % or {limits.relief_rest_ratio:g} x its rest"
    rule = f"rule: below {down_to} for {limits.relief_after_s:g} s"
    if reading.fallen_s < limits.relief_after_s:
        rule = f"rule: no longer sustained for {limits.unsustained_s:.0f} s"
    how = _how_released(reading, found, limits)
    return (f"{how}{down}; {rule}", f"over if it holds for {limits.relief_hold_s:.0f} s")


def _how_released(reading: CrampReading, found: CrampReading | None, limits: CrampSettings) -> str:
    """By a stretch or by itself; a swinging leg passes through every angle, so in gait nobody knows."""
    if reading.turned_deg is None:
        return "released, ankle unknown"
    if any(seen is not None and (seen.ankle_dps or 0.0) >= limits.gait_dps for seen in (reading, found)):
        return "released; the ankle moved as in gait, so a stretch cannot be told"
    if reading.turned_deg >= limits.stretch_deg:
        return f"released by stretch, the ankle turned up by {reading.turned_deg:.0f} deg"
    return f"stopped by itself, the ankle turned by {reading.turned_deg:+.0f} deg"


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


def cramp_believed() -> str:
    """A cramp was reported, and the calf works as in one, but is not learnt yet or only coming back."""
    return (
        "cramp reported, and the calf works without pause; the state cannot tell it until calf and signal are known."
        f" {ADVICE['CRAMP']} The card says when to get help"
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
