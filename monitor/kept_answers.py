"""Answers of `analyze` in a folder, so that a long run can be taken up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import RecordingError


@dataclass(frozen=True, slots=True)
class Keeping:
    """Calls `work` where no answer is kept. made_by : whatever changes an answer besides the files.

    A file that has another size or time is another file; an answer names its files as the call does. Failures are not
    kept: they are tried again.
    Raises: RecordingError if an answer cannot be written.
    """

    work: Callable[[dict[str, Path]], dict[str, Any]]
    folder: Path
    made_by: str

    def __call__(self, call: dict[str, Path]) -> dict[str, Any]:
        """The answer for the files of one call, kept or made."""
        path = self._path(call)
        kept = _read(path) if path is not None else None
        if kept is not None:
            return _named(kept, call)
        answer = self.work(call)
        if path is not None and "error" not in answer:
            self._write(path, answer)
        return answer

    def _path(self, call: Mapping[str, Path]) -> Path | None:
        """Where its answer is kept; None = its files cannot be seen."""
        try:
            seen = [(role, str(path.resolve()), *_form(path)) for role, path in sorted(call.items())]
        except OSError:
            return None
        return self.folder / f"{hashlib.sha256(json.dumps([self.made_by, seen]).encode()).hexdigest()[:32]}.json"

    def _write(self, path: Path, answer: dict[str, Any]) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(json.dumps(answer, allow_nan=False), encoding="utf-8")
            part.replace(path)
        except OSError as error:
            raise RecordingError(f"cannot keep answers in {self.folder}: {error}") from error


def _named(answer: dict[str, Any], call: Mapping[str, Path]) -> dict[str, Any]:
    """With the names of this call: what was kept may have been called from another folder, or through a link."""
    names = [str(path) for path in call.values()]
    answer = answer | {"file": names[0]}
    if "inputs" in answer:  # of an analysis
        answer["inputs"] = [each | {"file": name} for each, name in zip(answer["inputs"], names, strict=False)]
    if "rows" in answer:  # of a season
        answer["rows"] = [each | {"file": names[0]} for each in answer["rows"]]
    return answer


def _form(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _read(path: Path) -> dict[str, Any] | None:
    """The kept answer; None = there is none, or it is not whole."""
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None
