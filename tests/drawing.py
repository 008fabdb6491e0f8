"""Whether windows can be drawn here: Qt comes with Python's packages, the libraries under it with the system."""

from __future__ import annotations


def _why_not() -> str:
    try:
        from PySide6 import QtWidgets  # noqa: F401
    except ImportError as error:
        return f"no window can be drawn here, `crampwatch doctor` says how it can: {error}"
    return ""


NO_WINDOWS = _why_not()
