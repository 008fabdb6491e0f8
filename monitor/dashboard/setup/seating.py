"""Who wears which sensor: tense or shake, and the one that answers is the one; or choose it by hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtWidgets

from monitor.acquisition.pairing import Verdict
from monitor.acquisition.seating import Seat, told
from monitor.dashboard.icons import ShapeIcon
from monitor.dashboard.looks import paint_for
from monitor.dashboard.setup.calf_picture import SITES, CalfPicture, site_text
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.step import DONE, NOW, OPEN, Bar, Step, card, focusable
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import column, label, row

NOBODY = "nobody"
NOT_SAID = "muscle?"
_WHAT = {"emg": "EMG on the calf", "shank": "motion, shank", "foot": "motion, foot"}


class SeatRow(QtWidgets.QFrame):
    """A seat and the sensor that sits there, which may be chosen by hand, and the muscle below it.

    chosen : told the sensor, empty = nobody; named : told the muscle, empty = not said.
    """

    def __init__(self, style: Style, seat: Seat, chosen: Callable[[str], None], named: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._style, self.seat = style, seat
        self.icon, self.name = ShapeIcon(style.px(16)), label("linkRole", f"{seat.athlete}  ·  {seat.leg}")
        self.what, self.choice = label("muted", _WHAT[seat.role]), QtWidgets.QComboBox()
        self.choice.setMinimumWidth(style.px(130))
        self.choice.setMinimumHeight(style.px(26))
        self.choice.setAccessibleName(f"{seat.athlete} {seat.leg} {_WHAT[seat.role]}")
        self.choice.textActivated.connect(lambda name: chosen("" if name == NOBODY else name))
        line = row(
            self.icon, self.name, spacing=style.px(8), margins=(style.px(10), style.px(4), style.px(8), style.px(4))
        )
        self.muscle = QtWidgets.QComboBox()
        self.muscle.addItems([*SITES, NOT_SAID])
        self.muscle.setMinimumHeight(style.px(26))
        self.muscle.setAccessibleName(f"{seat.athlete} {seat.leg}: which muscle")
        self.muscle.textActivated.connect(lambda name: named("" if name == NOT_SAID else name))
        line.addWidget(self.what, 1)
        line.addWidget(self.muscle)
        line.addWidget(self.choice)
        self.setLayout(line)

    def show_muscle(self, muscle: str | None) -> None:
        """The muscle below a sensor of one channel, empty = not said; None = there is no such sensor."""
        self.muscle.setVisible(muscle is not None)
        if muscle is not None:
            if self.muscle.findText(muscle or NOT_SAID) < 0:
                self.muscle.insertItem(0, muscle)  # of an earlier team file
            self.muscle.setCurrentText(muscle or NOT_SAID)
            self.muscle.setToolTip(site_text(muscle) if muscle in SITES else "The channel keeps the sensor's own name")

    def show_seat(self, sensor: str, free: list[str], *, now: bool) -> None:
        """Who sits here, and who could."""
        names = [NOBODY, *([sensor] if sensor else []), *free]
        if names != [self.choice.itemText(i) for i in range(self.choice.count())]:
            self.choice.clear()
            self.choice.addItems(names)
        self.choice.setCurrentIndex(1 if sensor else 0)
        look = DONE if sensor else NOW if now else OPEN
        self.icon.show_shape(look.shape, paint_for(look, self._style.theme.raised))


class SeatingStep(Step):
    """One seat after the other; the big card says what to do."""

    title = "Who wears which sensor?"
    short = "Who wears which"
    hint = "Do what the card says: the sensor that answers is the one. Any seat may be filled by hand on the left."

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__(style, desk)
        px = style.px
        self._skipped: set[Seat] = set()
        self.judged: Verdict | None = None
        self._judged_seat: Seat | None = None
        self.rows: list[SeatRow] = []
        self._list = column(spacing=px(4))
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
        self.who, self.what, self.said = label("tileName"), label("advice"), label("reason")
        for part in (self.what, self.said):
            part.setWordWrap(True)
        self.bar = Bar(style, 14)
        self.go = focusable("", "The next thing to do (Return)", self.act, "hugePrimary")
        self.again = focusable("No: look again", "It is another sensor", self._look)
        self.skip = focusable("There is none", "Leave this seat empty", self._skip)
        self.earlier = focusable("As last time", "Seat all as in the earlier team file", self._as_last_time)
        self.picture = CalfPicture(style)
        self.bars = QtWidgets.QWidget()
        self._bars = column(spacing=px(4))
        self.bars.setLayout(self._bars)
        box = card(style, self.who, self.what, self.bar, self.said, self.bars, spacing=12)
        inside = box.layout()
        assert isinstance(inside, QtWidgets.QVBoxLayout)
        inside.addWidget(self.picture, 20)
        inside.addStretch(1)
        inside.addWidget(self.go)
        inside.addLayout(row(self.again, self.skip, self.earlier, spacing=px(8)))
        page = row(spacing=px(12))
        page.addWidget(scroll, 5)
        page.addWidget(box, 6)
        self.setLayout(page)

    def enter(self) -> None:
        """The people may be others than before."""
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.rows = [
            SeatRow(
                self.style_,
                seat,
                lambda name, seat=seat: self._by_hand(seat, name),
                lambda muscle, seat=seat: self.desk.name_muscle(seat, muscle),
            )
            for seat in self.desk.seats
        ]
        for each in self.rows:
            self._list.addWidget(each)
        self._forget()

    @property
    def seat(self) -> Seat | None:
        """The next empty seat that some free sensor could take."""
        seating = self.desk.bench.seating
        if seating is None:
            return None
        open_ = [seat for seat in self.desk.seats if seat not in seating.taken and seat not in self._skipped]
        return next((seat for seat in open_ if seating.able(seat)), None)

    def act(self) -> None:
        """What the big button says."""
        seating, seat, judged = self.desk.bench.seating, self.seat, self.judged
        if self.desk.job is not None or seating is None or seat is None:
            return
        if not seating.rested:
            self.desk.begin(self.desk.bench.rest())
        elif judged is not None and judged.sensor is not None and seat == self._judged_seat:
            self._forget()
            self.desk.seat(seat, judged.sensor)
        else:
            self._look()

    def _look(self) -> None:
        seat = self.seat
        if seat is None or self.desk.job is not None:
            return
        job = self.desk.bench.look(seat)
        self._forget()

        def judge() -> None:
            self.judged, self._judged_seat = job.result, seat

        self.desk.begin(job, judge)

    def _skip(self) -> None:
        seat = self.seat
        if seat is not None:
            self._skipped.add(seat)
            self.desk.did(f"{seat.athlete} {seat.leg} {seat.role} stays empty", lambda: self._skipped.discard(seat))
            self._forget()

    def _by_hand(self, seat: Seat, name: str) -> None:
        self._forget()
        self.desk.seat(seat, name)

    def _as_last_time(self) -> None:
        if not self.desk.as_last_time():
            self.said.setText("None of the sensors of last time is here.")

    def _forget(self) -> None:
        self.judged = self._judged_seat = None
        self._show_bars()

    def tick(self) -> None:
        """Who sits where, and what to do now."""
        seating, job, seat = self.desk.bench.seating, self.desk.job, self.seat
        if seating is None:
            return
        for each in self.rows:
            sitting = self.desk.sensor_of(each.seat)
            able = [name for name in seating.able(each.seat) if name != sitting]
            each.show_seat(sitting, able, now=each.seat == seat)
            each.show_muscle(self.desk.muscle_at(each.seat))
        self.bar.setVisible(job is not None)
        self.bar.show_share(job.share if job else 0.0)
        ready = job is None and seat is not None and seating.rested
        self.again.setVisible(ready and self.judged is not None and self.judged.sensor is not None)
        self.skip.setVisible(ready)
        self.earlier.setVisible(job is None and self.desk.earlier is not None and bool(seating.free))
        self.go.setVisible(seat is not None)
        self.go.setEnabled(job is None)
        self._say()

    def _say(self) -> None:
        """The card."""
        seating, job, seat, judged = self.desk.bench.seating, self.desk.job, self.seat, self.judged
        assert seating is not None
        who, said = "", self.desk.problem
        if seat is None:
            what, go = "All seats that can be filled are filled.", ""
            said = said or (
                "Sensors without a seat: " + ", ".join(seating.free) if seating.free else "Every sensor has a seat."
            )
        elif job is not None:
            what, go = f"{job.what}.", "Looking ..."
            who = f"{seat.athlete}  ·  {seat.leg}" if seating.rested else "Everybody"
        elif not seating.rested:
            who, what, go = "Everybody", "Sit or stand still, muscles loose.", "Hold still now"
            said = said or "First it is learnt how all sensors are at rest."
        else:
            who, what, go = f"{seat.athlete}  ·  {seat.leg}", f"{seat.order}.", "Look now"
            if judged is not None and judged.sensor is not None:
                what, go = f"It is {judged.sensor}.", "Yes, this one"
            elif judged is not None:
                said = said or f"Not clear: {told(judged)}. Once more, and only this one."
        for part, text in ((self.who, who), (self.what, what), (self.said, said), (self.go, go)):
            if part.text() != text:
                part.setText(text)
        self.picture.setVisible(seat is not None and seating.rested)
        if seat is not None:
            self.picture.show_site("GM" if seat.role == "emg" else seat.role, seat.leg)
        if self._bars.count() != (len(judged.ratios) if judged else 0):
            self._show_bars()

    def _show_bars(self) -> None:
        """How much each did against its own rest, the most first."""
        while (item := self._bars.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        ratios = sorted(self.judged.ratios.items(), key=lambda each: -each[1]) if self.judged else []
        for name, ratio in ratios:
            bar, line = Bar(self.style_, 12), QtWidgets.QWidget()
            bar.show_share(ratio / ratios[0][1])
            words = label("muted", f"{name}  {ratio:.0f} x rest")
            words.setMinimumWidth(self.style_.px(170))
            line.setLayout(row(words, spacing=self.style_.px(8)))
            layout = line.layout()
            assert isinstance(layout, QtWidgets.QHBoxLayout)
            layout.addWidget(bar, 1)
            layout.setAlignment(bar, QtCore.Qt.AlignmentFlag.AlignVCenter)
            self._bars.addWidget(line)

    @property
    def missing(self) -> str:
        """Whether a team sits."""
        return "wait for the sensors" if self.desk.job is not None else self.desk.team_problem
