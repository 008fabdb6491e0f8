"""New files that are written whole or not at all: half a recording reads as a shorter one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def removed_if_unfinished(*paths: Path | None) -> Iterator[None]:
    """What fails or is interrupted within takes those files and folders away that held nothing before.

    None = not wanted.
    """
    new = [path for path in paths if path is not None and _holds_nothing(path)]
    try:
        yield
    except BaseException:
        for path in new:
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _holds_nothing(path: Path) -> bool:
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))
