"""The context questions: all optional, under a minute, for everybody or for one athlete."""

from __future__ import annotations

from PySide6 import QtCore, QtWidgets

from monitor.context.journal import Question, questions
from monitor.dashboard.setup.desk import EVERYBODY, Desk
from monitor.dashboard.setup.step import Step, focusable
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import column, label, row

_ALL = "everybody"


class AskingStep(Step):
    """Chips to press; what is not pressed is unknown."""

    title = "What no sensor sees"
    short = "Context"
    hint = "Every question is optional; nothing is sent anywhere. It stands in the recording and shapes the advice."

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__(style, desk)
        px = style.px
        self.who = QtWidgets.QComboBox()
        self.who.setMinimumHeight(px(30))
        self.who.setMinimumWidth(px(180))
        self.who.currentTextChanged.connect(lambda _: self._show())
        self.chips: dict[str, dict[str, QtWidgets.QPushButton]] = {}
        grid = QtWidgets.QGridLayout()
        grid.setHorizontalSpacing(px(28))
        grid.setVerticalSpacing(px(12))
        every = list(questions().values())
        half = -(-len(every) // 2)
        for place, question in enumerate(every):
            grid.addLayout(self._question(question), place % half, place // half)
        for side in (0, 1):
            grid.setColumnStretch(side, 1)
        inner = QtWidgets.QWidget()
        inner.setObjectName("page")
        outer = column(spacing=0)
        outer.addLayout(grid)
        outer.addStretch()
        inner.setLayout(outer)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        head = row(label("reason", "Answers for"), self.who, spacing=px(10))
        head.addStretch()
        page = column(spacing=px(12))
        page.addLayout(head)
        page.addWidget(scroll, 1)
        self.setLayout(page)

    def _question(self, question: Question) -> QtWidgets.QVBoxLayout:
        asked = label("linkRole", question.text)
        asked.setToolTip(question.source)
        chips = {
            key: focusable(text, question.source, lambda key=key: self._press(question, key), "chip")
            for key, text in question.choices.items()
        }
        for made in chips.values():
            made.setCheckable(True)
        self.chips[question.key] = chips
        box, lines = column(asked, spacing=self.style_.px(4)), list(chips.values())
        for first in range(0, len(lines), 4):
            line = row(*lines[first : first + 4], spacing=self.style_.px(5))
            line.addStretch()
            box.addLayout(line)
        return box

    def enter(self) -> None:
        """The people may be others than before."""
        names = [_ALL, *(person.name for person in self.desk.people)]
        if names != [self.who.itemText(i) for i in range(self.who.count())]:
            self.who.clear()
            self.who.addItems(names)
        self._show()

    @property
    def _given(self) -> dict[str, tuple[str, ...]]:
        name = self.who.currentText()
        return self.desk.answers.setdefault(EVERYBODY if name in (_ALL, "") else name, {})

    def _press(self, question: Question, key: str) -> None:
        given = self._given
        before, chosen = dict(given), set(given.get(question.key, ()))
        chosen = chosen ^ {key} if question.many else ({key} - chosen)
        given.pop(question.key, None)
        if chosen:
            given[question.key] = tuple(each for each in question.choices if each in chosen)

        def undo() -> None:
            given.clear()
            given.update(before)
            self._show()

        self.desk.did(
            f"{question.text} {', '.join(question.choices[k] for k in given.get(question.key, ())) or 'no answer'}",
            undo,
        )
        self._show()

    def _show(self) -> None:
        given = self._given
        for key, chips in self.chips.items():
            for choice, made in chips.items():
                made.setChecked(choice in given.get(key, ()))
