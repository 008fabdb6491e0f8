"""Figures beside their aims: as lines, kept as JSON, and as the README's tables.

python -m monitor.simulation.aims recordings/watch_truth.json recordings/heel_rises.json      prints the tables
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from monitor.settings import Settings
from monitor.simulation.ranges import ranges_hash


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. aim : largest good value of its size, None = only told; least : the aim is a smallest good value."""

    name: str
    unit: str
    value: float
    aim: float | None = None
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the aim is reached; what has none, or could not be measured, is no miss."""
        if self.aim is None or not np.isfinite(self.value):
            return True
        return self.value >= self.aim if self.least else abs(self.value) <= self.aim

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """For people: what, how much, the aim, met or missed."""
        unit = f" {self.unit}" if self.unit else ""
        known = np.isfinite(self.value)
        value = f"{self.value:.2f}{unit}" if known else "unknown"
        if self.aim is None:
            return self.name, value, "", ""
        aim = f"{'at least' if self.least else 'at most'} {self.aim:g}{unit}"
        return self.name, value, aim, ("met" if self.met else "missed") if known else "unknown"


def line(row: Row) -> str:
    """For people."""
    name, value, aim, verdict = row.cells
    return f"{name:58} {value:>12}  {aim:16} {verdict}".rstrip()


def keep(path: Path, made_by: str, rows: Sequence[Row]) -> None:
    """Write rows with what they were made by."""
    about = {"made_by": made_by, "simulated": True, "config_hash": Settings().hash, "ranges_hash": ranges_hash()}
    told = [asdict(row) | {"value": row.value if np.isfinite(row.value) else None} for row in rows]
    path.write_text(json.dumps(about | {"rows": told}, indent=1) + "\n", encoding="utf-8")


def markdown(kept: Mapping[str, Any]) -> str:
    """The table of what was kept."""
    made = f"`{kept['made_by']}` (settings {kept['config_hash']}, ranges {kept['ranges_hash']})"
    rows = [Row(**row | {"value": np.nan if row["value"] is None else row["value"]}) for row in kept["rows"]]
    cells = [("figure", "reached", "aim", ""), ("---",) * 4, *(row.cells for row in rows)]
    return "\n".join([f"Simulated, never clinical. Made by {made}.", "", *(f"| {' | '.join(row)} |" for row in cells)])


def main(paths: Sequence[str]) -> int:
    """Print the tables of kept files."""
    tables = [markdown(json.loads(Path(path).read_text(encoding="utf-8"))) for path in paths]
    sys.stdout.write("\n\n".join(tables) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
