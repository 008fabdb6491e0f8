"""Alerts that are heard without a window: a tone, then a sentence, on the headphones or the loudspeaker.

The engine never waits: what is to be heard goes into a bounded queue that a thread empties.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from monitor.alerts.alert import Alert
from monitor.sounding.loudspeaker import open_loudspeaker
from monitor.sounding.speech import Voice, spoken_alert
from monitor.sounding.tones import length_s

AWAY = "AWAY"  # the melody of a leg that has gone out of range
_WAITING = 4  # newer alerts are truer than those that would still wait
_CLOSE_S = 2.0


class Player(Protocol):
    """Plays a melody by its name and never waits for its end. problem : what is wrong, empty = nothing."""

    problem: str

    def play(self, melody: str) -> None:
        """One of the melodies of `tones`."""
        ...

    def close(self) -> None:
        """No more sound."""
        ...


class SoundAlert:
    """Plays and speaks each alert, the next one when the tone before has ended.

    player : what plays, or why nothing does; None = look for a loudspeaker. voice : who speaks; None = look for one.
    has_the_say : asked at each alert; where it says no, nothing is heard.
    """

    def __init__(
        self,
        has_the_say: Callable[[], bool] = lambda: True,
        player: Player | str | None = None,
        voice: Voice | None = None,
    ) -> None:
        found = open_loudspeaker() if player is None else player
        self._player, self._why_silent = (None, found) if isinstance(found, str) else (found, "")
        self._has_the_say, self._voice = has_the_say, voice or Voice(on=True)
        self._waiting: queue.Queue[tuple[str, str] | None] = queue.Queue(_WAITING)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    @property
    def calls(self) -> tuple[str, ...]:
        """Where alerts are heard, in words; empty = nowhere."""
        if self._player is not None:
            return ("headphones or loudspeaker",)
        return ("speech",) if self._voice.found else ()

    @property
    def told(self) -> str:
        """What is heard here and what is not, in a sentence."""
        speaker = Path(self._voice.name).stem if self._voice.found else ""
        spoken = f"spoken by {speaker}" if speaker else f"not spoken ({self._voice.name})"
        if self._player is not None:
            return f"alerts sound on the headphones or the loudspeaker, and are {spoken}"
        return f"alerts are {spoken}, and no tone sounds ({self._why_silent})"

    @property
    def problem(self) -> str:
        """What is wrong in plain words, empty = nothing."""
        return "" if self._player is None else self._player.problem

    def send(self, alert: Alert) -> None:
        """Queue it; where the queue is full, the oldest makes room."""
        if not self._has_the_say():
            return
        said = alert.state, spoken_alert(alert.athlete, alert.leg, alert.state, alert.number)
        while True:
            try:
                self._waiting.put_nowait(said)
                return
            except queue.Full:
                self._drop_oldest()

    def out_of_range(self) -> None:
        """The soft cue; it is left out where alerts wait."""
        if self._has_the_say() and self._waiting.empty():
            self._waiting.put_nowait((AWAY, ""))

    def close(self) -> None:
        """No more sound."""
        self._ending.set()
        while not self._waiting.empty():
            self._drop_oldest()
        self._waiting.put(None)
        self._thread.join(_CLOSE_S)
        self._voice.close()
        if self._player is not None:
            self._player.close()

    def _drop_oldest(self) -> None:
        with suppress(queue.Empty):
            self._waiting.get_nowait()

    def _run(self) -> None:
        while (said := self._waiting.get()) is not None:
            melody, sentence = said
            if self._player is not None:
                self._player.play(melody)
                self._ending.wait(length_s(melody))
            if sentence and not self._ending.is_set():
                self._voice.say(sentence)
