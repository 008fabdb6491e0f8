"""A D-Bus of the tests' own."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def private_bus(daemon: str, folder: Path) -> Iterator[str]:
    """Runs a dbus-daemon that nothing else talks to, its socket in the folder; gives its address."""
    command = [daemon, "--session", f"--address=unix:path={folder}/bus", "--nofork", "--nopidfile", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            yield address
        finally:
            process.terminate()
