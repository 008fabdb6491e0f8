"""Which sensors are in range: what each is, how near, how full."""

from __future__ import annotations

from monitor.acquisition.in_range import InRange
from monitor.dashboard import words
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.step import DONE, NOW, WRONG, Bar, Lines, Step, focusable
from monitor.dashboard.states import Look
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import column, label, row

NEAR_DBM, FAR_DBM = -70, -85  # received strength: well, weak


def strength(rssi_dbm: int) -> str:
    """How well a sensor is heard, in words."""
    how = "near" if rssi_dbm >= NEAR_DBM else "weak: come nearer" if rssi_dbm < FAR_DBM else "fair"
    return f"{how} ({words.number(rssi_dbm, ' dBm')})"


def sensor_line(sensor: InRange) -> tuple[Look, str, str]:
    """Shape, name and facts of one sensor."""
    parts = [sensor.model or "", strength(sensor.rssi_dbm)]
    parts += [f"battery {words.percent(sensor.battery)}"] if sensor.battery is not None else []
    parts += [sensor.note] if sensor.note else []
    weak = sensor.rssi_dbm < FAR_DBM or (sensor.battery is not None and sensor.battery < 0.15)
    return WRONG if weak else DONE, sensor.name or sensor.address, "  ·  ".join(part for part in parts if part)


class FindingStep(Step):
    """A look around of a few seconds, as often as wanted."""

    title = "Which sensors are here?"
    short = "Sensors"
    hint = "Switch all sensors on. A sensor that is connected to a phone cannot be seen: close its app."

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__(style, desk)
        self.look = focusable("Look for sensors", "Listen for six seconds (Return)", self.act)
        self.said, self.bar, self.list = label("reason"), Bar(style), Lines(style, lines=2)
        self.said.setWordWrap(True)
        head = row(self.look, spacing=style.px(14))
        head.addWidget(self.said, 1)
        page = column(spacing=style.px(12))
        page.addLayout(head)
        page.addWidget(self.bar)
        page.addWidget(self.list, 1)
        self.setLayout(page)

    def enter(self) -> None:
        """Look at once, the first time."""
        if not self.desk.bench.found and self.desk.job is None and not self.desk.problem:
            self.act()

    def act(self) -> None:
        """Look around."""
        if self.desk.job is None:
            self.desk.begin(self.desk.bench.find(self.desk.find_s), self._connect)

    def _connect(self) -> None:
        self.desk.begin(self.desk.bench.connect())

    def tick(self) -> None:
        """How far it is, and what was found."""
        desk, job = self.desk, self.desk.job
        known = [sensor for sensor in desk.bench.found if sensor.profile is not None]
        others = len(desk.bench.found) - len(known)
        self.look.setEnabled(job is None)
        self.bar.setVisible(job is not None)
        self.bar.show_share(job.share if job else 0.0)
        self.said.setText(f"{job.what} ..." if job else desk.problem or self._told(len(known), others))
        lines = [sensor_line(sensor) for sensor in known]
        left_out = desk.bench.seating.left_out if desk.bench.seating is not None else {}
        lines = [(WRONG, name, f"does not stream: {left_out[name]}") if name in left_out else (look, name, text)
                 for look, name, text in lines]  # fmt: skip
        self.list.show_lines(lines or [(NOW, "", "nothing has been heard yet")])

    def _told(self, known: int, others: int) -> str:
        if self.desk.bench.seating is None:
            return ""
        live = len(self.desk.bench.seating.live)
        rest = f"; {others} other Bluetooth devices, which Crampwatch does not know" if others else ""
        return f"{live} of {known} sensor{'s' if known != 1 else ''} stream{rest}."

    @property
    def missing(self) -> str:
        """Whether the sensors stream."""
        if self.desk.job is not None:
            return "wait until the sensors are connected"
        return "" if self.desk.bench.seating is not None else "look for sensors first"
