"""Watches a live source's events and acts on them, for the tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from radio_rig import Room

from monitor.acquisition.live import LiveSource
from monitor.events import Event, Link, LinkChange

Condition = Callable[[Event], bool]
Deed = Callable[[], object]


def watch(
    source: LiveSource, room: Room, *acts: tuple[Condition, Deed | None], limit_s: float = 20.0, stop: bool = True
) -> list[Event]:
    """Iterate until every act's condition has come true in turn; each then does its deed, in the room's thread.

    An event serves one act. Gives all events; stops the source after the last act, unless it is to go on.
    limit_s: wall seconds.
    """
    events, waiting, end_s = [], list(acts), time.monotonic() + limit_s
    for event in source:
        events.append(event)
        if waiting and waiting[0][0](event):
            deed = waiting.pop(0)[1]
            if deed is not None:
                room.call(deed)
        if not waiting and not stop:
            break
        if not waiting:
            source.stop()
        assert time.monotonic() < end_s, [event for event in events if isinstance(event, LinkChange)]
    return events


def says(sensor: str, link: Link) -> Condition:
    """The sensor's link is said to be so."""
    return lambda event: isinstance(event, LinkChange) and event.sensor == sensor and event.link is link


def all_live(sensors: Iterable[str]) -> Condition:
    """True once every sensor has gone live since it was first asked."""
    missing = set(sensors)

    def asked(event: Event) -> bool:
        if isinstance(event, LinkChange) and event.link is Link.LIVE:
            missing.discard(event.sensor)
        return not missing

    return asked


def after(seconds: float) -> Condition:
    """True once so many session seconds have passed since it was first asked."""
    started: list[float] = []

    def passed(event: Event) -> bool:
        started.append(event.time_s)
        return event.time_s - started[0] >= seconds

    return passed


def changes(events: Iterable[Event], sensor: str) -> list[Link]:
    """Where the sensor's link stood, one after the other."""
    return [event.link for event in events if isinstance(event, LinkChange) and event.sensor == sensor]


def reasons(events: Iterable[Event], link: Link) -> list[str]:
    """What was said with every such change of any sensor's link."""
    return [event.detail for event in events if isinstance(event, LinkChange) and event.link is link]
