"""The files of an export: named after their streams, never over another file, all of them or none."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.unfinished import drafts

_PROBLEMS = {
    errno.ENOSPC: "the disk is full; make room, or choose another place",
    errno.EDQUOT: "the disk quota is used up; make room, or choose another place",
    errno.EFBIG: "the disk takes no file that large; choose another place",
}
_CUT_SHORT = re.compile(r"\d+ requested and \d+ written")  # NumPy's words, without errno


def names_of(path: Path, streams: Sequence[Chunk]) -> list[Path]:
    """PATH for one stream, else PATH with source and signal in each name; a number tells equal ones apart."""
    if len(streams) == 1:
        return [path]
    names: dict[str, Path] = {}  # by what a disk that knows no capitals makes of it
    for chunk in streams:
        told = (re.sub(r"[^\w.-]+", "-", text).strip("-") for text in (chunk.stream.source_id, chunk.stream.name))
        stem = found = "_".join([path.stem, *filter(None, told)])
        number = 2
        while found.casefold() in names:
            found, number = f"{stem}_{number}", number + 1
        names[found.casefold()] = path.with_name(found + path.suffix)
    return list(names.values())


@contextmanager
def all_or_none(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Where to write new files, which come to their places when all are whole (see `drafts`).

    Raises: TableError where one is there already.
    """
    for file in files:
        if file.exists():
            raise TableError(f"{file} exists already and is never overwritten; choose another name")
    with drafts(*files, new=True) as written:
        yield written


def cause(error: OSError) -> str:
    """Why a file could not be written, in plain words."""
    if _CUT_SHORT.search(str(error)):
        return "the disk took only a part of it, so it is full; make room, or choose another place"
    return _PROBLEMS.get(error.errno or 0) or error.strerror or str(error)
