"""Standard output and error as a command finds them: closed, full, no longer read, of a console of few letters."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import typer


def make_ready() -> None:
    """Every stream is there and takes every letter: one that is closed leads nowhere, a strict console gets escapes."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # so that no file gets the number of one
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - stays
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def say(line: str, *, err: bool = False) -> None:
    """A line beside what must go on: if it cannot be printed, standard error says so once, and the others are left out.

    err : to standard error.
    """
    try:
        typer.echo(line, err=err)
    except OSError as error:
        _lead_nowhere(sys.stderr if err else sys.stdout)
        if not err:
            say(f"nothing more is printed ({error.strerror or error}); the session goes on, Ctrl-C ends it", err=True)


def _lead_nowhere(stream: TextIO) -> None:
    """What waits in it, too, so that the interpreter does not stumble over it when it ends."""
    with suppress(OSError):  # without a descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
