"""New files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def removed_if_unfinished(*paths: Path | None) -> Iterator[None]:
    """What fails or is interrupted within takes those files away that were not there before. None = not wanted."""
    new = [path for path in paths if path is not None and not path.exists()]
    try:
        yield
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise
