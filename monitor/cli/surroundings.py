"""Where the program runs: in a container, over SSH, on Wayland; whether a window can open and sound can be heard."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path

from monitor.cli.finding import Finding
from monitor.cli.mends import MENDS, Missing, this_platform

_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
_CONTAINER = (
    "for Bluetooth start it with -v /run/dbus:/run/dbus; for a window use --headless, or `live --web` and a browser"
)
_SSH = "use --headless or `live --web`; or ssh -X for a window"


def surroundings(environment: Mapping[str, str] = os.environ) -> Finding:
    """What is special about this place, and what to do about it."""
    if in_container(environment):
        return Finding("place", None, "in a container: Bluetooth, windows and sound are outside", _CONTAINER)
    if environment.get("SSH_CONNECTION") and not environment.get("DISPLAY"):
        return Finding("place", None, "over SSH: windows and sound are at the other end", _SSH)
    if environment.get("WAYLAND_DISPLAY"):
        return Finding("place", True, "a Wayland desktop (if windows misbehave: QT_QPA_PLATFORM=xcb)")
    return Finding("place", True, f"{this_platform()}, at the machine itself")


def in_container(environment: Mapping[str, str] = os.environ) -> bool:
    """Docker, Podman, systemd-nspawn and the like."""
    return bool(environment.get("container")) or any(Path(mark).exists() for mark in _CONTAINER_MARKS)


def window(environment: Mapping[str, str] = os.environ) -> Finding:
    """Whether a window can open here."""
    from monitor.dashboard.display import display_problem, require_qt
    from monitor.errors import CrampwatchError

    if importlib.util.find_spec("PySide6") is None:
        return Finding("window", False, "Qt (PySide6) is not installed", "pip install 'PySide6-Essentials>=6.10,<6.12'")
    try:
        require_qt()
    except CrampwatchError as error:
        return Finding("window", False, str(error), MENDS[this_platform()][Missing.QT])
    problem = display_problem(environment)
    if "libxcb-cursor" in problem:
        return Finding("window", False, problem, MENDS[this_platform()][Missing.QT])
    if problem:
        return Finding("window", None, problem, "the state is shown in the terminal; or run it where a screen is")
    return Finding("window", True, "a display is here")


def sound(shown: bool) -> Finding:
    """Whether tones can be heard. shown : a window can open, which has the desktop's bell in any case."""
    from monitor.sounding.loudspeaker import open_loudspeaker

    found = open_loudspeaker()
    if not isinstance(found, str):
        found.close()
        return Finding("sound", True, "a loudspeaker is here" + ("" if shown else " (live --headless --sound)"))
    packaged = importlib.util.find_spec("miniaudio") is not None
    mend = MENDS[this_platform()][Missing.SOUND] if packaged else "pip install 'crampwatch[sound]'"
    return Finding("sound", None, f"desktop bell ({found})" if shown else f"no tones ({found})", mend)
