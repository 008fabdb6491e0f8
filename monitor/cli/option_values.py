"""The choices that a profile leaves open, as words of the command line."""

from __future__ import annotations

import typer


def options_of(given: list[str] | None) -> dict[str, str]:
    """NAME=VALUE as a table. Raises: typer.BadParameter."""
    pairs = [text.partition("=") for text in given or []]
    wrong = next((name for name, equals, value in pairs if not (name and equals and value)), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong!r} is not of the form NAME=VALUE", param_hint="--option")
    return {name: value for name, _, value in pairs}
