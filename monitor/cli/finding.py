"""What `doctor` tells of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. works: None = not needed for the main job."""

    what: str
    works: bool | None
    finding: str
    mend: str = ""

    @property
    def word(self) -> str:
        """Works, missing, optional."""
        return "works" if self.works else "missing" if self.works is False else "optional"
