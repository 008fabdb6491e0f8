"""What a window finds as it was: theme, place and size, sound, speech, who is muted. One small file of the user's."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from PySide6 import QtCore, QtWidgets

from monitor.dashboard.themes import DARK, THEMES, Theme
from monitor.last_team import state_folder

_FILE = "screens.json"


@dataclass(slots=True)
class Kept:
    """geometry : of each kind of window, as Qt writes it, hexadecimal. muted : athletes by the session's title."""

    theme: str = "dark"
    sound: str = "WARN and CRAMP"
    volume: float = 0.8
    speech: bool = False
    plain: bool = False
    geometry: dict[str, str] = field(default_factory=dict)
    muted: dict[str, list[str]] = field(default_factory=dict)

    @property
    def theme_(self) -> Theme:
        """The theme of that name."""
        return THEMES.get(self.theme, DARK)

    def place(self, window: QtWidgets.QWidget) -> None:
        """Give a window the place and size that its kind was left with, if a screen still has room for it."""
        left = self.geometry.get(type(window).__name__, "")
        window.restoreGeometry(QtCore.QByteArray.fromHex(left.encode()))

    def save(self, window: QtWidgets.QWidget, theme: Theme) -> None:
        """Write it, with how this kind of window is now; a home that cannot be written to is no reason to stop."""
        self.theme = theme.name
        self.geometry[type(window).__name__] = bytes(window.saveGeometry().toHex().data()).decode()
        path = state_folder() / _FILE
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_text(json.dumps(asdict(self)), encoding="utf-8")
        except OSError:
            return


def load_kept() -> Kept:
    """As it was left; what is not there, or is damaged, is as at the first start."""
    kept = Kept()
    try:
        found: Any = json.loads((state_folder() / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return kept
    for name, usual in asdict(kept).items():
        value = found.get(name) if isinstance(found, dict) else None
        if isinstance(value, type(usual)) and _plain(value):
            setattr(kept, name, value)
    return kept


def kept_theme() -> Theme:
    """The theme that was chosen last."""
    return load_kept().theme_


def _plain(value: object) -> bool:
    """Texts and lists of texts below each name, nothing else."""
    if not isinstance(value, dict):
        return True
    every = [item for each in value.values() for item in (each if isinstance(each, list) else [each])]
    return all(isinstance(item, str) for item in every)
