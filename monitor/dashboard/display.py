"""Can a window open here? Asked before Qt is, since Qt ends the whole process when the answer is no."""

from __future__ import annotations

import ctypes.util
import importlib
import os
import socket
import sys
from collections.abc import Mapping

from monitor.errors import CrampwatchError

WINDOWLESS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
_HINT = "use --headless, or run it where a desktop is"


def require_display(environment: Mapping[str, str] = os.environ) -> None:
    """Pass if a window can open. Raises: CrampwatchError with one plain sentence if not."""
    problem = display_problem(environment)
    if problem:
        raise CrampwatchError(problem)


def require_qt() -> None:
    """Pass if Qt can be loaded. Raises: CrampwatchError with its reason if not."""
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        raise CrampwatchError(f"no window can open, since Qt cannot be loaded: {error}") from error


def display_problem(environment: Mapping[str, str] = os.environ) -> str:
    """Why no window can open, in one sentence; empty if one can (only Linux can lack a display)."""
    if not sys.platform.startswith("linux") or environment.get("QT_QPA_PLATFORM", "").startswith(WINDOWLESS):
        return ""
    if environment.get("WAYLAND_DISPLAY"):
        return ""
    display = environment.get("DISPLAY", "")
    if not display:
        return f"there is no display (DISPLAY and WAYLAND_DISPLAY are not set): {_HINT}"
    if not _answers(display):
        return f"the display {display!r} does not answer: {_HINT}"
    if ctypes.util.find_library("xcb-cursor") is None:
        return "the library libxcb-cursor is missing: install the package libxcb-cursor0, then start again"
    return ""


def _answers(display: str) -> bool:
    """Whether an X server listens at ":1", "host:10.0" and the like."""
    host, _, number = display.rpartition(":")
    screen = number.partition(".")[0]
    if not screen.isdigit():
        return False
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{screen}"
        return any(_connects(socket.AF_UNIX, address) for address in (path, f"\0{path}"))
    return _connects(socket.AF_INET, (host, 6000 + int(screen)))


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.settimeout(2.0)
        try:
            attempt.connect(address)
        except OSError:
            return False
    return True
