"""Every threshold of the way from sample to warning, with its unit, range and source, in one object.

`Settings()` holds the defaults; `Settings.changed({"trend.watch_level": 0.88})` gives another one; its `hash` goes into
every recording, JSON and reason, so that a result can be told from one made with other settings.

"Study" in a source: the Crampwatch detector study by simulation (2026), 1100 simulated sessions, no human recording.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from monitor.errors import SettingsError
from monitor.settings.alerts import AlertSettings
from monitor.settings.conditioning import FilterSettings, QualitySettings
from monitor.settings.contraction import AngleSettings, GaitSettings, GateSettings, PlacementSettings, SkewSettings
from monitor.settings.cramp import CrampSettings
from monitor.settings.fatigue import BaselineSettings, SpectrumSettings, TrendSettings
from monitor.settings.guided import GuidedSettings
from monitor.settings.link import LinkSettings
from monitor.settings.warning import SignSettings, StateSettings

__all__ = [
    "AlertSettings",
    "AngleSettings",
    "BaselineSettings",
    "CrampSettings",
    "FilterSettings",
    "GaitSettings",
    "GateSettings",
    "GuidedSettings",
    "LinkSettings",
    "PlacementSettings",
    "QualitySettings",
    "Settings",
    "SignSettings",
    "SkewSettings",
    "SpectrumSettings",
    "StateSettings",
    "TrendSettings",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one session."""

    filters: FilterSettings = field(default_factory=FilterSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    gate: GateSettings = field(default_factory=GateSettings)
    spectrum: SpectrumSettings = field(default_factory=SpectrumSettings)
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    trend: TrendSettings = field(default_factory=TrendSettings)
    angle: AngleSettings = field(default_factory=AngleSettings)
    gait: GaitSettings = field(default_factory=GaitSettings)
    skew: SkewSettings = field(default_factory=SkewSettings)
    placement: PlacementSettings = field(default_factory=PlacementSettings)
    signs: SignSettings = field(default_factory=SignSettings)
    state: StateSettings = field(default_factory=StateSettings)
    cramp: CrampSettings = field(default_factory=CrampSettings)
    link: LinkSettings = field(default_factory=LinkSettings)
    guided: GuidedSettings = field(default_factory=GuidedSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """All values by group and name."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, groups: Mapping[str, Mapping[str, float]]) -> Self:
        """Settings from `to_dict`. Raises: SettingsError for an unknown name or a value out of range."""
        return cls().changed(
            {f"{group}.{name}": value for group, values in groups.items() for name, value in values.items()}
        )

    def changed(self, values: Mapping[str, float]) -> Self:
        """These settings with some values changed, `{"group.name": value}`. Raises: SettingsError."""
        groups: dict[str, dict[str, float]] = {}
        for key, value in values.items():
            group, _, name = key.partition(".")
            known = getattr(self, group, None) if group in self.to_dict() else None
            if known is None or name not in {item.name for item in dataclasses.fields(known)}:
                raise SettingsError(f"there is no setting {key!r}; names look like 'trend.watch_level'")
            groups.setdefault(group, {})[name] = value
        return dataclasses.replace(
            self, **{group: dataclasses.replace(getattr(self, group), **changes) for group, changes in groups.items()}
        )

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that change with any value."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:12]
