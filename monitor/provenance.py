"""What makes a result reproducible: which bytes went in, by which command, with which versions."""

from __future__ import annotations

import hashlib
import platform
import shlex
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import monitor

_COMPUTING = ("numpy", "scipy", "vqf")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, hexadecimal; of a folder, that of its files' names and hashes. Raises: OSError."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        text = "\n".join(f"{file.relative_to(path).as_posix()} {sha256_of(file)}" for file in files)
        return hashlib.sha256(text.encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def provenance(inputs: Iterable[Path], command: Sequence[str]) -> dict[str, Any]:
    """Keys for a JSON answer. command : program and arguments."""
    return {
        "inputs": [{"file": str(path), "sha256": _known(path)} for path in inputs],
        "versions": versions(),
        "command": shlex.join(command),
    }


def versions() -> dict[str, str]:
    """Of Crampwatch, Python and the libraries that compute."""
    found = {"crampwatch": monitor.__version__, "python": platform.python_version()}
    for name in _COMPUTING:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def _known(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except OSError:
        return None
