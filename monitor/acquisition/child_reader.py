"""Other libraries read files of unknown origin in a child process with limits: it may crash, this one does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.errors import TableError

Arrays = dict[str, NDArray[np.generic]]

MEMORY_BYTES = 6_000_000_000  # of address space; pyarrow alone maps more than one of them
LONGEST_S = 300
_META = "meta as JSON"
_BEGINNINGS = {"edf": b"0       ", "bdf": b"\xffBIOSEMI", "parquet": b"PAR1", "hdf5": b"\x89HDF"}


def read_in_child(library: str, path: Path) -> tuple[dict[str, Any], Arrays]:
    """What the function `library` of `foreign_libraries` finds in a file: JSON facts, and arrays by name.

    Raises: TableError with the library's reason, or the command that installs it.
    """
    from monitor.acquisition.foreign_libraries import needs

    needs(library)
    _check_beginning(library, path)
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.npz"
        command = [sys.executable, "-P", "-m", __name__, library, str(path.resolve()), str(found)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, env=_environment(), check=False)
        except subprocess.TimeoutExpired:
            raise TableError(f"{path} took longer than {LONGEST_S} s to read; it is damaged or far too long") from None
        if done.returncode == 0 and found.exists():
            with np.load(found, allow_pickle=False) as arrays:
                kept = {name: arrays[name] for name in arrays.files}
            return json.loads(kept.pop(_META).tobytes()), kept
        raise TableError(f"{path} is no {library} file that can be read ({_reason(done)}); export it again")


def _check_beginning(library: str, path: Path) -> None:
    expected = _BEGINNINGS.get(library, b"")
    with path.open("rb") as file:
        if file.read(len(expected)) != expected:
            raise TableError(f"{path} is no {library} file: it does not begin as one; export it again")


def _environment() -> dict[str, str]:
    """This very package, whatever folder the command was started in."""
    import monitor

    home = str(Path(monitor.__file__).parent.parent)
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else f"its reader stopped with {done.returncode}"


def _limit() -> None:
    """Bounded memory and time, where the system knows how."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))


def _main(library: str, path: str, found: str) -> None:
    from monitor.acquisition import foreign_libraries

    _limit()
    meta, arrays = getattr(foreign_libraries, f"read_{library}")(path)
    text = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    np.savez(found, **{_META: text, **arrays})


if __name__ == "__main__":
    _main(*sys.argv[1:])
