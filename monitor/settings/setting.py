"""One setting: its default with unit, allowed range and source."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from monitor.errors import SettingsError


def setting(default: float, unit: str, low: float, high: float, source: str) -> Any:
    """A dataclass field with its unit, its allowed range and the source of its default."""
    return field(default=default, metadata={"unit": unit, "low": low, "high": high, "source": source})


@dataclass(frozen=True, slots=True)
class Checked:
    """A group of settings, each within its range and a float. Raises: SettingsError."""

    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if isinstance(value, int) and not isinstance(value, bool):
                object.__setattr__(self, item.name, value := float(value))  # 30 and 30.0 are one setting, one hash
            low, high = item.metadata["low"], item.metadata["high"]
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                unit = item.metadata["unit"]
                raise SettingsError(
                    f"{item.name} must lie between {low:g} and {high:g} {unit}, got {value!r}".replace(" ,", ",")
                )
