"""`crampwatch broker-config`: what a mosquitto needs to serve a squad."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def broker_config(
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder for it.", show_default=False)],
    host: Annotated[
        list[str],
        typer.Option(
            help="How gateways and hubs call the broker's machine: a name or an address; may be given again.",
            show_default=False,
        ),
    ],
    user: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GATEWAY", help="A gateway's name, again for each. [default: gw1 gw2]", show_default=False
        ),
    ] = None,
    hub: Annotated[
        list[str] | None,
        typer.Option(metavar="HUB", help="A hub's name, again for each. [default: hub]", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it listens, with TLS alone.")] = 8883,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Until its certificate expires.")] = 730,
) -> None:
    """Write a mosquitto configuration that starts as it is: TLS with an authority of its own, users, who may do what.

    Example: crampwatch broker-config --out broker --host 192.168.1.10
    Then: mosquitto -c broker/mosquitto.conf
    """
    from monitor.network.broker_config import write_broker_config

    gateways, hubs = user or ["gw1", "gw2"], hub or ["hub"]
    passwords = write_broker_config(out, host, gateways, hubs, port=port, days=days)
    typer.echo(f"wrote {out}; start the broker with: mosquitto -c {out / 'mosquitto.conf'}", err=True)
    typer.echo(f"take {out / 'ca.crt'} to every gateway and hub, and to each its own password:", err=True)
    for path in passwords:
        typer.echo(f"  {path}", err=True)
    typer.echo(f"keep {out / 'ca.key'} away from the broker: it makes further certificates", err=True)
