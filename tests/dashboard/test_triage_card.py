"""The card: ticks in, words out, nothing kept, no all-clear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import FakeSession
from pictures import keep
from pyqtgraph.Qt import QtCore, QtWidgets
from rigs import KINDS, Rig, rigged

from monitor.dashboard.screen import Screen
from monitor.dashboard.window import Dashboard
from monitor.warning.triage import card, triage


@pytest.fixture
def rig(app: object) -> Iterator[Rig]:
    with rigged(Dashboard) as made:
        yield made


def test_a_tick_brings_its_words_and_clearing_takes_them_away(rig: Rig) -> None:
    rig.show(FakeSession().at(10.0))
    rig.key(QtCore.Qt.Key.Key_H)
    shown = rig.window.triage
    assert shown.isVisible() and shown.says.text() == triage({})
    shown.ticks["dizziness"].click()
    assert shown.says.text() == triage({"dizziness": True}) and "get help now" in shown.says.text()
    keep(shown, "triage")
    shown.clear()
    assert shown.says.text() == triage({}) and card().none in shown.says.text()
    shown.close()


@pytest.mark.parametrize("kind", KINDS, ids=["dashboard", "wall"])
def test_every_view_has_it_and_its_keys_under_the_question_mark(app: object, kind: type[Screen]) -> None:
    with rigged(kind) as rig:
        window = rig.show(FakeSession(source="live").at(10.0))
        rig.click(window.top.card if isinstance(window, Dashboard) else window.head.card)
        assert len(window.triage.ticks) == len(card().signs)
        window.triage.close()
        window.activateWindow()
        QtWidgets.QApplication.processEvents()
        rig.key(QtCore.Qt.Key.Key_Question)
        listed = {label.text() for label in window.help.findChildren(QtWidgets.QLabel)}
        assert {"A", "Q", "Shift+Q", "Y", "T", "H", "?", "Ctrl+Z", "Shift+Up"} <= listed
        window.help.close()
