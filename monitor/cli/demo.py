"""`crampwatch demo`: virtual athletes, real Bluetooth stack, real pipeline."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.running import Run, recorder, show_changes, sinks, wants_window, watch

if TYPE_CHECKING:
    from monitor.keeping import Stored

STORY = "cramp-left-calf"
STORY_SPEED = 10.0


def demo(
    athletes: Annotated[int, typer.Option(min=1, max=8, help="Virtual athletes, two legs each.")] = 1,
    scenario: Annotated[
        str | None, typer.Option(help="What they do; without it a story of two minutes.", show_default=False)
    ] = None,
    speed: Annotated[
        float | None, typer.Option(min=0.1, help="Session seconds per second.", show_default="10 for the story, else 1")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Print the state instead of opening a window.")] = False,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End after so much session time.", show_default=False)
    ] = None,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Record the session as XDF.", show_default=False)
    ] = None,
    keep_baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what was learnt about the calves.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="State changes as JSON lines.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed is another athlete.")] = 1,
) -> None:
    """Virtual sensors advertise, bleak connects, the whole live path runs, the dashboard opens. No hardware needed.

    Example: crampwatch demo --scenario tiring --speed 10
    """
    from monitor.simulation.kit import virtual_team
    from monitor.simulation.scenario import scenario as find_scenario

    story = scenario is None
    played = find_scenario(scenario or STORY)
    speed = speed or (STORY_SPEED if story else 1.0)
    _refuse_too_fast(athletes, speed)
    window = wants_window(headless, as_json)
    stored = _story_baseline() if story and seed == 1 else {}
    typer.echo(f"SIMULATED: {played.title}; {athletes} athlete(s) at {speed:g} x real time", err=True)
    _run(
        virtual_team(athletes),
        played.name,
        speed,
        seed,
        stored,
        seconds,
        record,
        keep_baseline,
        window=window,
        as_json=as_json,
    )
    typer.echo(
        "demo ended. Next: `crampwatch scan` finds real sensors, `crampwatch doctor` checks this machine.", err=True
    )


def _run(
    team: Any,
    scenario: str,
    speed: float,
    seed: int,
    stored: Stored,
    until_s: float | None,
    record: Path | None,
    keep_baseline: Path | None,
    *,
    window: bool,
    as_json: bool,
) -> None:
    from monitor.acquisition.live import LiveSource
    from monitor.cli.controls import LiveControls
    from monitor.cli.headers import live_header
    from monitor.engine import Engine
    from monitor.keeping import save_stored
    from monitor.session import Session
    from monitor.settings import Settings
    from monitor.simulation.process import SimulatorProcess

    profiles = team_profiles_by_id(team)
    session = Session(team, profiles, Settings(), speed=speed, stored=stored)
    title = f"demo: {scenario}"
    simulator = SimulatorProcess(len(team.athletes), scenario, speed, seed)
    with simulator, LiveSource(team, simulator.radio, speed) as source:
        simulator.revive()
        header = lambda: live_header(session, profiles, title, speed, simulated=True, epoch_s=time.time())  # noqa: E731
        with recorder(record, header) as file:
            engine = Engine(
                source,
                session,
                describe=lambda: {"speed": speed, "source": "demo", "title": title, "simulated": True},
                sinks=sinks(file),
                until_s=until_s,
                watched=window,
                on_changes=show_changes(as_json) if not window else None,
                recording=(lambda: file.status) if file else None,
            )
            watch(Run(engine, source.stop, LiveControls(source)), window)
    if keep_baseline is not None:
        save_stored(keep_baseline, session.stored(), f"simulated: {scenario}, seed {seed}")


def team_profiles_by_id(team: Any) -> dict[str, Any]:
    """The profiles that a team's sensors need. Raises: ProfileError."""
    from monitor.acquisition.profile import find

    return {sensor.profile: find(sensor.profile) for athlete in team.athletes for sensor in athlete.sensors}


def _refuse_too_fast(athletes: int, speed: float) -> None:
    from monitor.acquisition.profile import find
    from monitor.errors import RadioError
    from monitor.simulation.capacity import largest_speed
    from monitor.simulation.kit import virtual_team

    sensors = [sensor for athlete in virtual_team(athletes).athletes for sensor in athlete.sensors]
    largest = largest_speed((find(sensor.profile), 1) for sensor in sensors)
    if speed > largest:
        raise RadioError(
            f"the virtual radio cannot carry {athletes} athlete(s) at {speed:g} x; the largest that works is {largest:g}"
        )


def _story_baseline() -> Stored:
    """What the virtual athlete of the story brings along from an earlier day."""
    from monitor import shipped
    from monitor.keeping import load_stored

    return load_stored(shipped.folder("recordings") / "virtual-athlete.json")
