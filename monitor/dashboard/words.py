"""Numbers as words: what a label says. Unknown (None or NaN) is always the word "unknown", never 0."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from monitor.snapshot import LegView, Reading

UNKNOWN = "unknown"


def known(number: float | None) -> bool:
    """Whether there is a number to show."""
    return number is not None and math.isfinite(number)


def number(value: float | None, unit: str, digits: int = 0) -> str:
    """A number with its unit, with a true minus sign, or "unknown"."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:.{digits}f}"
    text = text.replace("-", "", 1) if float(text) == 0 else text
    return text.replace("-", "\N{MINUS SIGN}") + unit


def percent(fraction: float | None) -> str:
    """A fraction 0..1 as percent: one decimal below 10 %, since small losses matter."""
    if fraction is None or not math.isfinite(fraction):
        return UNKNOWN
    return number(100 * fraction, " %", digits=1 if 0 < fraction < 0.0995 else 0)


def clock(seconds: float) -> str:
    """Session time as 12:34 or 1:02:34."""
    minutes, second = divmod(int(max(seconds, 0.0)), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


def duration(seconds: float) -> str:
    """A stretch of time: "45 s", "2 min 14 s", "1 h 02 min"."""
    whole = int(max(seconds, 0.0))
    if whole < 60:
        return f"{whole} s"
    minutes, second = divmod(whole, 60)
    return f"{minutes} min {second:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def age(seconds: float | None) -> str:
    """How old the newest packet is."""
    if seconds is None or not math.isfinite(seconds):
        return "no packet yet"
    return f"{number(seconds, ' s', 1)} ago" if seconds < 60 else f"{duration(seconds)} ago"


def speed(factor: float) -> str:
    """How much faster than real time: "x10"; "as fast as possible" has no number."""
    return f"x{factor:g}" if math.isfinite(factor) and factor > 0 else "max"


def unbroken(text: str) -> str:
    """The text with spaces between numbers and their units that no line break can part."""
    return re.sub(r"(?<=\d) (?=(?:%|°|(?:s|Hz|min|h|x|µV|uV|deg|dB)\b))", "\N{NO-BREAK SPACE}", text)


def sentences(reasons: Iterable[str]) -> str:
    """The reasons as sentences: a capital first, a full stop last, an arrow for "->"."""
    told = [reason.strip().replace("->", "→") for reason in reasons if reason.strip()]
    whole = [part[0].upper() + part[1:] + ("" if part[-1] in ".!?" else ".") for part in told]
    return unbroken(" ".join(whole))


def points(parts: dict[str, float | None], score: float | None) -> str:
    """The sum that made the state: "fatigue 0.3  quiet 1.6 = 1.9"; what is not known is named after it."""
    sums = [f"{name} {_tenths(value)}" for name, value in parts.items() if value is not None and math.isfinite(value)]
    missing = [name for name in parts if not known(parts[name])]
    if not sums and not known(score):
        return "points unknown"
    total = _tenths(score) if score is not None and math.isfinite(score) else UNKNOWN
    text = f"{'  '.join(sums)} = {total}".strip()
    return text + (f"   (unknown: {', '.join(missing)})" if missing else "")


def _tenths(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"  # no -0


def reading(baseline_hz: float | None, reading: Reading) -> str:
    """One fatigue reading against the baseline: "MDF 101 → 86 Hz (-15 %)"."""
    if baseline_hz is None or not math.isfinite(baseline_hz):
        return f"MDF {UNKNOWN}"
    if reading.compression is None or not math.isfinite(reading.compression):
        return f"MDF {baseline_hz:.0f} → {UNKNOWN}"
    percents = round(100 * (reading.compression - 1))
    change = f"{'+' if percents > 0 else ''}{number(percents, ' %')}"
    return f"MDF {baseline_hz:.0f} → {baseline_hz * reading.compression:.0f} Hz ({change})"


def course(leg: LegView) -> str:
    """How the reading goes, and what to bear in mind beside it, which is known before any reading is."""
    return sentences([leg.course, *leg.fatigue_notes])


def sure(reading: Reading) -> str:
    """Half of its 95 % interval, "± 3 %"; empty = not known."""
    if reading.interval is None:
        return ""
    return f"± {max(1, round(50 * (reading.interval[1] - reading.interval[0])))} %"


def frames(reading: Reading) -> str:
    """How sure the reading is, and what it rests on."""
    count = f"{reading.n_frames} contraction frame{'' if reading.n_frames == 1 else 's'}"
    known = ", ".join(part for part in (sure(reading), count) if part)
    return f"{known}, too few lately" if reading.stale else known
