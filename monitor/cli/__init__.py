"""The command line. Every command stands in a small file of its own, which is imported when it is called."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.commands import LateCommands
from monitor.cli.printing import make_ready, say
from monitor.errors import CrampwatchError

INTERRUPTED = 130
_NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

app = typer.Typer(
    name="crampwatch",
    cls=LateCommands,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Early calf-cramp warning from wearable EMG and ankle angle. A training aid, not a medical device.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crampwatch {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def crampwatch(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    """Early calf-cramp warning from wearable EMG and ankle angle. A training aid, not a medical device.

    Without a command it opens the start window.
    """
    if context.invoked_subcommand is None:
        from monitor.cli.start import start

        start()


def main() -> None:
    """Run the command line: 0 = done, 1 = failed with one plain sentence, 2 = wrong usage, 130 = interrupted."""
    os.umask(0o077)  # whatever is written here tells of somebody's body: for its owner's eyes alone
    make_ready()
    try:
        app()
    except CrampwatchError as error:
        sys.exit(_sentence(str(error)))
    except KeyboardInterrupt:
        sys.exit(_stopped())
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer has caught Ctrl-C and says nothing
            _stopped()
        raise
    except Exception as error:  # noqa: BLE001 - the one place: no traceback reaches a user, none is lost
        if isinstance(error, OSError) and error.errno in _NO_PLACE:  # of what it prints; files have their own sentences
            sys.exit(_sentence(f"the output cannot be written: {error.strerror}"))
        sys.exit(_sentence(f"a fault in the program: {error!r}; the details are in {_details()}, please report them"))


def _stopped() -> int:
    say("stopped", err=True)
    return INTERRUPTED


def _details() -> str:
    """The traceback, in a file of its own."""
    with tempfile.NamedTemporaryFile("w", prefix="crampwatch-fault-", suffix=".txt", delete=False) as file:
        traceback.print_exc(file=file)
        return file.name


def _sentence(text: str) -> int:
    say(f"crampwatch: {text}", err=True)
    return 1
