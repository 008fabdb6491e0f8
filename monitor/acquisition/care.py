"""Looks after one live link: keeps it alive, asks for the battery, lets the sensor draw attention to itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from bleak import BleakClient

from monitor.acquisition import battery
from monitor.acquisition.farewell import LINK_ERRORS, heed_cancellation
from monitor.acquisition.link_model import Step
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.session_clock import SessionClock
from monitor.acquisition.steps import Dialogue


class Care:
    """What is done beside the stream.

    alarmed : set it, and the sensor does its profile's alert steps. told_battery : takes the fraction, None = unknown.
    remark : takes a sentence on what failed.
    """

    def __init__(
        self,
        profile: Profile,
        clock: SessionClock,
        told_battery: Callable[[float | None], None],
        remark: Callable[[str], None],
    ) -> None:
        self.alarmed = asyncio.Event()
        self._profile = profile
        self._clock = clock
        self._told_battery = told_battery
        self._remark = remark

    @contextlib.asynccontextmanager
    async def of(self, dialogue: Dialogue) -> AsyncIterator[None]:
        """Inside the `async with`."""
        tasks = [asyncio.create_task(self._repeat(dialogue, step)) for step in self._profile.step.keepalive]
        if battery.is_asked_for(dialogue.client, self._profile):
            tasks.append(asyncio.create_task(self._ask_battery(dialogue.client)))
        if self._profile.step.alert:
            tasks.append(asyncio.create_task(self._alert_when_alarmed(dialogue)))
        try:
            yield
        finally:
            self.alarmed.clear()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _repeat(self, dialogue: Dialogue, step: Step) -> None:
        while step.every_s is not None:
            await asyncio.sleep(step.every_s / self._clock.speed)
            with contextlib.suppress(*LINK_ERRORS):  # what it is for shows in the packets, which are watched
                await dialogue.run([step])
            heed_cancellation()

    async def _ask_battery(self, client: BleakClient) -> None:
        while True:
            with contextlib.suppress(*LINK_ERRORS):  # a sensor that does not say is unknown, no fault
                self._told_battery(battery.fraction_of(await client.read_gatt_char(battery.LEVEL)))
            heed_cancellation()
            await asyncio.sleep(battery.ASK_EVERY_S / self._clock.speed)

    async def _alert_when_alarmed(self, dialogue: Dialogue) -> None:
        while True:
            await self.alarmed.wait()
            self.alarmed.clear()
            try:
                await dialogue.run(self._profile.step.alert)
            except LINK_ERRORS as error:
                self._remark(f"the alert failed: {error}")
            heed_cancellation()
