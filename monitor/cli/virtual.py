"""`crampwatch virtual`: virtual sensors alone."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.acquisition.profile_model import Profile
    from monitor.simulation.faults import Fault


def virtual(
    profile: Annotated[str, typer.Option(metavar="ID", help="The profile that they speak; see `profiles list`.")],
    variant: Annotated[str | None, typer.Option(help="Their variant; none: the default.", show_default=False)] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="As in `profiles decode`.", show_default=False)
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FAULT",
            help="What goes wrong with each: drop%10, stall@20-25, disconnect@30.",
            show_default=False,
        ),
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=30, help="How many.")] = 1,
    radio: Annotated[
        str,
        typer.Option(
            metavar="SPEC",
            help="listen:PORT (HCI on a loopback socket, 0 = any port), usb:0 or serial:PORT.",
        ),
    ] = "listen:0",
    seconds: Annotated[float | None, typer.Option(min=0.1, help="End after so long.", show_default=False)] = None,
) -> None:
    """Virtual sensors alone, for other programs or on a real adapter. They run until Ctrl-C.

    Example: crampwatch virtual --profile umyo --count 2
    """
    import asyncio

    from monitor.acquisition.profile import find
    from monitor.cli.option_values import options_of
    from monitor.simulation.faults import Fault

    faults = [Fault.parse(text) for text in fault or ()]
    chosen = find(profile, variant, options_of(option))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(chosen, count, radio, seconds, faults))


async def _serve(profile: Profile, count: int, radio: str, seconds: float | None, faults: Sequence[Fault]) -> None:
    import asyncio

    from monitor.simulation.standalone import standalone

    async with standalone(profile, count, radio, faults) as where:
        typer.echo(f"SIMULATED: {count} x {profile.model} at {where}")
        if where.startswith("tcp:"):
            typer.echo(f"to hear them: crampwatch scan --radio {where}", err=True)
        await asyncio.sleep(seconds) if seconds is not None else await asyncio.Event().wait()
