"""What is kept about a pseudonym, found in folders, and how it is deleted.

A file that is this athlete's alone is deleted; one that others share is written anew without it.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import CrampwatchError, RecordingError, TeamError
from monitor.importing.edf import OWN
from monitor.recording.xdf_read import open_recording
from monitor.rewriting import header_without, without
from monitor.table_rows import without_rows
from monitor.team import load_team, team_text

_MAX_JSON_BYTES = 200_000_000
_DATA_SUFFIXES = (".bdf", ".edf", ".tsv")
_BY_NAME = ("athletes", "by_athlete")  # what stands under these keys stands by name, where it is no list
_PARTICIPANTS = "participants.tsv"  # of a BIDS data set; it is mended with its subjects
_TEXTS = (".csv", ".htm", ".html", ".json", ".jsonl", ".log", ".md", ".svg", ".toml", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is kept. what : in plain words; shared : others are in it, so it is written anew."""

    path: Path
    what: str
    shared: bool
    forget: Callable[[], None]


def find(athlete: str, folders: Iterable[Path]) -> list[Found]:
    """All that these folders (and files) keep about an athlete: recordings, exports, team files, baselines, tables."""
    found: dict[Path, Found] = {}
    for path in _files(folders):
        for finder in _FINDERS:
            try:
                hit = finder(path, athlete)
            except (CrampwatchError, ImportError, OSError, ValueError, KeyError, TypeError, AttributeError):
                continue  # no file of the kind that this finder knows
            if hit is not None:
                found.setdefault(hit.path, hit)
                break
    datasets = [path for path, hit in found.items() if path.is_dir()]
    return [hit for path, hit in found.items() if not any(inside in path.parents for inside in datasets)]


def unread(folders: Iterable[Path]) -> list[Path]:
    """The files that cannot be looked into: nobody knows what they keep."""
    return [path for path in _files(folders) if not _opens(path)]


def named(athlete: str, folders: Iterable[Path], found: Iterable[Found]) -> list[Path]:
    """Other files that have the name in theirs, and texts, such as reports, that hold it: a person has to look."""
    known = {path for hit in found for path in (hit.path, hit.path.parent / _PARTICIPANTS, *_samples_of(hit.path))}
    word = re.compile(rf"(?<!\w)({re.escape(athlete)}|{re.escape(html.escape(athlete))})(?!\w)")
    others = (path for path in _files(folders) if not known.intersection((path, *path.parents)))
    return [path for path in others if word.search(path.name.replace("_", " ")) or _holds(path, word)]


def _holds(path: Path, word: re.Pattern[str]) -> bool:
    if path.suffix.lower() not in _TEXTS or not _opens(path) or path.stat().st_size > _MAX_JSON_BYTES:
        return False
    return word.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def _opens(path: Path) -> bool:
    try:
        path.open("rb").close()
    except OSError:
        return False
    return True


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_file():
            yield folder
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _recording(path: Path, athlete: str) -> Found | None:
    if ".xdf" not in path.suffixes:
        return None
    torn = path.suffix != ".xdf"
    with open_recording(path, mend=False) as recording:
        names = _names(recording.header)
    if athlete not in names:
        return None
    if torn or len(names) == 1:
        return Found(path, "recording" if not torn else "damaged original of a recording", False, path.unlink)
    others = ", ".join(sorted(names - {athlete}))
    return Found(path, f"recording with {others}", True, lambda: _renew(path, lambda new: without(path, athlete, new)))


def _names(header: dict[str, Any]) -> set[str]:
    return {each["name"] for each in (header.get("team") or {}).get("athletes", [])}


def _team(path: Path, athlete: str) -> Found | None:
    if path.suffix != ".toml":
        return None
    try:
        team = load_team(path)
    except TeamError:
        return None
    kept = tuple(each for each in team.athletes if each.name != athlete)
    if len(kept) == len(team.athletes):
        return None
    if not kept:
        return Found(path, "team file", False, path.unlink)
    text = team_text(team.model_copy(update={"athletes": kept}))
    return Found(path, "team file with others", True, lambda: _replace(path, text))


def _json(path: Path, athlete: str) -> Found | None:
    """Baselines, answers of `analyze --json`, and the descriptions beside exported files."""
    if path.suffix not in (".json", ".jsonl") or path.stat().st_size > _MAX_JSON_BYTES:
        return None
    text = path.read_text(encoding="utf-8")
    if json.dumps(athlete)[1:-1] not in text and athlete not in text:
        return None
    try:
        records = [json.loads(text)]
    except ValueError:
        records = [json.loads(line) for line in text.splitlines() if line.strip()]
    if len(records) == 1 and isinstance(records[0].get(OWN), dict):
        return _export(path, records[0], athlete)
    left = _without_entries(records, athlete)
    if left == records:
        return None
    if not any(_people(left)):
        return Found(path, "baselines or results", False, path.unlink)
    lines = "\n".join(json.dumps(record) for record in left) + "\n"
    return Found(path, "baselines or results with others", True, lambda: _replace(path, lines))


def _without_entries(value: Any, athlete: str) -> Any:
    """JSON without the entries of this athlete in any list, and by name."""
    if isinstance(value, dict):
        kept = {key: _without_entries(each, athlete) for key, each in value.items()}
        named = {key: each for key, each in kept.items() if key in _BY_NAME and isinstance(each, dict)}
        return kept | {key: {n: said for n, said in each.items() if n != athlete} for key, each in named.items()}
    if isinstance(value, list):
        others = [each for each in value if not (isinstance(each, dict) and each.get("athlete") == athlete)]
        return [_without_entries(each, athlete) for each in others]
    return value


def _people(value: Any) -> Iterator[str]:
    """The athletes of all entries in JSON."""
    if isinstance(value, dict) and isinstance(value.get("athlete"), str):
        yield value["athlete"]
    for key in _BY_NAME if isinstance(value, dict) else ():
        yield from value[key] if isinstance(value.get(key), dict) else ()
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _people(each)


def _export(path: Path, record: dict[str, Any], athlete: str) -> Found | None:
    own = record[OWN]
    header, gone = header_without(own.get("header") or {}, athlete)
    if not gone:
        return None
    dataset = next((folder for folder in path.parents if (folder / "dataset_description.json").is_file()), None)
    if dataset and own.get("source") in gone:
        subject = dataset / path.relative_to(dataset).parts[0]
        return Found(subject, "subject of a BIDS data set", False, lambda: _forget_subject(dataset, subject))
    if own.get("source") in gone:
        return Found(path, "exported samples", False, lambda: _forget_pair(path))
    states = [state for state in own.get("states") or [] if state.get("athlete") != athlete]
    text = json.dumps(record | {OWN: own | {"header": header, "states": states}}, indent=1)
    return Found(path, "description of an export with others", True, lambda: _replace(path, text))


def _samples_of(path: Path) -> list[Path]:
    """The files that a description of exported samples can stand beside."""
    return [path.with_suffix(suffix) for suffix in _DATA_SUFFIXES]


def _forget_pair(path: Path) -> None:
    for samples in _samples_of(path):
        samples.unlink(missing_ok=True)
    path.unlink()


def _forget_subject(dataset: Path, subject: Path) -> None:
    shutil.rmtree(subject)
    people = dataset / _PARTICIPANTS
    if people.is_file():
        lines = people.read_text(encoding="utf-8").splitlines()
        _replace(people, "\n".join(line for line in lines if line.split("\t")[0] != subject.name) + "\n")


def _table(path: Path, athlete: str) -> Found | None:
    """A table of `analyze` or `season`, by its column athlete."""
    left = without_rows(path, athlete)
    if left is None:
        return None
    n_others, write = left
    if n_others:
        return Found(path, "table with others", True, lambda: _renew(path, write))
    return Found(path, "table", False, path.unlink)


def _arrays(path: Path, athlete: str) -> Found | None:
    """An exported NPZ or MAT, which holds a whole session."""
    if path.suffix not in (".npz", ".mat"):
        return None
    from monitor.importing.formats import read_file

    names = _names(read_file(path).header)
    if athlete not in names:
        return None
    if len(names) > 1:
        return Found(path, "exported session with others: delete it and export the recording again", False, path.unlink)
    return Found(path, "exported session", False, path.unlink)


_FINDERS = (_recording, _team, _json, _table, _arrays)


def _renew(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file anew, in one step. write : writes to the path that it is given. Raises: RecordingError."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            new = Path(folder) / path.name
            write(new)
            new.chmod(path.stat().st_mode & 0o777)
            new.replace(path)
    except OSError as error:
        raise RecordingError(f"cannot write {path}: {error}") from error


def _replace(path: Path, text: str) -> None:
    _renew(path, lambda new: new.write_text(text, encoding="utf-8"))
