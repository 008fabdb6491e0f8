"""May contractions be matched by the ankle angle? Only while EMG and angle agree in time."""

from __future__ import annotations

from monitor.settings import AngleSettings

_ANGLE_ROLES = ("shank", "foot", "angle")


class PositionGate:
    """Told, role by role, how far off the stamps may be; asked once for every second of the session.

    It closes when EMG and the worse of the angle's sensors may disagree by more than the limit for some seconds, and
    opens when they have not for some more. What nobody tells is known: tables, and recordings without raw bytes.
    """

    def __init__(self, settings: AngleSettings) -> None:
        self._settings = settings
        self._told_s: dict[str, float] = {}
        self.skew_s = 0.0  # by how much the angle may be late since its sensors' clocks moved against each other
        self._seconds = 0.0  # for which the answer should have been the other one
        self.open = True

    def tell(self, role: str, uncertainty_s: float) -> None:
        """By how much the stamps of a role may be wrong from now on."""
        self._told_s[role] = uncertainty_s

    @property
    def disagreement_s(self) -> float:
        """By how much EMG and angle may disagree."""
        return self._told_s.get("emg", 0.0) + max(self._told_s.get(role, 0.0) for role in _ANGLE_ROLES) + self.skew_s

    def close_second(self) -> bool:
        """Another second has passed; gives whether position counts in it."""
        agree = bool(self.disagreement_s <= self._settings.disagreement_s)
        self._seconds = 0.0 if agree == self.open else self._seconds + 1.0
        if self._seconds >= (self._settings.gate_off_s if self.open else self._settings.gate_on_s):
            self.open, self._seconds = agree, 0.0
        return self.open

    @property
    def note(self) -> str:
        """Why position does not count; empty = it does."""
        if self.open:
            return ""
        return (
            f"position gating is off: EMG and angle may disagree by {1000 * self.disagreement_s:.0f} ms"
            f" (limit {1000 * self._settings.disagreement_s:.0f} ms)"
        )

    def beside(self, note: str, *, told_first: bool) -> str:
        """The angle's note and this one's: both where the angle's comes first, else this alone if there is one."""
        if told_first:
            return "; ".join(part for part in (note, self.note) if part)
        return self.note or note


def no_angle_yet(roles: frozenset[str]) -> str:
    """Why a leg with these roles has no ankle angle."""
    missing = {"shank", "foot"} - roles
    if len(missing) == 2:
        return "no ankle sensors: contractions are matched by effort alone"
    return f"no {missing.pop()} sensor: no ankle angle" if missing else "waiting for the ankle sensors"
