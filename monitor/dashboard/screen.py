"""What every full window shares: one snapshot per frame, old pictures that say so, alerts, undo, keys, a clean end."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.alarms import Alarms, SquadSound, waiting
from monitor.dashboard.controls import Controls
from monitor.dashboard.freshness import FROZEN_AFTER_S, Freshness, standing_still
from monitor.dashboard.kept import Kept
from monitor.dashboard.keys import KeyList, Keys
from monitor.dashboard.second_screen import ComesBack
from monitor.dashboard.sound import Bell, Sounder
from monitor.dashboard.themes import Style, Theme, next_theme
from monitor.dashboard.triage_card import TriageCard
from monitor.dashboard.undo import UndoBar
from monitor.snapshot import Snapshot
from monitor.sounding.speech import Voice, spoken_alert

FRAME_MS = 33
_LOUDER = 0.1


class Screen(QtWidgets.QMainWindow):
    """A window on one session. What is special about it stands in `draw`; it keeps no data but the newest snapshot.

    wall : a monotonic clock in seconds; session time that stands still against it makes the picture old.
    kept : how the window was left, None = as at the first start, and nothing is kept. theme : None = as kept.
    """

    def __init__(
        self,
        controls: Controls,
        theme: Theme | None = None,
        wall: Callable[[], float] = time.monotonic,
        sounder: Sounder | None = None,
        voice: Voice | None = None,
        kept: Kept | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Crampwatch")
        self._kept = kept or Kept()
        self._keeps = kept is not None
        self._theme = theme or self._kept.theme_
        self._controls, self._wall = controls, wall
        self.sounder: Sounder = sounder or Bell("no loudspeaker was asked for")
        self.sounder.volume = self._kept.volume
        self.voice = voice or Voice(())
        self.voice.on = self._kept.speech
        known = {str(sound): sound for sound in SquadSound}
        self.alarms = Alarms(known.get(self._kept.sound, SquadSound.ALL))
        self.undo = UndoBar(self)
        self._freshness, self._timer = Freshness(), QtCore.QTimer(self)
        self._stopped = self._greeted = False
        self._snapshot: Snapshot | None = None
        self._soon = QtCore.QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self.keys: KeyList = {}
        self.bind(
            {
                "A": ("somebody has seen the alerts", self.seen),
                "Q": ("what sounds: WARN and CRAMP, CRAMP only, nothing", self.next_sound),
                "Shift+Q": ("speak alerts, or not", self.toggle_speech),
                "Y": ("test sound", self.test_sound),
                "Shift+Up": ("louder", lambda: self.change_volume(_LOUDER)),
                "Shift+Down": ("softer", lambda: self.change_volume(-_LOUDER)),
                "T": ("dark, light, high contrast", self.other_theme),
                "H": ("the card: local cramp, or something more?", self.show_triage),
                "?": ("all keys", self.show_keys),
            }
        )
        self.screens = ComesBack(self)
        self.keys["Ctrl+Z"] = ("undo", self.undo.undo)  # the undo line listens for it

    def draw(self, snapshot: Snapshot, notice: str, *, frozen: bool, unchanged: bool) -> None:
        """Draw one frame. notice: the sentence above all, may be empty; frozen: the picture is old."""
        raise NotImplementedError

    @property
    def style_(self) -> Style:
        """Theme and size of now."""
        raise NotImplementedError

    @property
    def paused(self) -> bool:
        """Whether the person holds the replay."""
        return False

    def bind(self, keys: KeyList) -> None:
        """Let keys of the whole window do these things, and list them."""
        self.keys |= keys
        for key, (_, act) in keys.items():
            QtGui.QShortcut(QtGui.QKeySequence(key), self).activated.connect(act)

    def show_keys(self) -> None:
        """All keys of this window."""
        self.help = Keys(self, self.style_, self.keys)
        self.help.show()

    def show_triage(self) -> None:
        """The card that tells a local cramp from what needs help."""
        self.triage = TriageCard(self, self.style_)
        self.triage.show()

    def watch(self, snapshots: Callable[[], Snapshot]) -> None:
        """Show the newest snapshot 30 times a second from now on. snapshots: gives it at once, never waits."""
        self.show_snapshot(snapshots())
        self._timer.timeout.connect(lambda: self.show_snapshot(snapshots()))
        self._timer.start(FRAME_MS)

    def other_theme(self) -> None:
        """To the next theme."""
        self._theme = next_theme(self._theme)
        self.refresh()

    def next_sound(self) -> None:
        """What sounds: WARN and CRAMP, CRAMP only, nothing; it is heard at once how loud it would be."""
        before = self.alarms.sound
        self.alarms.next_sound()
        if self.alarms.sound is not SquadSound.NONE:
            self.sounder.play("TEST")

        def undo() -> None:
            self.alarms.sound = before
            self.refresh()

        self.undo.did(f"Sounds: {self.alarms.sound}", undo)
        self.refresh()

    def test_sound(self) -> None:
        """Let people hear how loud an alarm would be, and who speaks."""
        self.sounder.play("TEST")
        self.voice.say("This is a test.")
        self.undo.say(f"Test sound at {100 * self.sounder.volume:.0f} % to the {self.sounder.name}")

    def change_volume(self, by: float) -> None:
        """Louder or softer, heard at once."""
        before = self.sounder.volume
        self.sounder.volume = round(min(max(before + by, 0.0), 1.0), 2)
        self.sounder.play("TEST")
        self.undo.did(f"Volume {100 * self.sounder.volume:.0f} %", lambda: setattr(self.sounder, "volume", before))

    def toggle_speech(self) -> None:
        """Speak alerts, or not."""
        self.voice.on = not self.voice.on
        self.voice.say("Alerts are spoken.")
        told = f"Alerts are spoken ({self.voice.name})" if self.voice.on else "Alerts are not spoken"
        self.undo.did(told, lambda: setattr(self.voice, "on", not self.voice.on))

    def seen(self, athletes: Collection[str] | None = None) -> None:
        """Somebody has seen the alerts of these athletes, None = of all: nothing repeats them, here or elsewhere."""
        alerts = waiting(self._snapshot.alerts if self._snapshot is not None else ())
        chosen = [alert for alert in alerts if athletes is None or alert.athlete in athletes]
        for alert in chosen:
            self._controls.acknowledge(alert.athlete, alert.leg)

        def undo() -> None:
            for alert in chosen:
                self._controls.acknowledge(alert.athlete, alert.leg, seen=False)

        if chosen:
            self.undo.did("Seen: " + ", ".join(f"{alert.athlete} {alert.leg}" for alert in chosen), undo)

    def mute(self, athlete: str) -> None:
        """No alert of this athlete goes out, or they do again."""
        if self._snapshot is None:
            return
        muted = athlete not in self._snapshot.muted
        self._controls.mute(athlete, muted)
        said = f"{athlete} is muted" if muted else f"{athlete} is heard again"
        self.undo.did(said, lambda: self._controls.mute(athlete, not muted))

    def mark(self, text: str) -> None:
        """Note the present moment: in the session, or for good in the recording that plays."""
        if self._snapshot is None:
            return
        at = words.clock(self._snapshot.time_s)
        if self._snapshot.source != "replay":
            self._controls.mark(text)
            self.undo.did(f"Noted at {at}: {text}", lambda: self._controls.unmark(text))
            return
        problem = self._controls.note(text)
        if problem:
            self.undo.say(problem)
        else:
            self.undo.did(f"Noted in the recording at {at}: {text}", self._controls.undo_note)

    def refresh(self) -> None:
        """Draw the newest snapshot again: the size, the theme or a choice has changed."""
        if self._snapshot is not None:
            newest, self._snapshot = self._snapshot, None
            self.show_snapshot(newest)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the window has another size; once all its parts have theirs, it is drawn again."""
        super().resizeEvent(event)
        self._soon.start(0)

    def stop(self) -> None:
        """End the session; the last picture stays until the window is closed."""
        if not self._stopped:
            self._stopped = True
            self._controls.stop()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the window closes, the session and the sound with it; how it was left is kept."""
        self._timer.stop()
        if self._keeps:
            self.keep(self._kept)
            self._kept.save(self, self._theme)
            self._keeps = False
        self.sounder.close()
        self.voice.close()
        self.stop()
        event.accept()

    def keep(self, kept: Kept) -> None:
        """Note how this window is."""
        kept.sound = str(self.alarms.sound)
        kept.volume, kept.speech = self.sounder.volume, self.voice.on
        if self._snapshot is not None and self._snapshot.source != "replay":
            kept.muted[self._snapshot.title] = list(self._snapshot.muted)

    def as_it_was(self) -> None:
        """Take the place and size that this window was left with, if a screen still has room for it."""
        self._kept.place(self)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw one frame."""
        unchanged = snapshot is self._snapshot
        self._snapshot = snapshot
        frozen_s = self._freshness.frozen_s(snapshot.time_s, self._wall())
        held = self._stopped or self.paused or snapshot.ended
        frozen = frozen_s > FROZEN_AFTER_S and not held
        self._controls.sounds = self._sounds()
        if not frozen and not self._stopped:
            self._greet(snapshot)
            self._call(snapshot)
        self.draw(snapshot, self._notice(snapshot, frozen_s if frozen else None), frozen=frozen, unchanged=unchanged)

    def _sounds(self) -> str:
        """What alarms sound here, empty = all."""
        if self.sounder.volume or self.voice.on:
            return "" if self.alarms.sound is SquadSound.ALL else str(self.alarms.sound)
        return str(SquadSound.NONE)

    def _greet(self, snapshot: Snapshot) -> None:
        """Who was muted when this team was last watched is muted again, and the tiles say so."""
        if not self._greeted and snapshot.legs:
            self._greeted = True
            here = {leg.athlete for leg in snapshot.legs}
            for athlete in self._kept.muted.get(snapshot.title, []):
                if athlete in here and athlete not in snapshot.muted:
                    self._controls.mute(athlete)

    def _call(self, snapshot: Snapshot) -> None:
        """What went out since the last frame is heard, the most urgent of it; a leg that left range, softly."""
        due, left = self.alarms.update(snapshot.alerts)[:1], self.alarms.left_range(snapshot.away)
        for alert in due:
            self.sounder.play(alert.state)
            self.voice.say(spoken_alert(alert.athlete, alert.leg, alert.state, alert.sent))
        if left and not due:
            self.sounder.play("AWAY")

    def _notice(self, snapshot: Snapshot, frozen_s: float | None) -> str:
        if self._stopped:
            return "Stopped. This is the last picture of the session; close the window when you are done."
        said = standing_still(snapshot, frozen_s) or words.sentences(snapshot.notes)
        return said or ("Paused: press the space bar to go on." if self.paused else "")


def say(notice: QtWidgets.QLabel, text: str) -> None:
    """Show this sentence, or nothing where it is empty."""
    if text != notice.text():
        notice.setText(text)
    if bool(text) == notice.isHidden():
        notice.setVisible(bool(text))
