"""All settings with unit, range and source, to change and to recompute with."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6 import QtCore, QtWidgets

from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import button, column, row
from monitor.errors import SettingsError
from monitor.settings import Settings


class SettingsTable(QtWidgets.QWidget):
    """recompute: called with the changed settings; did: told of each edit and how it is taken back."""

    def __init__(
        self,
        style: Style,
        recompute: Callable[[Settings], None],
        restore: Callable[[], None],
        did: Callable[[str, Callable[[], object]], None] = lambda what, undo: None,
    ) -> None:
        super().__init__()
        self._did, self._values, self._filling = did, dict[str, str](), False
        self._recompute, self._settings = recompute, Settings()
        self.search = QtWidgets.QLineEdit()
        self.search.setPlaceholderText("find a setting, e.g. watch")
        self.search.textChanged.connect(lambda _: self._filter())
        self.table = QtWidgets.QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels(["setting", "value", "unit"])
        self.table.verticalHeader().hide()
        self.table.itemChanged.connect(self._edited)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QtWidgets.QHeaderView.ResizeMode.Stretch)
        header.resizeSection(1, style.px(64))
        header.resizeSection(2, style.px(74))
        self.said = ElidedLabel("small", lines=3)
        self.apply = button("Recompute  Ctrl+R", "Compute the recording with these settings", self.ask)
        self.back = button("As recorded", "Take the changes back", restore)
        page = column(self.search, self.table, self.said, spacing=style.px(5), margins=_around(style))
        page.addLayout(row(self.apply, self.back, spacing=style.px(6)))
        self.setLayout(page)

    def show_settings(self, settings: Settings) -> None:
        """Show these; changes in the table are forgotten."""
        self._settings, self._filling = settings, True
        every = [(group, item) for group in settings.groups() for item in dataclasses.fields(getattr(settings, group))]
        self.table.setRowCount(len(every))
        for line, (group, item) in enumerate(every):
            value, about = getattr(getattr(settings, group), item.name), item.metadata
            cells = (f"{group}.{item.name}", f"{value:g}", str(about["unit"]))
            for place, text in enumerate(cells):
                cell = QtWidgets.QTableWidgetItem(text)
                if place != 1:
                    cell.setFlags(cell.flags() & ~QtCore.Qt.ItemFlag.ItemIsEditable)
                cell.setToolTip(f"{about['low']:g} to {about['high']:g} {about['unit']}. {about['source']}")
                self.table.setItem(line, place, cell)
        self._values = {self._text(line, 0): self._text(line, 1) for line in range(len(every))}
        self._filling = False
        self.said.setText(f"settings {settings.hash}")
        self._filter()

    def _edited(self, cell: QtWidgets.QTableWidgetItem) -> None:
        """A person has written another value; it can be taken back."""
        key = self._text(cell.row(), 0)
        before, now = self._values.get(key, ""), cell.text().strip()
        if self._filling or cell.column() != 1 or before == now:
            return
        self._values[key] = now

        def undo() -> None:
            self._values[key] = before
            self.set_value(key, before)

        self._did(f"{key}: {before} is now {now}", undo)

    def set_value(self, key: str, value: float | str) -> None:
        """Write a value into the table, as a person would."""
        for line in range(self.table.rowCount()):
            if self._text(line, 0) == key:
                cell = self.table.item(line, 1)
                if cell is not None:
                    cell.setText(value if isinstance(value, str) else f"{value:g}")

    def ask(self) -> None:
        """Read the table and recompute if anything has changed; a wrong value is told in a sentence."""
        try:
            changes = {self._text(line, 0): float(self._text(line, 1)) for line in range(self.table.rowCount())}
        except ValueError as error:
            self.said.setText(f"a value is not a number: {error}")
            return
        groups = self._settings.groups()
        changed = {
            key: value
            for key, value in changes.items()
            if f"{groups[key.partition('.')[0]][key.partition('.')[2]]:g}" != f"{value:g}"
        }
        if not changed:
            self.said.setText("nothing has been changed")
            return
        try:
            self._recompute(self._settings.changed(changed))
        except SettingsError as error:
            self.said.setText(str(error))

    def _text(self, line: int, place: int) -> str:
        cell = self.table.item(line, place)
        return cell.text().strip() if cell is not None else ""

    def _filter(self) -> None:
        wanted = self.search.text().lower()
        for line in range(self.table.rowCount()):
            self.table.setRowHidden(line, wanted not in self._text(line, 0).lower())


def _around(style: Style) -> tuple[int, int, int, int]:
    return style.px(6), style.px(6), style.px(6), style.px(6)
