"""`crampwatch guide`: the guides, printed."""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

from monitor.shipped import guides


def guide(
    name: Annotated[
        str | None, typer.Argument(help="Which; without it the guides are listed.", show_default=False)
    ] = None,
) -> None:
    """Print a guide: for the athlete, the scientist, the coach; Python; security and privacy.

    Example: crampwatch guide athlete
    """
    found = guides()
    if name is None:
        for each, path in found.items():
            title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
            typer.echo(f"{each:<12}{title}")
        return
    if name not in found:
        raise typer.BadParameter(f"one of {', '.join(found)}", param_hint="NAME")
    text = re.sub(r"<!--.*?-->\n", "", found[name].read_text(encoding="utf-8"))
    if not sys.stdout.isatty():
        typer.echo(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
