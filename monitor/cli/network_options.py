"""The options of every command that speaks to a broker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from monitor.network.connection import Access

USER = typer.Option(help="Who you are to the broker.", show_default=False)
PASSWORD_FILE = typer.Option(
    metavar="FILE",
    help="A file whose first line is the password; only you may be able to read it (chmod 600).",
    show_default=False,
)
CA = typer.Option(
    metavar="FILE",
    help="The certificate of the broker's own authority (broker-config writes ca.crt).",
    show_default=False,
)
PLAIN = typer.Option("--plain", help="Allow mqtt://, without encryption, beyond this machine.")


def access_of(url: str, user: str | None, password_file: Path | None, ca: Path | None, plain: bool) -> Access:
    """How to get in. Raises: NetworkError."""
    from monitor.errors import NetworkError
    from monitor.network.address import broker_of
    from monitor.password_file import password_text

    broker = broker_of(url, plain=plain)
    password = None
    if password_file is not None:
        password = password_text(password_file, NetworkError).split("\n", 1)[0].rstrip("\r")
    from monitor.network.connection import Access

    return Access(broker, user, password, ca)
