"""Where the data files are that come with the program: the profiles and the sample recordings."""

from __future__ import annotations

from pathlib import Path

from monitor.errors import CrampwatchError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `firmware_profiles` or `recordings`: inside an installed package, else beside it in a checkout.

    Raises: CrampwatchError if the installation has lost it.
    """
    for candidate in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise CrampwatchError(f"the folder {name!r} is missing from this installation; install Crampwatch again")


def recording(path: Path) -> Path:
    """The same path; or, for the bare name of a sample recording ("cramp") and no file of that name, the sample."""
    if path.suffix or len(path.parts) != 1 or path.exists():
        return path
    sample = folder("recordings") / f"{path}.xdf"
    return sample if sample.is_file() else path


def guides() -> dict[str, Path]:
    """The guides by name."""
    return {path.stem: path for path in sorted((_PACKAGE / "guides").glob("*.md"))}
