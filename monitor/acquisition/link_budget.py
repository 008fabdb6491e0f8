"""Do the adapters carry all the sensors? Counted before the training, when another dongle can still be had."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.acquisition.adapters import ASSUMED_LINKS, share_of
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.radio import RadioSpecs, adapters_of
from monitor.team import Team

_SYSTEM = Path("/sys/class/bluetooth")


@dataclass(frozen=True, slots=True)
class LinkBudget:
    """needed: adapters for all links; here: adapters that are used; assumed: a profile does not say what it takes."""

    who: str
    n_sensors: int
    needed: int
    here: int
    assumed: bool

    @property
    def enough(self) -> bool:
        """Whether all links fit."""
        return self.needed <= self.here

    def __str__(self) -> str:
        need = f"{self.who}, {_counted(self.n_sensors, 'sensor')}: need {_counted(self.needed, 'adapter')}"
        guess = f" (assumed: {ASSUMED_LINKS} links each)" if self.assumed else ""
        return f"{need}{guess}; you have {self.here}"


def link_budget(team: Team, profiles: Mapping[str, Profile], radio: RadioSpecs) -> LinkBudget:
    """The budget of a team. profiles: by source_id. radio: the adapters that are to be used."""
    worn = [(athlete, sensor) for athlete in team.athletes for sensor in athlete.sensors]
    legs = {(athlete.name, sensor.leg) for athlete, sensor in worn}
    players = _counted(len(team.athletes), "player")
    both = len(legs) == 2 * len(team.athletes)
    used = [profiles[sensor.match] for _, sensor in worn if sensor.match in profiles]
    return LinkBudget(
        who=f"{players}, {'both legs' if both else _counted(len(legs), 'leg')}",
        n_sensors=len(worn),
        needed=adapters_needed(map(share_of, used)),
        here=len(adapters_of(radio)),
        assumed=any(profile.link.max_per_adapter is None for profile in used),
    )


def adapters_needed(shares: Iterable[float]) -> int:
    """How many adapters carry links that each take such a part of one; the large ones are placed first."""
    loads: list[float] = []
    for share in sorted(shares, reverse=True):
        room = next((i for i, load in enumerate(loads) if load + share <= 1.0 + 1e-9), None)
        if room is None:
            loads.append(share)
        else:
            loads[room] += share
    return len(loads)


def system_adapters() -> list[str]:
    """The system's adapters by name ("hci0"), as far as it tells (Linux); elsewhere none is listed."""
    if sys.platform != "linux" or not _SYSTEM.is_dir():
        return []
    return sorted(entry.name for entry in _SYSTEM.iterdir() if entry.name.startswith("hci") and ":" not in entry.name)


def budget_sentence(team: Team, profiles: Mapping[str, Profile], radio: RadioSpecs) -> str:
    """The budget and what to do about it, in one sentence."""
    budget = link_budget(team, profiles, radio)
    return "; ".join(part for part in (str(budget), advice(budget, radio)) if part)


def advice(budget: LinkBudget, radio: RadioSpecs) -> str:
    """What to do about a budget that does not fit; empty if it does."""
    if budget.enough:
        return ""
    idle = system_adapters()
    if adapters_of(radio) == ("os",) and len(idle) > 1:
        return f"this machine has {len(idle)}: use --radio {','.join(f'os:{name}' for name in idle)}"
    return "plug in more adapters and name them all: --radio os:hci0,os:hci1"


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
