"""The panels as docks: each hides, floats, moves and exports; one is chosen for the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.scientist.export import KINDS
from monitor.dashboard.themes import Style

_AREA = QtCore.Qt.DockWidgetArea
Export = Callable[[str, QtWidgets.QWidget, str], None]


class Docks:
    """over_time: stacked above each other; side: tabs at the right. export: name, panel and kind of file."""

    def __init__(
        self,
        window: QtWidgets.QMainWindow,
        style: Style,
        over_time: Mapping[str, QtWidgets.QWidget],
        side: Mapping[str, QtWidgets.QWidget],
        export: Export,
    ) -> None:
        self._window, self._export = window, export
        self._number = 0
        self.docks: list[QtWidgets.QDockWidget] = []
        window.setDockNestingEnabled(True)
        window.setCorner(QtCore.Qt.Corner.TopRightCorner, _AREA.RightDockWidgetArea)
        window.setCorner(QtCore.Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea)
        for name, panel in over_time.items():
            dock = self._dock(style, name, panel)
            window.addDockWidget(_AREA.TopDockWidgetArea, dock, QtCore.Qt.Orientation.Vertical)
        right = [self._dock(style, name, panel) for name, panel in side.items()]
        for dock in right:
            window.addDockWidget(_AREA.RightDockWidgetArea, dock)
        window.tabifyDockWidget(right[1], right[2])
        right[1].raise_()
        self._right, self._style = right, style
        self._tall = [name == "emg" for name in over_time]

    def spread_out(self) -> None:
        """Give every panel its share of the window, now and once Qt has laid them out."""
        self._spread()
        QtCore.QTimer.singleShot(0, self._spread)

    def _spread(self) -> None:
        right, tall, style = self._right, self._tall, self._style
        stacked = self.docks[: len(tall)]
        if not stacked:
            return
        self._window.resizeDocks(right[:1], [style.px(300)], QtCore.Qt.Orientation.Horizontal)
        self._window.resizeDocks(right[:2], [style.px(230), style.px(420)], QtCore.Qt.Orientation.Vertical)
        heights = [style.px(190 if each else 86) for each in tall]
        self._window.resizeDocks(stacked, heights, QtCore.Qt.Orientation.Vertical)

    def _dock(self, style: Style, name: str, panel: QtWidgets.QWidget) -> QtWidgets.QDockWidget:
        dock = QtWidgets.QDockWidget(name.capitalize(), self._window)
        dock.setObjectName(name)
        panel.setObjectName(name)
        dock.setWidget(panel)
        dock.setTitleBarWidget(QtWidgets.QWidget() if hasattr(panel, "show_view") else None)  # type: ignore[arg-type]
        panel.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.NoContextMenu)
        number = len(self.docks)
        more = QtWidgets.QToolButton(panel)
        more.setText("⋯")
        more.setObjectName("quiet")
        more.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        more.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setToolTip(f"Hide ({number + 1}), float, export")
        more.setMenu(self._menu(more, number, dock, panel))
        more.setGeometry(0, 0, style.px(22), style.px(16))
        more.setVisible(hasattr(panel, "show_view"))
        self.docks.append(dock)
        return dock

    def _menu(
        self, parent: QtWidgets.QWidget, number: int, dock: QtWidgets.QDockWidget, panel: QtWidgets.QWidget
    ) -> QtWidgets.QMenu:
        menu = QtWidgets.QMenu(parent)
        menu.addAction("Hide", dock.hide)
        menu.addAction("Float or dock", lambda: dock.setFloating(not dock.isFloating()))
        for kind in KINDS:
            menu.addAction(f"Export {kind.upper()}", lambda kind=kind: self._export(dock.objectName(), panel, kind))
        return menu

    @property
    def chosen(self) -> QtWidgets.QWidget:
        """The panel that the keys act on."""
        return self.docks[self._number].widget()

    @property
    def chosen_name(self) -> str:
        """Its name."""
        return self.docks[self._number].objectName()

    def choose_next(self) -> None:
        """The next panel that is not hidden; its button is lit."""
        count = len(self.docks)
        later = [(self._number + step) % count for step in range(1, count + 1)]
        number = next((place for place in later if not self.docks[place].isHidden()), self._number)
        for place, dock in enumerate(self.docks):
            for more in dock.widget().findChildren(QtWidgets.QToolButton):
                more.setText("▶" if place == number and more.objectName() == "quiet" else "⋯")
        self._number = number

    def toggle(self, number: int) -> None:
        """Hide or show a panel."""
        if number < len(self.docks):
            self.docks[number].setVisible(self.docks[number].isHidden())

    def float_chosen(self) -> None:
        """Let the chosen panel float, or put it back."""
        dock = self.docks[self._number]
        dock.setFloating(not dock.isFloating())

    def clear(self) -> None:
        """Take all away."""
        for dock in self.docks:
            self._window.removeDockWidget(dock)
            dock.setParent(None)  # type: ignore[call-overload]
            dock.deleteLater()
        self.docks = []


def menu_actions(dock: QtWidgets.QDockWidget) -> dict[str, QtGui.QAction]:
    """What the menu of a panel offers, by its text."""
    buttons = dock.widget().findChildren(QtWidgets.QToolButton, "quiet")
    return {action.text(): action for one in buttons for action in one.menu().actions()}
