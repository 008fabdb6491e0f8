"""Pictures of the screens as the tests see them: kept in build/screens (not under version control)."""

from __future__ import annotations

from pathlib import Path

from pyqtgraph.Qt import QtWidgets

FOLDER = Path(__file__).parent.parent.parent / "build" / "screens"


def keep(widget: QtWidgets.QWidget, name: str) -> None:
    """Save the widget's picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    assert widget.grab().save(str(FOLDER / f"{name}.png"), "PNG")
