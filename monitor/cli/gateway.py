"""`crampwatch gateway`: near the athletes, without a window: record, and publish over MQTT."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.network_options import CA, PASSWORD_FILE, PLAIN, USER, access_of
from monitor.cli.options import Radio, Seconds, Sound, TeamFile
from monitor.cli.printing import say

if TYPE_CHECKING:
    from monitor.network.connection import Access


def gateway(
    to: Annotated[str, typer.Option(metavar="mqtts://HOST:PORT", help="The broker.", show_default=False)],
    team: TeamFile = None,
    name: Annotated[
        str | None, typer.Option(help="Of this gateway; each has its own.", show_default="the user, else gw1")
    ] = None,
    user: Annotated[str | None, USER] = None,
    password_file: Annotated[Path | None, PASSWORD_FILE] = None,
    ca: Annotated[Path | None, CA] = None,
    plain: Annotated[bool, PLAIN] = False,
    radio: Radio = "os",
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Its own recording; without it gateway-NAME-TIME.xdf here.", show_default=False
        ),
    ] = None,
    seconds: Seconds = None,
    sound: Sound = False,
) -> None:
    """Headless near the athletes: connect the sensors, record, and publish what they say over MQTT.

    The one engine that counts is the hub's (`crampwatch live --from`). While no hub is there, this machine's own tells
    its alarms, marked as local; with --sound an athlete who trains alone hears them on headphones.

    Example: crampwatch gateway --team team.toml --to mqtts://192.168.1.10:8883 --ca ca.crt --user gw1
    --password-file gw1.password
    """
    from monitor.last_team import last_team

    name = name or user or "gw1"
    access = access_of(to, user, password_file, ca, plain)
    record = record or Path(f"gateway-{name}-{time.strftime('%Y%m%d-%H%M%S')}.xdf")
    _publish(team or last_team(), name, access, radio, record, seconds, sound)


def _publish(
    team: Path, name: str, access: Access, radio: str, record: Path, seconds: float | None, sound: bool
) -> None:
    """Record and publish to the end. Raises: CrampwatchError."""
    from monitor.acquisition.live import LiveSource
    from monitor.acquisition.team_profiles import team_profiles
    from monitor.cli.live_run import LiveRun
    from monitor.cli.pair import tell_budget
    from monitor.network.gateway import HEARTBEAT_S, Gateway, LocalStates
    from monitor.network.messages import checked_name
    from monitor.network.ownership import Ownership
    from monitor.session import Session
    from monitor.settings import Settings
    from monitor.team import load_team

    people = load_team(team)
    profiles = team_profiles(people)
    simulated = radio.startswith(("tcp:127.0.0.1:", "tcp:localhost:"))
    tell_budget(people, radio)
    own = Ownership(checked_name(name))
    keys = {sensor: profile.key for sensor, profile in profiles.items()}
    taking: Any = {"may_take": own.may_take, "on_heard": own.hear}
    with (
        LiveSource(people, radio, simulated=simulated, heartbeat_s=HEARTBEAT_S, **taking) as source,
        Gateway(source, access, own, keys, simulated=simulated) as post,
    ):
        typer.echo(f"gateway {name}: recording to {record}, publishing to {access.broker}", err=True)
        local = LocalStates(post.publisher, say)
        about = {"gateway": {"name": name, "run": post.publisher.run, "states": "local"}}
        told: dict[str, Any] = {"record": record, "until_s": seconds, "about": about, "quiet": True}
        told |= {"watchers": (post.publisher, local), "lines": post.lines}
        told |= {"sound": (lambda: not post.publisher.hub_is_there) if sound else None}
        run = LiveRun(team.stem, "gateway", simulated, window=False, as_json=False, **told)
        run.play(post, Session(people, profiles, Settings()), profiles)
