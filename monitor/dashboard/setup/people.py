"""Who: pseudonyms and the legs that wear sensors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtWidgets

from monitor.dashboard.setup.desk import LEGS, Desk, Person
from monitor.dashboard.setup.step import Step, focusable
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import column, label, row

MOST = 40


class PersonRow(QtWidgets.QFrame):
    """A name and two legs. changed : told with the new person; gone : the person is to be removed."""

    def __init__(
        self, style: Style, person: Person, changed: Callable[[Person], None], gone: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._changed = changed
        self.name = QtWidgets.QLineEdit(person.name)
        self.name.setPlaceholderText("a pseudonym or a shirt number, no real name")
        self.name.setMaxLength(40)
        self.name.setMinimumHeight(style.px(32))
        self.name.textEdited.connect(lambda _: self._tell())
        self.legs = {leg: focusable(leg, f"Sensors on the {leg} leg", self._tell) for leg in LEGS}
        for leg, made in self.legs.items():
            made.setCheckable(True)
            made.setChecked(leg in person.legs)
        self.remove = focusable("\N{MULTIPLICATION SIGN}", "Remove this athlete (can be undone)", gone, "square")
        line = row(spacing=style.px(8), margins=(style.px(10), style.px(6), style.px(10), style.px(6)))
        line.addWidget(self.name, 1)
        for part in (*self.legs.values(), self.remove):
            line.addWidget(part)
        self.setLayout(line)

    def _tell(self) -> None:
        legs = tuple(leg for leg, made in self.legs.items() if made.isChecked())
        self._changed(Person(self.name.text().strip(), legs))


class PeopleStep(Step):
    """The list of athletes."""

    title = "Who takes part?"
    short = "People"
    hint = "A pseudonym or a shirt number for each athlete, and the legs that wear sensors. No real names are needed."

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__(style, desk)
        self.rows: list[PersonRow] = []
        self._list = column(spacing=style.px(5))
        inner = QtWidgets.QWidget()
        inner.setObjectName("page")
        outer = column(spacing=0)
        outer.addLayout(self._list)
        outer.addStretch()
        inner.setLayout(outer)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        self.add = focusable("Add an athlete", "One more (Return)", self.act)
        self.add_ten = focusable("Add ten", "Ten more, numbered", lambda: self._add(10))
        self.said = label("muted")
        page = column(scroll, spacing=style.px(10))
        buttons = row(self.add, self.add_ten, self.said, spacing=style.px(8))
        buttons.addStretch()
        page.addLayout(buttons)
        self.setLayout(page)
        self._fill()

    def act(self) -> None:
        """One more."""
        self._add(1)
        self.rows[-1].name.setFocus()
        self.rows[-1].name.selectAll()

    def _add(self, count: int) -> None:
        taken = {person.name for person in self.desk.people}
        numbers = (f"A{number}" for number in range(1, 2 * MOST + count))
        for _ in range(min(count, MOST - len(self.desk.people))):
            name = next(name for name in numbers if name not in taken)
            self.desk.people.append(Person(name))
        self._fill()

    def _fill(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.rows = [
            PersonRow(
                self.style_,
                person,
                lambda new, place=place: self._change(place, new),
                lambda place=place: QtCore.QTimer.singleShot(0, lambda: self._remove(place)),
            )
            for place, person in enumerate(self.desk.people)
        ]
        for each in self.rows:
            self._list.addWidget(each)
        self._count()

    def _count(self) -> None:
        legs = sum(len(person.legs) for person in self.desk.people)
        athletes = len(self.desk.people)
        self.said.setText(f"{athletes} athlete{'s' if athletes != 1 else ''}, {legs} leg{'s' if legs != 1 else ''}")

    def _change(self, place: int, new: Person) -> None:
        self.desk.people[place] = new
        self._count()

    def _remove(self, place: int) -> None:
        before = list(self.desk.people)

        def undo() -> None:
            self.desk.people = before
            self._fill()

        gone = self.desk.people.pop(place)
        self.desk.did(f"{gone.name or 'an athlete'} is removed", undo)
        self._fill()

    @property
    def missing(self) -> str:
        """What the list lacks."""
        names = [person.name for person in self.desk.people]
        if not names:
            return "add an athlete"
        if not all(names):
            return "every athlete needs a pseudonym"
        twice = next((name for name in names if names.count(name) > 1), "")
        if twice:
            return f"two athletes are called {twice}"
        nobody = next((person.name for person in self.desk.people if not person.legs), "")
        return f"choose a leg of {nobody}" if nobody else ""
