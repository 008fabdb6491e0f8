"""A file that a command is to write: known to be possible before the work begins, and never over another file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import typer

from monitor.errors import CrampwatchError
from monitor.tidy import SUFFIXES, dictionary_beside
from monitor.unfinished import drafts


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


def check_new_tables(tables: Mapping[str, Path | None]) -> None:
    """Tables by their options, each with its dictionary. Raises: CrampwatchError, BadParameter."""
    written: set[Path] = set()
    for hint, table in tables.items():
        if table is None:
            continue
        if table.suffix.lower() not in SUFFIXES:
            raise typer.BadParameter(f"end its name in {', '.join(SUFFIXES)}", param_hint=hint)
        check_new(table, "the table")
        check_new(dictionary := dictionary_beside(table), "the table, whose dictionary this is")
        mine = {table, dictionary} - {None}
        if mine & written:
            raise typer.BadParameter("it or its dictionary is the other's; choose another name", param_hint=hint)
        written |= mine


def write_new(path: Path, what: str, text: str) -> None:
    """A new text file, whole or not at all. Raises: CrampwatchError if it cannot be written."""
    try:
        with drafts(path, new=True) as (written,):
            written.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CrampwatchError(f"cannot write {what} {path}: {error.strerror or error}") from error
