"""How much each sign counts: the tables, weights and thresholds of the score, from one data file.

`crampwatch fit` writes the file; it says itself when, from what, and what it reaches. Points are log-odds: a point more
makes a cramp 2.7 times as likely as it was, whatever the others say.
"""

from __future__ import annotations

import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from monitor.errors import SettingsError

SHIPPED = Path(__file__).resolve().parent.parent / "warning" / "tables.json"
INVOLUNTARY = ("relaxation", "quiet", "twitches", "tonic")  # what a calf does without being asked
CONTEXT = ("aftermath", "cooldown", "history", "session_part", "ground_share")
SIGNS = ("fatigue", *INVOLUNTARY, "dose", *CONTEXT)
SENSITIVITIES = {"careful": 0.5, "balanced": 0.25, "quiet": 0.1}  # false alarms per athlete hour on simulation
_BY_RATE = sorted(SENSITIVITIES, key=lambda name: SENSITIVITIES[name])
_LN_RATES = tuple(math.log(SENSITIVITIES[name]) for name in _BY_RATE)


@dataclass(frozen=True, slots=True)
class Table:
    """Points of one sign: straight between the knots, level beyond them. source : fitted, or assumed and why."""

    unit: str
    source: str
    knots: tuple[float, ...]
    points: tuple[float, ...]

    def at(self, value: float) -> float:
        """Points of a value."""
        if value <= self.knots[0]:
            return self.points[0]
        if value >= self.knots[-1]:
            return self.points[-1]
        right = bisect_right(self.knots, value)
        low, high = self.knots[right - 1], self.knots[right]
        share = (value - low) / (high - low)
        return self.points[right - 1] + share * (self.points[right] - self.points[right - 1])

    @property
    def least(self) -> float:
        """The fewest points that it can give."""
        return min(self.points)

    @property
    def most(self) -> float:
        """The most points that it can give."""
        return max(self.points)


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables. thresholds : by the false alarms per hour that they reached; clear_below : WARN ends so far below.

    facts : where they come from, for people. Raises: SettingsError for tables that break the rules of the model.
    """

    signs: Mapping[str, Table]
    thresholds: Mapping[str, float]
    clear_below: float
    facts: Mapping[str, Any]

    def __post_init__(self) -> None:
        if set(self.signs) != set(SIGNS) or set(self.thresholds) != set(SENSITIVITIES):
            raise SettingsError(
                f"the tables must be those of {', '.join(SIGNS)}, with a threshold for each sensitivity"
            )
        for name, table in self.signs.items():
            _check(name, table)
        others = sum(max(table.most, 0.0) for name, table in self.signs.items() if name not in INVOLUNTARY)
        ordered = [self.thresholds[name] for name in SENSITIVITIES]
        if not (others < ordered[0] <= ordered[1] <= ordered[2] < sum(table.most for table in self.signs.values())):
            raise SettingsError(
                "the thresholds must rise from careful to quiet, be reachable, and lie above what fatigue, dose and"
                f" context give together ({others:.2f} points), got {ordered}"
            )
        if not 0 <= self.clear_below <= 10:
            raise SettingsError(f"clear_below must lie between 0 and 10 points, got {self.clear_below}")

    def threshold(self, false_alarms_per_h: float) -> float:
        """The score from which on WARN is said, straight between the fitted ones in the logarithm of the rate."""
        fitted = tuple(self.thresholds[name] for name in _BY_RATE)
        return Table("", "", _LN_RATES, fitted).at(math.log(false_alarms_per_h))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as the file has it."""
        signs = {
            name: {"unit": t.unit, "source": t.source, "knots": list(t.knots), "points": list(t.points)}
            for name, t in self.signs.items()
        }
        thresholds = dict(self.thresholds)
        return {"facts": dict(self.facts), "signs": signs, "thresholds": thresholds, "clear_below": self.clear_below}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From `to_dict`. Raises: SettingsError."""
        try:
            signs = {
                str(name): Table(
                    str(entry["unit"]),
                    str(entry["source"]),
                    tuple(map(float, entry["knots"])),
                    tuple(map(float, entry["points"])),
                )
                for name, entry in data["signs"].items()
            }
            thresholds = {str(name): float(value) for name, value in data["thresholds"].items()}
            return cls(signs, thresholds, float(data["clear_below"]), dict(data["facts"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SettingsError(f"the tables of the score are damaged: {type(error).__name__} {error}") from error

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that change with any number that the score rests on; not with the facts."""
        content = {name: value for name, value in self.to_dict().items() if name != "facts"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def _check(name: str, table: Table) -> None:
    rising = all(low < high for low, high in pairwise(table.knots))
    steps = [high - low for low, high in pairwise(table.points)]
    falls = name == "cooldown"  # the longer ago a cramp was, the less it makes another one likely
    monotone = all(step <= 0 for step in steps) if falls else all(step >= 0 for step in steps)
    finite = all(map(math.isfinite, (*table.knots, *table.points)))
    if not (finite and rising and monotone and len(table.knots) == len(table.points) >= 2):
        way = "fall" if falls else "rise"
        raise SettingsError(f"the table of {name} needs knots that rise and as many points that never do but {way}")


def load_tables(path: Path) -> Tables:
    """The tables in a file. Raises: SettingsError."""
    try:
        return Tables.from_dict(json.loads(path.read_text(encoding="utf-8"))["tables"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"cannot read the tables of the score in {path}: {error}") from error


@cache
def shipped_tables() -> Tables:
    """The tables that come with the program."""
    return load_tables(SHIPPED)
