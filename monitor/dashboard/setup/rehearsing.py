"""The team's signals as they are, channel by channel, and the ankles' calibration, the whole squad at once."""

from __future__ import annotations

from monitor.dashboard import words
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.live_plots import EmgPlot
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.step import DONE, NOW, OPEN, WRONG, Bar, Lines, Step, card, focusable
from monitor.dashboard.states import Look
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import column, label, row
from monitor.events import Link
from monitor.snapshot import LegView, LinkView, Snapshot

ROWS_SHOWN = 4  # legs whose EMG is drawn; more are a line each


def signal_lines(snapshot: Snapshot) -> list[tuple[Look, str, str]]:
    """A sentence for each channel of each leg, and for each sensor that is not as it should be."""
    lines: list[tuple[Look, str, str]] = []
    for leg in snapshot.legs:
        name = f"{leg.athlete} {leg.leg}"
        links = [link for link in snapshot.links if link.role.startswith(f"{name}:")]
        lines += [_channel(name, channel, leg) for channel in leg.channels]
        if not leg.channels:
            lines.append((NOW, name, "waiting for the first EMG"))
        lines += [found for link in links for found in _link(name, link)]
    return lines


def _channel(name: str, channel: str, leg: LegView) -> tuple[Look, str, str]:
    said = [sentence for sentence in leg.quality if sentence.startswith(f"{channel}")]
    if said:
        return WRONG, f"{name} {channel}", words.sentences(said)
    if leg.state == "NO_SIGNAL" and not len(leg.emg.time_s):
        return NOW, f"{name} {channel}", "waiting for the first EMG"
    return DONE, f"{name} {channel}", "good signal"


def _link(name: str, link: LinkView) -> list[tuple[Look, str, str]]:
    if link.link != Link.LIVE:
        return [(NOW if link.link in (Link.SEARCHING, Link.CONNECTING, Link.STARTING) else WRONG, name,
                 f"{link.sensor}: {link.link}{', ' + link.detail if link.detail else ''}")]  # fmt: skip
    return [(WRONG, name, f"{link.sensor}: {link.warning}")] if link.warning else []


class SignalStep(Step):
    """Rehearses the team. Nothing is recorded."""

    title = "Are the signals good?"
    short = "Signals"
    hint = "Let everybody tense the calf a few times and walk about. Nothing is recorded yet."

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__(style, desk)
        self.said, self.bar, self.list = label("reason"), Bar(style), Lines(style, lines=2)
        self.plots: list[EmgPlot] = []
        self._plots = column(spacing=style.px(6))
        self._shown: tuple[object, ...] = ()
        self._team: object = None
        page, both = column(self.said, self.bar, spacing=style.px(8)), row(spacing=style.px(12))
        both.addWidget(self.list, 6)
        both.addLayout(self._plots, 5)
        page.addLayout(both, 1)
        self.setLayout(page)

    def enter(self) -> None:
        """Begin the rehearsal, unless this very team rehearses already."""
        if self.desk.team_problem or self.desk.job is not None:
            return
        if self.desk.bench.rehearsal is None or self._team != self.desk.team:
            self._team = self.desk.team
            self.desk.begin(self.desk.bench.rehearse(self.desk.team))

    def act(self) -> None:
        """Begin it anew, where it has failed."""
        if self.desk.job is None and self.desk.problem:
            self._team = None
            self.enter()

    def tick(self) -> None:
        """Sentences and plots."""
        job, rehearsal = self.desk.job, self.desk.bench.rehearsal
        self.bar.setVisible(job is not None)
        self.bar.show_share(job.share if job else 0.0)
        if rehearsal is None:
            self.said.setText(f"{job.what} ..." if job else self.desk.problem)
            return
        snapshot = rehearsal.snapshot
        lines = signal_lines(snapshot)
        wrong = sum(look is WRONG for look, _, _ in lines)
        waiting = sum(look is NOW for look, _, _ in lines)
        told = f"{wrong} need{'s' if wrong == 1 else ''} a hand." if wrong else "All channels are good."
        notes = words.sentences(snapshot.notes)
        self.said.setText(notes or ("Waiting for the sensors." if waiting and not wrong else told))
        self.list.show_lines(lines)
        self._show_plots(snapshot)

    def _show_plots(self, snapshot: Snapshot) -> None:
        legs = [leg for leg in snapshot.legs if leg.channels][:ROWS_SHOWN]
        wanted = tuple((leg.athlete, leg.leg, leg.channels) for leg in legs)
        if wanted != self._shown:
            self._shown = wanted
            while (item := self._plots.takeAt(0)) is not None:
                if (old := item.widget()) is not None:
                    old.deleteLater()
            self.plots = [EmgPlot(self.style_, leg.channels) for leg in legs]
            for plot, leg in zip(self.plots, legs, strict=True):
                plot.title.setText(f"{leg.athlete} {leg.leg}")
                self._plots.addWidget(card(self.style_, plot), 1)
        for plot, leg in zip(self.plots, legs, strict=True):
            plot.show_leg(leg, snapshot.time_s)


PHASES = (("1  Stand still", "8 s, upright, weight on both legs"), ("2  Pump the ankle", "toes down first, about 15 s"),
          ("3  Walk", "20 s, at an easy pace"))  # fmt: skip


def prompt_of(note: str) -> str:
    """What a leg's note asks for; empty = nothing, the calibration is over."""
    return note.partition("calibrating: ")[2].partition(";")[0]


def phase_of(note: str) -> int:
    """Which of the three phases a leg's note speaks of; 3 = done."""
    prompt = prompt_of(note)
    if not prompt:
        return 3
    return 2 if "walk:" in prompt or "go on walking" in prompt else 1 if "now pump" in prompt else 0


def calibration_line(leg: LegView) -> tuple[Look, str, str]:
    """How the calibration of a leg stands: its verdict, or what to do."""
    name = f"{leg.athlete} {leg.leg}"
    if leg.calibrated_share is not None:
        return NOW, name, prompt_of(leg.angle_note) or leg.angle_note
    if leg.angle_source == "imu":
        note = leg.angle_note
        return DONE, name, note if note.startswith("calibrated") else f"calibrated; {note}"
    return OPEN if "ankle sensors" in leg.angle_note else WRONG, name, leg.angle_note


class CalibrationStep(Step):
    """All ankles at once, forty seconds."""

    title = "Calibrate the ankles"
    short = "Calibration"
    hint = (
        "Everybody at once: stand still, pump the ankle, walk. It takes forty seconds and finds the zero of the angle."
    )

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__(style, desk)
        px = style.px
        self.begun = False
        self.phases = []
        phases = row(spacing=px(10))
        for name, how in PHASES:
            box = card(style, label("guide", name), label("muted", how), spacing=4)
            self.phases.append(box)
            phases.addWidget(box, 1)
        self.go = focusable("Everybody ready: begin", "Calibrate the whole squad now (Return)", self.act, "hugePrimary")
        self.said, self.bar, self.list = ElidedLabel("advice", lines=2), Bar(style, 16), Lines(style, lines=2)
        page = column(spacing=px(12))
        page.addLayout(phases)
        page.addWidget(self.go)
        page.addWidget(self.said)
        page.addWidget(self.bar)
        page.addWidget(self.list, 1)
        self.setLayout(page)

    def act(self) -> None:
        """All ankles anew."""
        if self.desk.bench.rehearsal is None or self.desk.job is not None:
            return
        job = self.desk.bench.calibrate(self.desk.team)
        if job is not None:
            self.desk.begin(job)
        self.begun = True

    def tick(self) -> None:
        """The prompt, how far it is, and the verdicts."""
        rehearsal = self.desk.bench.rehearsal
        if rehearsal is None:
            job = self.desk.job
            self.said.setText(f"{job.what} ..." if job else "The team must be connected first: one step back.")
            return
        legs = list(rehearsal.snapshot.legs)
        waiting = [leg for leg in legs if leg.calibrated_share is not None]
        able = [leg for leg in legs if leg.calibrated_share is not None or leg.angle_source == "imu"]
        self.list.show_lines([calibration_line(leg) for leg in legs])
        shares = [1.0 if leg.calibrated_share is None else leg.calibrated_share for leg in able]
        self.bar.show_share(sum(shares) / len(shares) if shares else 0.0)
        phase = min((phase_of(leg.angle_note) for leg in waiting), default=3 if able else -1)
        for place, box in enumerate(self.phases):
            name = "now" if place == phase and self.begun else ""
            if box.property("now") != name:
                box.setProperty("now", name)
                box.style().polish(box)
        self.said.setText(self._told(legs, waiting, able))

    @property
    def done(self) -> bool:
        """Whether an ankle is calibrated, now or when the rehearsal was closed."""
        rehearsal, stored = self.desk.bench.rehearsal, self.desk.bench.stored
        here = rehearsal is not None and any(leg.angle_source == "imu" for leg in rehearsal.snapshot.legs)
        return here or any(leg.calibration is not None for leg in stored.values())

    def _told(self, legs: list[LegView], waiting: list[LegView], able: list[LegView]) -> str:
        if any("waiting" in leg.angle_note for leg in legs):
            return "Waiting for the motion sensors."
        if not able:
            return "No leg wears motion sensors on shank and foot: contractions are matched by effort alone. Go on."
        good = sum(leg.angle_source == "imu" for leg in legs)
        if waiting and self.begun:
            slowest = min(waiting, key=lambda leg: leg.calibrated_share or 0.0)
            return f"{slowest.athlete} {slowest.leg}: {prompt_of(slowest.angle_note) or slowest.angle_note}"
        return f"{good} of {len(able)} ankles are calibrated." + (
            "" if good == len(able) else " Begin when all are ready."
        )
