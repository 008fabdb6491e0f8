"""Alerts spoken by a program of the system, where there is one; in a thread of its own, so that nobody waits for it."""

from __future__ import annotations

import queue
import shutil
import subprocess
import threading
from collections.abc import Sequence

from monitor.warning.texts import WORDS

_READS = (  # what it speaks is text that it reads, never a part of the script
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; Add-Type -AssemblyName System.Speech;"
    " (New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)
_PROGRAMS = (  # Linux thrice, macOS, Windows
    ("spd-say", "--wait"),
    ("espeak-ng",),
    ("espeak",),
    ("say",),
    ("powershell", "-NoProfile", "-NonInteractive", "-Command", _READS),
)
_LONGEST_S = 10.0


def spoken_alert(athlete: str, leg: str, state: str, number: int) -> str:
    """An alert as it is spoken. It begins with a word of ours: a pseudonym can never be taken for an option.

    number : 1 = new, above = repeated.
    """
    again = "Again: " if number > 1 else ""
    return f"Attention. {again}{athlete}, {leg} calf: {WORDS[state].spoken}"


def speech_command() -> tuple[str, ...]:
    """The program that speaks here, and its options; empty = there is none."""
    found = ((shutil.which(program), options) for program, *options in _PROGRAMS)
    return next(((path, *options) for path, options in found if path), ())


class Voice:
    """Speaks sentences, one after the other. command : see `speech_command`; on : whether it is wanted.

    While it speaks two more sentences may wait; what comes besides is not spoken: the newest alerts sound anyhow.
    """

    def __init__(self, command: Sequence[str] | None = None, on: bool = False) -> None:
        self._command = tuple(speech_command() if command is None else command)
        self.on = on
        self._waiting: queue.Queue[str | None] = queue.Queue(maxsize=2)
        self._thread: threading.Thread | None = None

    @property
    def found(self) -> bool:
        """Whether there is a program that speaks."""
        return bool(self._command)

    @property
    def name(self) -> str:
        """Who speaks, or why nobody does."""
        return self._command[0] if self._command else "no speech program was found: install espeak-ng"

    def say(self, text: str) -> None:
        """Speak it soon; nothing where speech is off or there is none."""
        if not self.on or not self._command:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._speak, name="speech", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(text)
        except queue.Full:
            return

    def close(self) -> None:
        """Nothing more is spoken; what speaks ends by itself."""
        self.on = False
        if self._thread is not None:
            self._discard()
            self._waiting.put(None)

    def _discard(self) -> None:
        while not self._waiting.empty():
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                return

    def _speak(self) -> None:
        reads = self._command[-1] == _READS
        while (text := self._waiting.get()) is not None:
            try:
                subprocess.run(
                    self._command if reads else (*self._command, text),
                    input=text.encode() if reads else b"",
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=_LONGEST_S,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired):
                continue
