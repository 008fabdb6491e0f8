"""Supervisors at work in a room, for the tests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

from radio_rig import Room, profile_of, until

from monitor.acquisition.adapters import Adapters, Air
from monitor.acquisition.profile import Profile
from monitor.acquisition.session_clock import SessionClock
from monitor.acquisition.supervisor import Supervisor
from monitor.events import Event, Link, LinkChange


class Keeper:
    """Supervisors at work in a room, and what they told."""

    def __init__(self, room: Room, supervisors: dict[str, Supervisor], events: list[Event], adapters: Adapters):
        self.room, self.supervisors, self.events, self.adapters = room, supervisors, events, adapters

    def links(self, sensor: str) -> list[Link]:
        return [event.link for event in self.events if isinstance(event, LinkChange) and event.sensor == sensor]

    def details(self, link: Link) -> list[str]:
        return [event.detail for event in self.events if isinstance(event, LinkChange) and event.link is link]

    async def until_live(self, *sensors: str) -> None:
        await until(lambda: all(self.supervisors[sensor].link is Link.LIVE for sensor in sensors), 10)


@contextlib.asynccontextmanager
async def keeping(air, room: Room, profiles: Mapping[str, str | Profile] | None = None) -> AsyncIterator[Keeper]:
    """A supervisor for each sensor of the room (or of `profiles`), on one adapter."""
    clock, events = SessionClock(room.speed), []
    supervisors = {
        name: Supervisor(name, profile_of(profile), clock, events.append)
        for name, profile in (profiles or room.names).items()
    }
    async with air.radio(room) as radio:
        adapters = Adapters(frozenset(supervisors))
        shared = Air(radio, adapters.sightings)
        adapters.join(shared)
        async with radio.scanner(lambda device, heard: adapters.sightings.hear(device, heard, shared)):
            tasks = [asyncio.create_task(supervisor.run(adapters)) for supervisor in supervisors.values()]
            keeper = Keeper(room, supervisors, events, adapters)
            try:
                yield keeper
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await asyncio.sleep(0.02)
