"""Where a live session comes from: the radio, gateways behind a broker, or other programs' LSL streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import typer

from monitor.events import Event

if TYPE_CHECKING:
    from monitor.acquisition.profile_model import Profile
    from monitor.network.connection import Access
    from monitor.team import Team


class Source(Protocol):
    """What a live session needs of its source: the radio's, a gateway's, a hub's; open in a `with`.

    clock : of the session.
    """

    clock: Any

    def __enter__(self) -> object: ...
    def __exit__(self, *_: Any) -> None: ...
    def __iter__(self) -> Iterator[Event]: ...

    def behind_s(self, session_s: float) -> float:
        """How far an engine that has come to `session_s` is behind what has come, session seconds."""
        ...

    def mark(self, text: str) -> None:
        """Note something now, from any thread."""
        ...

    def alert(self, source_id: str) -> None:
        """Let a sensor draw attention to itself, from any thread."""
        ...

    def stop(self) -> None:
        """End the iteration, from any thread."""
        ...


Opened = tuple[Source, "Mapping[str, Profile]", dict[str, Any]]


def source_of(
    people: Team, radio: str, from_: str | None, access: Callable[[str], Access], name: str, *, simulated: bool
) -> Opened:
    """The source, not begun; the profiles by source_id; what else a `LiveRun` is told of it.

    from_ : None = the radio; "lsl:", or a broker's address, to which `access` gives the way in; name : of this hub.
    """
    from monitor.acquisition.team_profiles import team_profiles

    if from_ is not None and from_.startswith("lsl:"):
        return _lsl(people)
    profiles = team_profiles(people)
    if from_ is not None:
        from monitor.network.hub import HubSource

        keys = {sensor: profile.key for sensor, profile in profiles.items()}
        hub = HubSource(access(from_), name, keys)
        return hub, profiles, {"lines": hub.lines, "dress": hub.dress, "about": hub.about}
    from monitor.acquisition.live import LiveSource
    from monitor.cli.pair import tell_budget

    tell_budget(people, radio)
    return LiveSource(people, radio, simulated=simulated), profiles, {}


def _lsl(people: Team) -> Opened:
    from monitor.acquisition.lsl_library import OPEN_TO_ALL
    from monitor.acquisition.lsl_source import LslSource

    source = LslSource(people)
    typer.echo(OPEN_TO_ALL, err=True)
    return source, {}, {}
