"""A file that holds a password: its owner alone may read it, for one that the whole machine knows is none."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from monitor.errors import CrampwatchError


def password_text(path: Path, error: type[CrampwatchError]) -> str:
    """All of the file. Raises: an `error` where it cannot be read, or where others can (not asked on Windows)."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            open_to_others = sys.platform != "win32" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
            text = file.read()
    except (OSError, UnicodeDecodeError) as problem:
        raise error(f"the password file {path} cannot be read: {problem}") from problem
    if open_to_others:
        raise error(f"others can read the password file {path}: chmod 600 {path}")
    return text
