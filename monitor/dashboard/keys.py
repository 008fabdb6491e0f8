"""The keys of a window: one list of them, shown under `?`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6 import QtWidgets

from monitor.dashboard.sheet import sheet
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import button, label

KeyList = dict[str, tuple[str, Callable[[], object]]]  # by key: what it does in words, and what it does


class Keys(QtWidgets.QDialog):
    """All keys of a window."""

    def __init__(self, parent: QtWidgets.QWidget, style: Style, keys: Mapping[str, tuple[str, object]]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setStyleSheet(sheet(style))
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(style.px(22), style.px(18), style.px(22), style.px(18))
        grid.setHorizontalSpacing(style.px(18))
        grid.setVerticalSpacing(style.px(6))
        half = -(-len(keys) // 2) if len(keys) > 8 else len(keys)
        for place, (key, (what, _)) in enumerate(keys.items()):
            line, side = place % half, 2 * (place // half)
            grid.addWidget(label("key", key), line, side)
            grid.addWidget(label("", what), line, side + 1)


def keys_button(
    window: QtWidgets.QWidget, style: Callable[[], Style], keys: Callable[[], Mapping[str, tuple[str, object]]]
) -> QtWidgets.QPushButton:
    """The button that shows them."""
    return button("?", "All keys (?)", lambda: Keys(window, style(), keys()).show(), "square")
