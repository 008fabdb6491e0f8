"""New files that are written whole or not at all: half a recording reads as a shorter one."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = ".unfinished-"


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


@contextmanager
def drafts(*paths: Path, new: bool = False) -> Iterator[list[Path]]:
    """Names to write to instead, in a folder beside; what was written there is moved to its place when all is done.

    A process that is killed within leaves no half file under the wanted names, and older ones stay as they were.
    paths : of one folder. new : never over what is there. Raises: OSError, FileExistsError.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=paths[0].parent, ignore_cleanup_errors=True) as folder:
        written = [Path(folder) / path.name for path in paths]
        yield written
        with removed_if_unfinished(*paths):
            for draft, path in reversed(list(zip(written, paths, strict=True))):
                if draft.exists():
                    _move(draft, path, new=new)


def is_draft(path: Path) -> bool:
    """Whether it was left by a process that was killed while it wrote: such a recording may be a half one."""
    return any(part.startswith(_PREFIX) for part in path.parts)


def _move(draft: Path, path: Path, *, new: bool) -> None:
    if new and not _holds_nothing(path):
        raise FileExistsError(errno.EEXIST, "it exists already and is never overwritten", str(path))
    if path.is_dir():
        for each in draft.iterdir():
            each.replace(path / each.name)
    else:
        draft.replace(path)


def _holds_nothing(path: Path) -> bool:
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))
