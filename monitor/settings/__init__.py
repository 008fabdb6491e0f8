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
from typing import Any, Self

from monitor.errors import SettingsError
from monitor.settings.alerts import AlertSettings
from monitor.settings.conditioning import FilterSettings, QualitySettings
from monitor.settings.contraction import AngleSettings, GaitSettings, GateSettings, PlacementSettings, SkewSettings
from monitor.settings.cramp import CrampSettings
from monitor.settings.fatigue import BaselineSettings, ElectrodeSettings, SpectrumSettings, TrendSettings
from monitor.settings.guided import GuidedSettings
from monitor.settings.link import LinkSettings
from monitor.settings.tables import Tables, shipped_tables
from monitor.settings.warning import SignSettings, StateSettings

__all__ = [
    "AlertSettings",
    "AngleSettings",
    "BaselineSettings",
    "CrampSettings",
    "ElectrodeSettings",
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
    "Tables",
    "TrendSettings",
]

_TABLES = "tables"
_RETIRED = frozenset(  # of the warning model before the tables; recordings of its time name them
    f"{group}.{name}"
    for group, names in (
        ("signs", ("quiet_2", "quiet_3", "twitch_2")),
        ("state", ("fatigue_1", "fatigue_2", "fatigue_3", "warn_score", "warn_involuntary", "warn_clear_score")),
    )
    for name in names
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one session."""

    filters: FilterSettings = field(default_factory=FilterSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    gate: GateSettings = field(default_factory=GateSettings)
    spectrum: SpectrumSettings = field(default_factory=SpectrumSettings)
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    electrodes: ElectrodeSettings = field(default_factory=ElectrodeSettings)
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
    tables: Tables = field(default_factory=shipped_tables)

    def groups(self) -> dict[str, dict[str, float]]:
        """All numbers by group and name; not the tables of the score."""
        return {name: dataclasses.asdict(getattr(self, name)) for name in self._group_names}

    @property
    def _group_names(self) -> list[str]:
        return [item.name for item in dataclasses.fields(self) if item.name != _TABLES]

    def to_dict(self) -> dict[str, Any]:
        """All values by group and name, and the tables of the score."""
        return {**self.groups(), _TABLES: self.tables.to_dict()}

    @classmethod
    def from_dict(cls, groups: Mapping[str, Mapping[str, Any]]) -> Self:
        """Settings from `to_dict`; what is not in there has its default, what is no more is passed over.

        Raises: SettingsError for an unknown name or a value out of range.
        """
        tables = Tables.from_dict(groups[_TABLES]) if _TABLES in groups else shipped_tables()
        numbers = {
            key: value
            for group, values in groups.items()
            if group != _TABLES
            for name, value in values.items()
            if (key := f"{group}.{name}") not in _RETIRED
        }
        return cls(tables=tables).changed(numbers)

    def changed(self, values: Mapping[str, float]) -> Self:
        """These settings with some values changed, `{"group.name": value}`. Raises: SettingsError."""
        groups: dict[str, dict[str, float]] = {}
        names = {name: {item.name for item in dataclasses.fields(getattr(self, name))} for name in self._group_names}
        for key, value in values.items():
            group, _, name = key.partition(".")
            if name not in names.get(group, ()):
                raise SettingsError(f"there is no setting {key!r}; names look like 'trend.watch_level'")
            groups.setdefault(group, {})[name] = value
        return dataclasses.replace(
            self, **{group: dataclasses.replace(getattr(self, group), **changes) for group, changes in groups.items()}
        )

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that change with any value, of the tables too."""
        content = {**self.groups(), _TABLES: self.tables.hash}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
