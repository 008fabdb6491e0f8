"""A guided test in the terminal: sensors, recording, prompts, metronome and the key."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import typer

from monitor.cli.new_file import check_new
from monitor.errors import CrampwatchError
from monitor.events import Event, Link, LinkChange

if TYPE_CHECKING:
    from monitor.acquisition.live import LiveSource
    from monitor.chunk import Chunk
    from monitor.dashboard.controls import Controls
    from monitor.engine import Sink
    from monitor.session import Session
    from monitor.snapshot import Snapshot
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
    about: Mapping[str, object] = field(default_factory=dict)
    window: bool = False

    def play(self, make: MakeGuide, presses_s: Sequence[float] = ()) -> Path:
        """Run the test to its end; the recording that it left. Raises: CrampwatchError.

        presses_s : when the virtual athlete presses the key, seconds of its scenario.
        """
        from monitor.acquisition.live import LiveSource
        from monitor.acquisition.team_profiles import team_profiles
        from monitor.cli.live_run import LiveRun
        from monitor.guided.replaying import only_athlete
        from monitor.session import Session
        from monitor.settings import Settings

        self._check_speed()
        people = self._people()
        profiles = team_profiles(people)
        speed = self.speed if self.virtual else 1.0
        with self._sensors() as (radio, scenario_s):
            session = Session(people, profiles, Settings(), speed=speed)
            name = self.athlete or only_athlete(session)
            path = self._path(name)
            with LiveSource(people, radio, speed, simulated=self.virtual) as source:
                guide: Any = make(session, name, source.mark)
                links = LostLinks()
                pressing = Presses(guide, scenario_s, presses_s)
                teller = Teller(guide, source, session.settings.guided.rises_per_min, pressing)
                run = LiveRun(
                    f"{self.kind}: {name}",
                    "test",
                    self.virtual,
                    window=self.window,
                    as_json=False,
                    record=path,
                    about={"test": {"kind": self.kind, "athlete": name} | dict(self.about)},
                    watchers=(guide, links),
                    lines=teller.lines,
                    quiet=True,
                    show=teller.show,
                )
                if not self.window:
                    teller.listen()
                run.play(source, session, profiles)
        if self.virtual and links.lost:  # no virtual athlete walks away
            typer.echo(links.told(speed), err=True)
        return path

    def _check_speed(self) -> None:
        if not self.virtual and self.speed != 1:
            raise CrampwatchError("--speed is for virtual sensors; add --virtual")
        if self.virtual:
            from monitor.simulation.capacity import refuse_too_fast

            refuse_too_fast(1, self.speed)

    def _people(self) -> Team:
        from monitor.last_team import last_team
        from monitor.simulation.kit import virtual_team
        from monitor.team import load_team

        return virtual_team(1) if self.virtual else load_team(self.team or last_team())

    @contextmanager
    def _sensors(self) -> Iterator[tuple[str, Callable[[], float]]]:
        """The radio that the sensors are on, and the second of its scenario that a virtual athlete is at."""
        if not self.virtual:
            yield self.radio, lambda: 0.0
            return
        from monitor.simulation.process import SimulatorProcess
        from monitor.simulation.serve import waiting_s

        typer.echo(f"SIMULATED: {self.kind} at {self.speed:g} x real time", err=True)
        with SimulatorProcess(1, self.kind, self.speed, self.seed) as simulator:
            yield simulator.radio, lambda: simulator.time_s - waiting_s(self.speed)

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


class LostLinks:
    """Counts links that were lost while the test ran."""

    def __init__(self) -> None:
        self.lost = 0

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """See `monitor.engine.Sink`."""
        self.lost += isinstance(event, LinkChange) and event.link is Link.LOST

    def told(self, speed: float) -> str:
        """What that means where the sensors are virtual."""
        return (
            f"links to virtual sensors were lost {self.lost} time(s): this computer does not keep up with"
            f" {speed:g} x, and the test may have missed what the athlete did; try a smaller --speed"
        )


class Presses:
    """The key of a virtual athlete. scenario_s : where its scenario is; presses_s : when it presses, rising."""

    def __init__(self, guide: Guide, scenario_s: Callable[[], float], presses_s: Sequence[float]) -> None:
        self._guide, self._scenario_s, self._left = guide, scenario_s, deque(presses_s)

    def look(self) -> None:
        """Press, if it is time."""
        while self._left and self._scenario_s() >= self._left[0]:
            self._left.popleft()
            self._guide.press()


class Teller:
    """Prompts as they change, the metronome on a terminal, Enter as the key; stops the source when the test is done."""

    def __init__(self, guide: Guide, source: LiveSource, rises_per_min: float, presses: Presses) -> None:
        self._guide, self._source, self._presses = guide, source, presses
        self._beat_s = 30.0 / rises_per_min
        self._told, self._beats = "", -1

    def listen(self) -> None:
        """Take Enter as the key, where there is a keyboard."""
        if sys.stdin is not None and sys.stdin.isatty():
            threading.Thread(target=self._keys, name="keys", daemon=True).start()

    def lines(self) -> Iterator[str]:
        """What is new to say."""
        self._presses.look()
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

    def show(self, snapshots: Callable[[], Snapshot], controls: Controls) -> None:
        """In a window until it is closed; the session ends with it."""
        from monitor.dashboard import run_guided

        run_guided(snapshots, controls, self._guide, self._source.clock.now_s, self._beat_s, self._presses.look)

    def _keys(self) -> None:
        while sys.stdin.readline():
            self._guide.press()


def heel_rise_result(path: Path, athlete: str | None) -> dict[str, Any]:
    """The result of the test in a recording. Raises: RecordingError, TeamError."""
    from monitor.guided.replaying import replayed
    from monitor.guided.report import result_object

    guide, header, settings = replayed(path, athlete)
    return result_object(guide, str(path), header, settings)


def story_missed(result: Mapping[str, Any]) -> str:
    """What to say of a virtual test in which a leg did nothing, else ""."""
    from monitor.guided.judging import End

    idle = [leg for leg, found in result["legs"].items() if found["ended"] == End.NOT_BEGUN]
    if not idle:
        return ""
    return (
        f"no rises of the {' and '.join(idle)} leg: a virtual athlete keeps to its story and does not wait for a test"
        " that is late; try again, or with a smaller --speed"
    )


def agreed() -> dict[str, str]:
    """Show what the shortened hold is and ask for consent; what the recording keeps of it.

    Raises: CrampwatchError unless somebody at a terminal writes that they agree.
    """
    from monitor.guided.texts import AGREE, CONSENT
    from monitor.recording.header import sha256

    typer.echo(CONSENT, err=True)
    if sys.stdin is None or not sys.stdin.isatty():
        raise CrampwatchError("the shortened hold needs consent at a terminal; for a look at it add --virtual")
    typer.echo(f'Write "{AGREE}" to go on:', err=True)
    if sys.stdin.readline().strip().casefold() != AGREE.casefold():
        raise CrampwatchError("not agreed: the shortened hold was not begun")
    return {"consent_sha256": sha256(CONSENT), "agreed": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def virtual_presses_s(kind: str, leg: str) -> tuple[float, ...]:
    """When a virtual athlete presses the key: where the pull begins, where the cramp comes, where it is over."""
    from monitor.simulation.calf import Calf
    from monitor.simulation.sessions import session_of
    from monitor.simulation.truth import relief_s

    played = session_of(kind, 1)
    calf = Calf(played, "left" if leg == "left" else "right", 1)
    begins_s = next(bout.start_s for bout in calf.timeline.bouts(0.0, played.length_s) if bout.activity == "pull")
    cramps = [(cramp.start_s, relief_s(cramp, calf)) for cramp in calf.cramps]
    return (begins_s, *(time_s for span in cramps for time_s in span))
