"""The page for a phone at the touchline: its options, the same for `live`, `demo` and `replay`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.errors import WebError

if TYPE_CHECKING:
    from monitor.dashboard.web.plan import WebPlan
    from monitor.snapshot import Snapshot

Web = Annotated[bool, typer.Option("--web", help="Serve a read-only page for a phone: to this machine alone.")]
WebAt = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="Serve it there; the network needs the next three.", show_default=False),
]
WebPassword = Annotated[
    Path | None,
    typer.Option(
        "--web-password-file", metavar="FILE", help="What the page asks for: a file's first line.", show_default=False
    ),
]
WebCert = Annotated[Path | None, typer.Option(metavar="PEM", help="The page's TLS certificate.", show_default=False)]
WebKey = Annotated[Path | None, typer.Option(metavar="PEM", help="The certificate's key.", show_default=False)]


def web_of(
    web: bool, at: str | None, password_file: Path | None, cert: Path | None, key: Path | None
) -> WebPlan | None:
    """How to serve the page; None = it was not asked for. Raises: WebError where it cannot or must not be served."""
    if not web and at is None:
        if password_file or cert or key:
            raise typer.BadParameter(
                "belongs to --web or --web-at", param_hint="--web-password-file, --web-cert, --web-key"
            )
        return None
    if find_spec("aiohttp") is None:
        raise WebError("the page needs aiohttp: pip install 'crampwatch[web]'")
    from monitor.dashboard.web.plan import web_plan

    return web_plan(at, password_file, cert, key)


def serving(
    plan: WebPlan | None, snapshots: Callable[[], Snapshot], elsewhere: Callable[[], Sequence[str]]
) -> AbstractContextManager[Any]:
    """The page while a session runs, its address told; or nothing. elsewhere : what calls besides the page now."""
    return nullcontext() if plan is None else _serving(plan, snapshots, elsewhere)


@contextmanager
def _serving(
    plan: WebPlan, snapshots: Callable[[], Snapshot], elsewhere: Callable[[], Sequence[str]]
) -> Iterator[None]:
    from monitor.dashboard.web.server import WebServer

    with WebServer(plan, snapshots, elsewhere) as server:
        typer.echo(f"the page is at {server.address}; no alarm depends on it", err=True)
        yield
