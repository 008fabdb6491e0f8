"""`crampwatch live`: monitor real sensors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.lsl_options import Lsl
from monitor.cli.network_options import CA, PASSWORD_FILE, PLAIN, USER, access_of
from monitor.cli.options import Headless, OnWall, Radio, Record, Seconds, Sound, StatesAsJson, TeamFile
from monitor.cli.running import interrupts, wants_window
from monitor.cli.web_options import Web, WebAt, WebCert, WebKey, WebPassword, web_of

if TYPE_CHECKING:
    from monitor.acquisition.profile_model import Profile
    from monitor.context.journal import Journal
    from monitor.session import Session
    from monitor.team import Team

_WEBHOOK = typer.Option(
    metavar="URL", help="POST alerts there as JSON: https, or this machine alone.", show_default=False
)


_JOURNAL = typer.Option(
    metavar="FILE|ask", help="The context journal: a TOML file, or ask at the terminal.", show_default=False
)
_FROM = typer.Option(
    "--from",
    metavar="mqtts://HOST:PORT|lsl:",
    help="Watch what gateways publish, or LSL streams, in place of a radio.",
    show_default=False,
)
_BASELINES = typer.Option(
    metavar="FILE",
    help="Baselines of earlier days: used where comparable; today's are added at the end.",
    show_default=False,
)
_MARKERS = typer.Option(
    metavar="PORT",
    min=1024,
    max=65535,
    help="Note every text that arrives at this UDP port of this machine (127.0.0.1).",
    show_default=False,
)


def live(
    team: TeamFile = None,
    radio: Radio = "os",
    headless: Headless = False,
    sound: Sound = False,
    seconds: Seconds = None,
    wall: OnWall = False,
    record: Record = None,
    as_json: StatesAsJson = False,
    webhook: Annotated[str | None, _WEBHOOK] = None,
    journal: Annotated[str | None, _JOURNAL] = None,
    baselines: Annotated[Path | None, _BASELINES] = None,
    markers_udp: Annotated[int | None, _MARKERS] = None,
    from_: Annotated[str | None, _FROM] = None,
    name: Annotated[
        str | None,
        typer.Option(help="With --from: of this hub; each has its own.", show_default="the user, else hub"),
    ] = None,
    user: Annotated[str | None, USER] = None,
    password_file: Annotated[Path | None, PASSWORD_FILE] = None,
    ca: Annotated[Path | None, CA] = None,
    plain: Annotated[bool, PLAIN] = False,
    web: Web = False,
    web_at: WebAt = None,
    web_password: WebPassword = None,
    web_cert: WebCert = None,
    web_key: WebKey = None,
    lsl: Lsl = False,
) -> None:
    """Monitor real sensors: connect, record, show the state of every calf.

    Example: crampwatch live --team team.toml --record today.xdf
    Of gateways: crampwatch live --team team.toml --from mqtts://192.168.1.10:8883 --ca ca.crt --user hub
    --password-file hub.password --wall
    Of other programs: crampwatch live --team team.toml --from lsl: (the sensors' profile is "lsl")
    """
    from monitor.cli.journal import journal_of
    from monitor.cli.live_run import LiveRun
    from monitor.cli.live_source import source_of
    from monitor.last_team import last_team, remember
    from monitor.team import load_team

    page = web_of(web, web_at, web_password, web_cert, web_key)
    path = team or last_team()
    people = load_team(path)
    simulated = radio.startswith(("tcp:127.0.0.1:", "tcp:localhost:"))
    context = journal_of(journal)
    window = wants_window(headless, as_json)
    if sound and window:
        raise typer.BadParameter("a window sounds by itself; without one: --headless", param_hint="--sound")
    source, profiles, told = source_of(
        people,
        radio,
        from_,
        lambda url: access_of(url, user, password_file, ca, plain),
        name or user or "hub",
        simulated=simulated,
    )
    told |= {"webhook": webhook, "sound": (lambda: True) if sound else None, "web": page, "lsl": lsl}
    run = LiveRun(path.stem, "live", simulated, window, as_json, record, seconds, wall, **told)
    with _session(people, profiles, context, baselines) as session, interrupts(window), source:
        remember(path)
        with _markers(markers_udp, source.mark):
            run.play(source, session, profiles)


@contextmanager
def _session(
    people: Team, profiles: Mapping[str, Profile], journal: Journal | None, baselines: Path | None
) -> Iterator[Session]:
    """A session that starts from the baselines of earlier days; after a good end today's are added. None = no file."""
    from monitor.keeping import keep, kept_for
    from monitor.session import Session
    from monitor.settings import Settings

    stored = {} if baselines is None else kept_for(baselines, people, profiles)
    session = Session(people, profiles, Settings(), journal=journal, stored=stored)
    yield session
    if baselines is not None:
        keep(baselines, session, time.time())


def _markers(port: int | None, mark: Callable[[str], None]) -> AbstractContextManager[Any]:
    """A listener for notes of other programs, or nothing."""
    if port is None:
        return nullcontext()
    from monitor.acquisition.udp_markers import UdpMarkers

    return UdpMarkers(port, mark)
