"""When a heel-rise test is over, and how many rises count: the published criteria as a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from monitor.guided.rises import Rise
from monitor.settings import GuidedSettings


class End(StrEnum):
    """Why a leg's test has ended."""

    HEIGHT = "height lost"
    RHYTHM = "rhythm lost"
    STOPPED = "no more rises"
    NOT_BEGUN = "not begun"
    LOST = "signal lost"
    PERSON = "ended by the person"
    SOURCE = "the recording ended"


@dataclass(frozen=True, slots=True)
class Judged:
    """The rises that count, how it ended (None = it goes on), the starting height (None = unknown)."""

    counted: tuple[Rise, ...]
    end: End | None
    end_s: float | None
    height_deg: float | None


def judge(rises: Sequence[Rise], begin_s: float, now_s: float, settings: GuidedSettings) -> Judged:
    """Judge one leg's rises, seen up to `now_s`, of a test whose metronome began at `begin_s`.

    A rise below `least_height` of the starting height does not count; it is a fault, and so is one that comes later
    after the rise before than `late` periods of the beat. `faults` of them in a row end the test, as does a pause.
    Source: Lunsford and Perry 1995; thesis of Sleeswijk Visser 2024: loss of height or pace, two prompts in a row.
    """
    period_s = 60.0 / settings.rises_per_min
    height_deg = _starting_height(rises, settings)
    counted: list[Rise] = []
    faults, before_s, reason = 0, None, End.STOPPED
    for rise in rises:
        pause_s = None if before_s is None else rise.peak_s - before_s
        if pause_s is not None and pause_s >= settings.no_rise_periods * period_s:
            return Judged(tuple(counted), End.STOPPED, rise.peak_s, height_deg)
        low = height_deg is not None and (rise.height_deg or 0.0) < settings.least_height * height_deg
        late = pause_s is not None and pause_s > settings.late * period_s
        if not low:
            counted.append(rise)
        faults = faults + 1 if low or late else 0
        reason = End.HEIGHT if low else End.RHYTHM
        before_s = rise.peak_s
        if faults >= settings.faults:
            return Judged(tuple(counted), reason, rise.peak_s, height_deg)
    if before_s is None:
        waited = now_s - begin_s >= settings.begin_within_s
        return Judged((), End.NOT_BEGUN if waited else None, now_s if waited else None, None)
    over = now_s - before_s >= (settings.no_rise_periods + 0.5) * period_s  # a rise is known when it has ended
    return Judged(tuple(counted), End.STOPPED if over else None, before_s if over else None, height_deg)


def _starting_height(rises: Sequence[Rise], settings: GuidedSettings) -> float | None:
    first = [rise.height_deg for rise in rises[: int(settings.starting_rises)] if rise.height_deg is not None]
    return float(np.median(first)) if first else None
