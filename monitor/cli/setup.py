"""`crampwatch setup`: a team set up in windows, and monitored at once if that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import Radio
from monitor.cli.running import interrupts

if TYPE_CHECKING:
    from monitor.setting_up import Bench, SetUp
    from monitor.team import Team

_OUT = typer.Option(metavar="TEAM.toml", help="The team file to write; none: a new one.", show_default=False)
_VIRTUAL = typer.Option("--virtual", help="Virtual sensors on a virtual athlete; no hardware needed.")


def setup(
    out: Annotated[Path | None, _OUT] = None,
    radio: Radio = "os",
    virtual: Annotated[bool, _VIRTUAL] = False,
) -> None:
    """Set a team up in windows: who, where the sensors go, who wears which, signals, calibration, context, team file.

    Example: crampwatch setup --virtual
    """
    from monitor.dashboard import run_set_up
    from monitor.last_team import remember

    with interrupts(True), _bench(radio, virtual) as (bench, spec):
        done = run_set_up(bench, out or fresh(Path("team.toml")), _earlier())
        if done is None:
            return
        if not virtual:
            remember(done.path)
        typer.echo(f"{done.path} is written; next: crampwatch live --team {done.path}")
        if done.then:
            _monitor(done, spec, virtual)


def fresh(path: Path) -> Path:
    """The path, or the first like it that is not there yet: an old file is never overwritten."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in range(2, 10_000))
    return path if not path.exists() else next(each for each in numbered if not each.exists())


def _earlier() -> Team | None:
    from monitor.errors import TeamError
    from monitor.last_team import last_team
    from monitor.team import load_team

    try:
        return load_team(last_team())
    except TeamError:
        return None


@contextmanager
def _bench(radio: str, virtual: bool) -> Iterator[tuple[Bench, str]]:
    """Where the team is set up, and the radio of its sensors."""
    from monitor.setting_up import Bench

    if not virtual:
        yield Bench(radio), radio
        return
    from monitor.simulation.process import SimulatorProcess

    with SimulatorProcess(1, "tiring") as simulator:

        def from_the_start() -> None:
            simulator.stop()
            simulator.start()

        yield Bench(simulator.radio, simulated=True, begins=from_the_start), simulator.radio


def _monitor(done: SetUp, radio: str, virtual: bool) -> None:
    """The session that was set up, with what the rehearsal learnt of each leg."""
    from monitor.acquisition.live import LiveSource
    from monitor.acquisition.team_profiles import team_profiles
    from monitor.cli.live_run import LiveRun
    from monitor.session import Session
    from monitor.settings import Settings

    profiles = team_profiles(done.team)
    record = fresh(done.path.with_name(f"{done.path.stem}-{datetime.now():%Y%m%d-%H%M}.xdf")) if done.record else None
    run = LiveRun(
        done.path.stem,
        "live",
        virtual,
        window=True,
        as_json=False,
        record=record,
        wall=done.then == "wall",
    )
    with LiveSource(done.team, radio, simulated=virtual) as source:
        run.play(source, Session(done.team, profiles, Settings(), stored=done.stored, journal=done.journal), profiles)
