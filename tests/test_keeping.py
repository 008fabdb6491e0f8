"""Baselines and recorded sessions, written down and read back."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from leg_rig import TEAM, Told, even_edges, events, played, samples, session

from monitor.acquisition.profile import find, stored
from monitor.context.journal import Journal, recorded_journal
from monitor.errors import CrampwatchError, RecordingError
from monitor.keeping import (
    load_stored,
    save_stored,
    session_facts,
    session_from_header,
    stored_from_list,
    stored_to_list,
)
from monitor.recording.replay import RecordingSource
from monitor.rewriting import header_without, merge, write_session
from monitor.session import Session
from monitor.settings import Settings
from monitor.stored import StoredLeg
from monitor.warning.context import Context

KEY = ("A7", "left")


@cache
def kept() -> StoredLeg:
    return played(samples()).leg.stored()


def plain(stored: StoredLeg) -> str:
    return json.dumps(stored.to_dict(), sort_keys=True)


def test_a_baseline_survives_a_file_exactly(tmp_path: Path):
    path = tmp_path / "a7.json"
    save_stored(path, {KEY: kept()}, "a test")
    again = load_stored(path)
    assert set(again) == {KEY}
    assert plain(again[KEY]) == plain(kept())
    assert kept().emg is not None and kept().calibration is not None


def test_a_baseline_is_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "a7.json"
    save_stored(path, {KEY: kept()}, "a test")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_leg_without_a_baseline_is_kept_as_such(tmp_path: Path):
    path = tmp_path / "a7.json"
    save_stored(path, {KEY: StoredLeg()}, "a test")
    again = load_stored(path)[KEY]
    assert again.emg is None and again.calibration is None


def test_a_calibration_alone_is_kept(tmp_path: Path):
    path = tmp_path / "a7.json"
    save_stored(path, {KEY: StoredLeg(None, kept().calibration)}, "a test")
    assert load_stored(path)[KEY].calibration == kept().calibration


@pytest.mark.parametrize("text", ["", "{", "[]", '{"legs": [{"athlete": "A7"}]}', '{"legs": 3}', '{"legs": [3]}'])
def test_a_damaged_file_is_one_sentence_with_its_name(tmp_path: Path, text: str):
    path = tmp_path / "a7.json"
    path.write_text(text)
    with pytest.raises(CrampwatchError, match=r"cannot read the baselines in .*a7\.json"):
        load_stored(path)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path):
    with pytest.raises(CrampwatchError, match="cannot read the baselines"):
        load_stored(tmp_path / "none.json")


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path):
    with pytest.raises(CrampwatchError, match="cannot write the baselines"):
        save_stored(tmp_path / "none" / "a7.json", {KEY: kept()}, "a test")


@pytest.mark.parametrize("bad", ["truncated", "retyped"])
def test_a_baseline_whose_inside_is_damaged_is_refused_when_read(tmp_path: Path, bad: str):
    (entry,) = stored_to_list({KEY: kept()})
    fit = dict(entry["emg"]["fit"])
    if bad == "truncated":
        del fit["weights"]
    else:
        fit["template"] = "soft"
    path = tmp_path / "a7.json"
    path.write_text(json.dumps({"legs": [entry | {"emg": entry["emg"] | {"fit": fit}}]}))
    with pytest.raises(CrampwatchError, match="cannot read the baselines"):
        load_stored(path)


def one_dead_channel() -> StoredLeg:
    assert kept().emg is not None
    fit = kept().emg.fit  # type: ignore[union-attr]
    dead = {name: getattr(fit, name).copy() for name in ("template", "weights", "effort_weights", "mdf_hz")}
    for array in dead.values():
        array[1] = np.nan
    return replace(kept(), emg=replace(kept().emg, fit=replace(fit, **dead)))  # type: ignore[type-var]


def test_a_baseline_with_one_dead_channel_can_be_kept(tmp_path: Path):
    path = tmp_path / "a7.json"
    save_stored(path, {KEY: one_dead_channel()}, "a test")
    assert plain(load_stored(path)[KEY]) == plain(one_dead_channel())


# the header of a recording ------------------------------------------------------------------------------------------


def header(**changed: Any) -> dict[str, Any]:
    told = session(stored=kept(), speed=8.0)
    return {
        "team": TEAM.model_dump(mode="json"),
        "profiles": {},
        "speed": 8.0,
        "settings": Settings().changed({"trend.watch_level": 0.88}).to_dict(),
        **session_facts(told, {}),
        **changed,
    }


def test_the_session_of_a_recording_is_built_as_it_was():
    again = session_from_header(json.loads(json.dumps(header())))
    assert again.team == TEAM and again.speed == 8.0
    assert again.settings.trend.watch_level == 0.88
    assert plain(again.stored_at_start[KEY]) == plain(kept())


def test_other_settings_may_be_given():
    other = Settings().changed({"trend.watch_level": 0.8})
    assert session_from_header(header(), settings=other).settings == other


def test_profiles_of_a_recording_are_read_from_it():
    umyo = find("umyo")
    team = {"athletes": [{"name": "A7", "sensors": [TEAM.athletes[0].sensors[0].model_dump() | {"profile": "umyo"}]}]}
    kept = json.loads(json.dumps({umyo.key: {"profile": stored(umyo)}}))
    again = session_from_header(header(team=team, profiles=kept, sensor_profiles={"emg": umyo.key}, stored=[]))
    seat = again.seats["emg"]
    assert seat.profile is not None and seat.decoder is not None
    assert seat.profile.model_dump() == umyo.model_dump()


@pytest.mark.parametrize("team", [None, {}, ""])
def test_a_recording_without_a_team_says_what_to_do(team):
    with pytest.raises(RecordingError, match=r"^a\.xdf does not say .*crampwatch analyze"):
        session_from_header(header(team=team), file="a.xdf")


@pytest.mark.parametrize(
    "changed",
    [
        {"team": {"athletes": []}},
        {"team": "A7"},
        {"settings": 5},
        {"profiles": {"umyo": {}}},
        {"speed": "fast"},
        {"stored": [{"athlete": "A7"}]},
        {"stored": [{"athlete": "A7", "leg": "left", "emg": {"labels": 3}}]},
    ],
)
def test_a_damaged_header_is_one_sentence(changed: dict[str, Any]):
    with pytest.raises(RecordingError, match=r"header of a\.xdf is damaged"):
        session_from_header(header(**changed), file="a.xdf")


def test_stored_legs_survive_as_plain_data():
    entries = json.loads(json.dumps(stored_to_list({KEY: kept(), ("A7", "right"): StoredLeg()})))
    again = stored_from_list(entries)
    assert set(again) == {KEY, ("A7", "right")}
    assert plain(again[KEY]) == plain(kept())


# the journal --------------------------------------------------------------------------------------------------------

JOURNAL = Journal.from_dict({"length": "m30", "athletes": {"A7": {"cramp_history": "often"}}})


def test_what_was_said_before_counts_for_the_leg_live_and_in_a_replay():
    live = Session(TEAM, {}, Settings(), journal=JOURNAL)
    again = session_from_header(json.loads(json.dumps(header(**session_facts(live, {})))))
    assert live.legs[0].context == again.legs[0].context == Context(history=True, planned_s=1800.0)
    assert session_from_header(header()).legs[0].context == Context()


def test_what_was_said_before_changes_the_points_of_context(tmp_path: Path):
    emg = {"emg": samples("working", 1, 30.0)["emg"]}
    path = tmp_path / "a.xdf"
    fed = list(events(emg, even_edges(0.5, 30.0)))
    said, silent = (
        Told(Session(TEAM, {}, Settings(), stored={KEY: kept()}, journal=journal)).feed(fed).finish()
        for journal in (JOURNAL, None)
    )
    write_session(fed, header(**session_facts(said.session, {}), settings=Settings().to_dict(), speed=1.0), path)
    with RecordingSource(path) as source:
        again = Told(session_from_header(source.header)).feed(source).finish()
    assert [change.to_dict() for change in again.changes] == [change.to_dict() for change in said.changes]
    points = [told.leg.machine.points["context"] for told in (said, again, silent)]
    assert points[0] == points[1] is not None and points[2] is None


def test_joined_recordings_keep_what_each_athlete_said(tmp_path: Path):
    emg = samples("working", 1, 3.0)["emg"]
    paths = [tmp_path / f"{name}.xdf" for name in ("A7", "B2")]
    for name, path in zip(("A7", "B2"), paths, strict=True):
        sensor = TEAM.athletes[0].sensors[0].model_dump(mode="json") | {"match": f"emg {name}"}
        athlete = {"name": name, "sensors": [sensor]}
        told = {"team": {"athletes": [athlete]}, "stored": [], "epoch_s": 1.8e9, "journal": JOURNAL.to_dict()}
        write_session(events({f"emg {name}": emg}, even_edges(0.5, 3.0)), header(**told), path)
    merge(paths, tmp_path / "both.xdf")
    with RecordingSource(tmp_path / "both.xdf") as source:
        joined = recorded_journal(source.header)
    assert joined is not None
    assert [joined.context(name).history for name in ("A7", "B2")] == [True, None]
    assert joined.context("B2").planned_s == 1800.0
    alone, _ = header_without({"journal": joined.to_dict(), "team": TEAM.model_dump(mode="json")}, "A7")
    assert "A7" not in json.dumps(alone["journal"])
