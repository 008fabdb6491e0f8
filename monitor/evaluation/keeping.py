"""Tracks of judged sessions in a folder, so that a long run can be taken up again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from monitor.errors import EvaluationError
from monitor.evaluation.tracks import AthleteSession, LegTrack, Passing, TrueCramp


def keep(folder: Path | None, made_by: str, name: int | str, session: AthleteSession) -> None:
    """Write one session's tracks. made_by : whatever changes them; name : the seed, or that of a recording.

    Raises: EvaluationError if it cannot be written.
    """
    if folder is None:
        return
    arrays: dict[str, Any] = {"about": np.array(json.dumps(_about(session)))}
    for number, track in enumerate(session.legs):
        arrays |= {f"{number}/state": track.state, f"{number}/good": track.good}
        arrays |= {f"{number}/score/{name}": score.astype(np.float32) for name, score in track.scores.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.part.npz"
        np.savez_compressed(part, **arrays)
        part.replace(_path(folder, made_by, name))
    except OSError as error:
        raise EvaluationError(f"cannot keep tracks in {folder}: {error}") from error


def kept(folder: Path | None, made_by: str, name: int | str) -> AthleteSession | None:
    """One session's tracks of an earlier run that was made by the same; None = there are none.

    Raises: EvaluationError if they are damaged.
    """
    path = None if folder is None else _path(folder, made_by, name)
    if path is None or not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return _session(json.loads(str(arrays["about"])), arrays)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise EvaluationError(f"{path} is damaged ({error}); remove it and run again") from error


def _path(folder: Path, made_by: str, name: int | str) -> Path:
    return folder / f"{name}-{hashlib.sha256(made_by.encode()).hexdigest()[:8]}.npz"


def _about(session: AthleteSession) -> dict[str, Any]:
    return {
        "name": session.name,
        "athlete": session.athlete,
        "duration_s": session.duration_s,
        "families": session.families,
        "passing": [dataclasses.asdict(each) for each in session.passing],
        "cramps": [dataclasses.asdict(cramp) for cramp in session.cramps],
        "legs": [{"leg": track.leg, "first_s": track.first_s, "scores": list(track.scores)} for track in session.legs],
    }


def _session(about: dict[str, Any], arrays: Any) -> AthleteSession:
    legs = tuple(
        LegTrack(
            leg["leg"],
            leg["first_s"],
            arrays[f"{number}/state"],
            arrays[f"{number}/good"],
            {name: arrays[f"{number}/score/{name}"].astype(np.float64) for name in leg["scores"]},
        )
        for number, leg in enumerate(about["legs"])
    )
    cramps = tuple(TrueCramp(**cramp) for cramp in about["cramps"])
    passing = tuple(Passing(**each) for each in about["passing"])
    name, athlete, duration_s = about["name"], about["athlete"], about["duration_s"]
    return AthleteSession(name, athlete, duration_s, legs, cramps, tuple(about["families"]), passing)
