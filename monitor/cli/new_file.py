"""A file that a command is to write: known to be possible before the work begins, and never over another file."""

from __future__ import annotations

import os
from pathlib import Path

from monitor.errors import CrampwatchError


def check_new(path: Path | None, what: str, suffix: str = "") -> None:
    """Raises: CrampwatchError if the file is there already or cannot be written. None = not wanted."""
    if path is None:
        return
    if suffix and path.suffix.lower() != suffix:
        raise CrampwatchError(f"{what} is a {suffix} file, {path} is none; choose a name that ends in {suffix}")
    if path.exists():
        raise CrampwatchError(f"{path} exists already and is never overwritten; choose another name for {what}")
    if not path.parent.is_dir():
        raise CrampwatchError(f"the folder {path.parent} for {what} does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise CrampwatchError(f"the folder {path.parent} for {what} cannot be written to; choose one of your own")


def write_new(path: Path, what: str, text: str) -> None:
    """A new text file, whole or not at all begun. Raises: CrampwatchError if it cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CrampwatchError(f"cannot write {what} {path}: {error.strerror or error}") from error
