"""New recordings out of old ones: without an athlete, or several of one session together. The old ones stay."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.chunk import Chunk
from monitor.context.journal import Answers, Journal, recorded_journal
from monitor.errors import RecordingError
from monitor.events import Decoded, Event, Heartbeat, Marker
from monitor.keeping import session_from_header
from monitor.network.clock_marks import is_clock_mark, joined_origins, told_origins
from monitor.network.owners import Owners
from monitor.recording.backlog import Entry
from monitor.recording.recorder import as_lines
from monitor.recording.replay import RecordingSource
from monitor.recording.session_file import SessionFile, problem
from monitor.recording.xdf_index import JOURNAL
from monitor.session import change_to_dict

_EVENTS_PER_WRITE = 200


def without(path: Path, athlete: str, out: Path) -> None:
    """The recording without a pseudonym: without its sensors' bytes and samples, states, baselines and the notes.

    Notes may name anyone, so none is kept. Raises: RecordingError.
    """
    with RecordingSource(path) as source:
        header, gone = header_without(source.header, athlete)
        events = (e for e in source if not isinstance(e, Marker) and getattr(e, "sensor", None) not in gone)
        write_session(events, header, out)


def header_without(header: dict[str, Any], athlete: str) -> tuple[dict[str, Any], set[str]]:
    """A header without a pseudonym, and the sensors that go with it."""
    team = header.get("team") or {"athletes": []}
    gone = {s["match"] for each in team["athletes"] if each["name"] == athlete for s in each["sensors"]}
    kept = [each for each in team["athletes"] if each["name"] != athlete]
    facts = {name: key for name, key in (header.get("sensor_profiles") or {}).items() if name not in gone}
    stored = [entry for entry in header.get("stored") or [] if entry.get("athlete") != athlete]
    placed = {name: place for name, place in (header.get("placement") or {}).items() if name not in gone}
    title = str(header.get("title", "")).replace(athlete, "someone")
    changed = {"team": {**team, "athletes": kept}, "sensor_profiles": facts, "stored": stored, "placement": placed}
    if journal := recorded_journal(header):
        others = {name: said for name, said in journal.athletes.items() if name != athlete}
        changed["journal"] = replace(journal, athletes=others).to_dict()
    return header | changed | {"title": title}, gone


def merge(paths: Sequence[Path], out: Path) -> list[Path]:
    """Recordings of one session by several computers as one, on the clock of the one that began first.

    Gateways' recordings (of one team) tell how their clocks stood against the hub's, and of each sensor the gateway
    that had it counts; others are put together by the time of day at which each began. Returns: those others.
    Raises: RecordingError where they hold the same athlete or sensor twice, or do not say when they began.
    """
    with ExitStack() as stack:
        sources = [stack.enter_context(RecordingSource(path)) for path in paths]
        headers = [source.header for source in sources]
        header = _joined(paths, headers)
        day_s = [float(each["epoch_s"]) * (each.get("speed") or 1.0) for each in headers]
        begins_s, by_day = joined_origins([told_origins(_notes(source)) for source in sources], day_s)
        header |= {"merged_by_time_of_day": [paths[number].name for number in by_day]} if by_day else {}
        origin_s = min(begins_s)
        shifted = [
            _named(path, _later(source, begin_s - origin_s))
            for path, source, begin_s in zip(paths, sources, begins_s, strict=True)
        ]
        owners, in_order = Owners(), heapq.merge(*shifted, key=lambda each: each[1].time_s)
        write_session((event for path, event in in_order if owners.passes(path, event)), header, out)
    return [paths[number] for number in by_day]


def _named(path: Path, events: Iterable[Event]) -> Iterator[tuple[Path, Event]]:
    """Events with the recording that they come from, without what only joins recordings."""
    return ((path, event) for event in events if not (isinstance(event, Marker) and is_clock_mark(event.text)))


def _notes(source: RecordingSource) -> Iterator[str]:
    """The texts that were noted in a recording."""
    lines = source.recording.texts(JOURNAL.name) if source.recording.sealed else ()
    return (str(json.loads(text)[1]) for _, text in lines if text.startswith('["marker"'))


def _joined(paths: Sequence[Path], headers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = dict(headers[0])
    athletes: dict[str, dict[str, Any]] = {}
    runs: set[object] = set()
    for path, header in zip(paths, headers, strict=True):
        if not header.get("team") or not header.get("epoch_s"):
            raise RecordingError(f"{path} does not say who wore what, or when it began; it cannot be merged")
        if header["settings"] != first["settings"] or header.get("speed") != first.get("speed"):
            raise RecordingError(f"{path} was recorded with other settings than {paths[0]}; they cannot be merged")
        run = (header.get("gateway") or {}).get("run")  # each gateway of a squad has the whole team
        for athlete in header["team"]["athletes"]:
            known = athletes.get(athlete["name"])
            if known is not None and not (run is not None and run not in runs and known == athlete):
                raise RecordingError(f"{athlete['name']!r} is in {path} and in another one; nothing is merged twice")
            athletes[athlete["name"]] = athlete
        runs.add(run)
        for key in ("profiles", "sensor_profiles", "placement"):
            first[key] = {**(first.get(key) or {}), **(header.get(key) or {})}
    said = {name: answers for header in headers for name, answers in _answers(header)}
    first |= {"journal": Journal(athletes=said).to_dict()} if said else {}
    stored = [entry for header in headers for entry in header.get("stored") or []]
    first["stored"] = [entry for number, entry in enumerate(stored) if entry not in stored[:number]]
    first["epoch_s"] = min(float(header["epoch_s"]) for header in headers)
    first.pop("gateway", None)
    return first | {"team": {"athletes": list(athletes.values())}, "merged_from": [path.name for path in paths]}


def _answers(header: dict[str, Any]) -> Iterator[tuple[str, Answers]]:
    """What each athlete of a recording said before it."""
    journal = recorded_journal(header)
    if journal is None:
        return
    for athlete in header["team"]["athletes"]:
        yield athlete["name"], journal.of(athlete["name"])


def _later(events: Iterable[Event], by_s: float) -> Iterator[Event]:
    for event in events:
        moved = replace(event, time_s=event.time_s + by_s)
        if isinstance(moved, Decoded):
            moved = replace(moved, chunk=replace(moved.chunk, time_s=moved.chunk.time_s + by_s))
        yield moved


def write_session(events: Iterable[Event], header: dict[str, Any], out: Path) -> None:
    """Record events as a session does: what is decoded from them and the states are computed anew."""
    session = session_from_header(header)
    file = SessionFile(out, header)
    first = as_lines([change_to_dict(change) for change in session.first_changes], 0.0)
    batch = [Entry(Heartbeat(0.0), (), first)]
    try:
        for event in events:
            outcome = session.feed(event)
            batch.append(_entry(event, outcome.chunks, outcome.changes))
            if len(batch) >= _EVENTS_PER_WRITE:
                file.write(batch)
                batch = []
        last = session.finish()
        file.write([*batch, _entry(Heartbeat(session.now_s), last.chunks, last.changes)])
        file.finish()
    except OSError as error:
        raise RecordingError(f"cannot write {out}: {problem(error)}") from error
    finally:
        file.close()


def _entry(event: Event, chunks: Sequence[Chunk], changes: Sequence[Any]) -> Entry:
    return Entry(event, tuple(chunks), as_lines([change_to_dict(change) for change in changes], event.time_s))
