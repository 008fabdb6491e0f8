"""`crampwatch demo`: virtual athletes, real Bluetooth stack, real pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.lsl_options import Lsl
from monitor.cli.new_file import check_new
from monitor.cli.options import Headless, OnWall, Record, Seconds, StatesAsJson
from monitor.cli.running import interrupts, wants_window
from monitor.cli.web_options import Web, WebAt, WebCert, WebKey, WebPassword, web_of
from monitor.simulation.process import SimulatorProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.cli.live_run import LiveRun
    from monitor.keeping import Stored

STORY = "cramp-left-calf"
STORY_SPEED = 10.0
NEXT = """demo ended. With real sensors:
  crampwatch doctor                                             is this machine ready, and how to mend what is not
  crampwatch scan                                               are the sensors in range
  crampwatch pair --athlete A1 --out team.toml                  who wears which
  crampwatch live --team team.toml --record today.xdf           train
crampwatch guide athlete says how to put them on; crampwatch demo --help what else can be tried without any."""


def demo(
    athletes: Annotated[int, typer.Option(min=1, max=8, help="Virtual athletes, two legs each.")] = 1,
    scenario: Annotated[
        str | None, typer.Option(help="What they do; without it a story of two minutes.", show_default=False)
    ] = None,
    speed: Annotated[
        float | None, typer.Option(min=0.1, help="Session seconds per second.", show_default="10 for the story, else 1")
    ] = None,
    headless: Headless = False,
    seconds: Seconds = None,
    wall: OnWall = False,
    record: Record = None,
    keep_baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what was learnt about the calves.", show_default=False)
    ] = None,
    as_json: StatesAsJson = False,
    seed: Annotated[int, typer.Option(help="Another seed is another athlete.")] = 1,
    web: Web = False,
    web_at: WebAt = None,
    web_password: WebPassword = None,
    web_cert: WebCert = None,
    web_key: WebKey = None,
    lsl: Lsl = False,
) -> None:
    """Virtual sensors advertise, bleak connects, the whole live path runs, the dashboard opens. No hardware needed.

    Example: crampwatch demo --scenario tiring --speed 10
    """
    from monitor.simulation.sessions import session_of

    story = scenario is None
    played = session_of(scenario or STORY, seed)
    speed = speed or (STORY_SPEED if story else 1.0)
    check_new(keep_baseline, "the baselines", ".json")
    page = web_of(web, web_at, web_password, web_cert, web_key)
    check_new(record, "the recording")
    window = wants_window(headless, as_json)
    typer.echo(f"SIMULATED: {played.title}; {athletes} athlete(s) at {speed:g} x real time", err=True)
    simulator = SimulatorProcess(athletes, scenario or STORY, speed, seed)
    with interrupts(window), simulator.starting() as wait_until_ready:  # while it starts, all else is loaded
        from monitor.simulation.capacity import refuse_too_fast

        refuse_too_fast(athletes, speed)
        from monitor.cli.live_run import LiveRun
        from monitor.keeping import save_stored

        if window:
            from monitor.dashboard import get_ready

            get_ready(wall=wall)

        run = LiveRun(f"demo: {played.name}", "demo", True, window, as_json, record, seconds, wall, web=page, lsl=lsl)
        stored = _story_baseline() if story and seed == 1 else {}
        learnt = _play(run, simulator, wait_until_ready, athletes, speed, stored)
        if keep_baseline is not None:
            save_stored(keep_baseline, learnt, f"simulated: {played.name}, seed {seed}")
    typer.echo(NEXT, err=True)


def _play(
    run: LiveRun,
    simulator: SimulatorProcess,
    wait_until_ready: Callable[[], None],
    athletes: int,
    speed: float,
    stored: Stored,
) -> Stored:
    """The session over the simulator's radio; what was learnt about the calves."""
    from monitor.acquisition.live import LiveSource
    from monitor.acquisition.team_profiles import team_profiles
    from monitor.session import Session
    from monitor.settings import Settings
    from monitor.simulation.kit import virtual_team

    team = virtual_team(athletes)
    profiles = team_profiles(team)
    session = Session(team, profiles, Settings(), speed=speed, stored=stored)
    wait_until_ready()
    with LiveSource(team, simulator.radio, speed, simulated=True) as source:
        simulator.revive()
        run.play(source, session, profiles)
    return session.stored()


def _story_baseline() -> Stored:
    """What the virtual athlete of the story brings along from an earlier day."""
    from monitor import shipped
    from monitor.keeping import load_stored

    return load_stored(shipped.folder("recordings") / "virtual-athlete.json")
