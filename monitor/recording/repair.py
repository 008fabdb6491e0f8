"""Mending a recording whose end is torn, so that every XDF reader can open it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl


def claim(file: int | BinaryIO) -> bool:
    """Take the file for writing alone; False if somebody else writes it, or if nobody can tell."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def trim(path: Path, end: int) -> Path | None:
    """Cut a file to its first `end` bytes; the whole original stays beside it as FILE.torn (FILE.torn2, ...).

    None if it was left as it is: it is being recorded right now, or the folder does not let itself be written.
    """
    try:
        with path.open("r+b") as file:
            if not claim(file):
                return None
            kept = _keep(path, file)
            file.truncate(end)
            os.fsync(file.fileno())
            return kept
    except OSError:
        return None


def _keep(path: Path, file: BinaryIO) -> Path:
    """Copy the file beside itself under a free name, safely on the disk before anything is cut."""
    number = 1
    while True:
        kept = path.with_name(f"{path.name}.torn{number if number > 1 else ''}")
        try:
            copy = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError:
            number += 1
            continue
        break
    with os.fdopen(copy, "wb") as target:
        try:
            shutil.copyfileobj(file, target, 1_000_000)
            target.flush()
            os.fsync(target.fileno())
        except OSError:
            kept.unlink()
            raise
    return kept
