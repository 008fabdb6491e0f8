"""A guided test in the terminal: sensors, recording, prompts, metronome and the key."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import typer

from monitor.cli.new_file import check_new
from monitor.errors import CrampwatchError

if TYPE_CHECKING:
    from monitor.acquisition.live import LiveSource
    from monitor.engine import Sink
    from monitor.session import Session
    from monitor.team import Team


class Guide(Protocol):
    """What leads through a test: a sink of the engine with something to say and a key."""

    @property
    def view(self) -> Any:
        """What to show: phase, prompt, beats_from_s (see `GuideView`)."""
        ...

    def press(self) -> None:
        """The key."""
        ...


MakeGuide = Callable[["Session", str, Callable[[str], None]], "Sink"]


@dataclass(frozen=True, slots=True)
class GuidedRun:
    """One test with live sensors, real or virtual. kind: its name, which is also the virtual athlete's scenario."""

    kind: str
    team: Path | None
    radio: str
    virtual: bool
    athlete: str | None
    record: Path | None
    folder: Path
    speed: float
    seed: int

    def play(self, make: MakeGuide) -> Path:
        """Run the test to its end; the recording that it left. Raises: CrampwatchError."""
        from monitor.acquisition.live import LiveSource
        from monitor.acquisition.team_profiles import team_profiles
        from monitor.cli.live_run import LiveRun
        from monitor.guided.replaying import only_athlete
        from monitor.session import Session
        from monitor.settings import Settings

        if not self.virtual and self.speed != 1:
            raise CrampwatchError("--speed is for virtual sensors; add --virtual")
        people = self._people()
        profiles = team_profiles(people)
        speed = self.speed if self.virtual else 1.0
        with self._sensors() as radio:
            session = Session(people, profiles, Settings(), speed=speed)
            name = self.athlete or only_athlete(session)
            path = self._path(name)
            with LiveSource(people, radio, speed, simulated=self.virtual) as source:
                guide: Any = make(session, name, source.mark)
                teller = Teller(guide, source, session.settings.guided.rises_per_min)
                run = LiveRun(
                    f"{self.kind}: {name}",
                    "test",
                    self.virtual,
                    window=False,
                    as_json=False,
                    record=path,
                    about={"test": {"kind": self.kind, "athlete": name}},
                    watchers=(guide,),
                    lines=teller.lines,
                    quiet=True,
                )
                teller.listen()
                run.play(source, session, profiles)
        return path

    def _people(self) -> Team:
        from monitor.last_team import last_team
        from monitor.simulation.kit import virtual_team
        from monitor.team import load_team

        return virtual_team(1) if self.virtual else load_team(self.team or last_team())

    @contextmanager
    def _sensors(self) -> Iterator[str]:
        """The radio that the sensors are on."""
        if not self.virtual:
            yield self.radio
            return
        from monitor.simulation.process import SimulatorProcess

        typer.echo(f"SIMULATED: {self.kind} at {self.speed:g} x real time", err=True)
        with SimulatorProcess(1, self.kind, self.speed, self.seed) as simulator:
            yield simulator.radio

    def _path(self, athlete: str) -> Path:
        path = self.record
        if path is None:
            self._make_folder()
            who = "".join(letter if letter.isalnum() else "-" for letter in athlete)
            path = self.folder / f"{self.kind}-{who}-{datetime.now():%Y%m%d-%H%M%S}.xdf"
        check_new(path, "the recording", ".xdf")
        return path

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CrampwatchError(f"cannot make the folder {self.folder}: {error.strerror}") from error


class Teller:
    """Prompts as they change, the metronome on a terminal, Enter as the key; stops the source when the test is done."""

    def __init__(self, guide: Guide, source: LiveSource, rises_per_min: float) -> None:
        self._guide, self._source = guide, source
        self._beat_s = 30.0 / rises_per_min
        self._told, self._beats = "", -1

    def listen(self) -> None:
        """Take Enter as the key, where there is a keyboard."""
        if sys.stdin is not None and sys.stdin.isatty():
            threading.Thread(target=self._keys, name="keys", daemon=True).start()

    def lines(self) -> Iterator[str]:
        """What is new to say."""
        view = self._guide.view
        if view.prompt != self._told:
            self._told = view.prompt
            yield f"{self._source.clock.now_s():8.1f} s  {view.prompt}"
        if view.beats_from_s is not None:
            beats = int((self._source.clock.now_s() - view.beats_from_s) / self._beat_s)
            if beats != self._beats and sys.stderr.isatty():
                sys.stderr.write("\a\rup  " if beats % 2 == 0 else "\rdown")
                sys.stderr.flush()
            self._beats = beats
        if view.phase == "done":
            self._source.stop()

    def _keys(self) -> None:
        while sys.stdin.readline():
            self._guide.press()


def heel_rise_result(path: Path, athlete: str | None) -> dict[str, Any]:
    """The result of the test in a recording. Raises: RecordingError, TeamError."""
    from monitor.guided.replaying import replayed
    from monitor.guided.report import result_object

    guide, header, settings = replayed(path, athlete)
    return result_object(guide, str(path), header, settings)


def earlier_of(folder: Path, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The person's earlier results in a folder, oldest first."""
    from monitor.guided.comparing import earlier_tests

    return earlier_tests(folder, result["athlete"], result["begun"]) if folder.is_dir() else []
