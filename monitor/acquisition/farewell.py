"""How a link ends: with a farewell so far as it can be said, and its errors in one plain sentence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine

from bleak import BleakClient
from bleak.exc import BleakError

from monitor.acquisition.adapters import Air
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.radio import adapter_is_gone, service_is_another
from monitor.acquisition.steps import Dialogue
from monitor.errors import LinkError

LINK_ERRORS = (LinkError, BleakError, OSError, EOFError)  # a TimeoutError is an OSError
_FAREWELL_S = 1.0


async def let_go(air: Air, client: BleakClient, profile: Profile) -> None:
    """Say goodbye. A link that is lost already is given back too: the system keeps a place for each client."""
    if client.is_connected:
        await _farewell(air, Dialogue(client, profile, _nobody_listens).run(profile.step.stop))
    stood = client.is_connected
    error = await _farewell(air, client.disconnect())
    if stood and error is not None and service_is_another(error):
        air.radio.lost.set()


async def _farewell(air: Air, words: Coroutine[None, None, None]) -> Exception | None:
    """Do it so far as it can be done; the error, if there was one."""
    try:
        async with asyncio.timeout(_FAREWELL_S):
            await words
    except LINK_ERRORS as error:
        if adapter_is_gone(error):
            air.radio.lost.set()
        return error
    return None


def _nobody_listens(char: str, payload: bytearray) -> None:
    """Stop steps subscribe to nothing; a packet here has nobody to go to."""


@contextlib.asynccontextmanager
async def link_errors(air: Air, what: str) -> AsyncIterator[None]:
    """Around what is done on a link. Raises: LinkError, `what` and why; a lost adapter is noted."""
    try:
        yield
    except LinkError:
        raise
    except LINK_ERRORS as error:
        if adapter_is_gone(error):
            air.radio.lost.set()
        raise LinkError(f"{what}: {str(error) or 'no answer in time'}") from error


async def to_the_end(work: Coroutine[None, None, None]) -> None:
    """Do it to its end, even if the task is cancelled meanwhile; the cancellation comes after it."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def heed_cancellation() -> None:
    """Raises: CancelledError if the task was cancelled and does not know it.

    asyncio.wait_for of Python 3.11, under bumble's GATT requests, loses a cancellation that comes with the answer.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
