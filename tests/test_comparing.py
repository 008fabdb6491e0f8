"""Baselines from day to day: for the same leg, channels, sensor and place, and with words for what is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from leg_rig import TEAM, Told, even_edges, events, samples

from monitor.acquisition.profile import find
from monitor.comparing import baseline_notes, comparable
from monitor.dashboard import words
from monitor.errors import CrampwatchError
from monitor.keeping import keep, kept_for, load_stored, save_stored
from monitor.session import Session
from monitor.settings import Settings
from monitor.stored import StoredLeg, Worn
from monitor.team import Team, load_team, team_text
from monitor.view import leg_view

KEY = ("A7", "left")
SETTINGS = Settings().changed({"baseline.start_s": 2})
ON_THE_BULGE = Worn("umyo", "GM on the bulge", 1.8e9)


def team(placement: str = "") -> Team:
    sensor = TEAM.athletes[0].sensors[0].model_copy(update={"placement": placement})
    return Team(athletes=(TEAM.athletes[0].model_copy(update={"sensors": (sensor,)}),))


def played(stored: StoredLeg | None = None, placement: str = "GM on the bulge", until_s: float = 30.0) -> Told:
    session = Session(team(placement), {}, SETTINGS, stored={KEY: stored} if stored else None)
    emg = {"emg": samples("working", 1, 60.0)["emg"]}
    fed = (event for event in events(emg, even_edges(0.5, 60.0)) if event.time_s <= until_s)
    return Told(session).feed(fed).finish()


@cache
def learnt() -> Told:
    return played(until_s=60.0)


def kept(worn: Worn = ON_THE_BULGE) -> StoredLeg:
    return replace(learnt().session.stored()[KEY], worn=worn)


@pytest.mark.parametrize(
    "today,usable,word",
    [
        (Worn("umyo", "GM  on the BULGE"), True, "of 2027-01-15: another skin temperature"),
        (Worn("umyo"), True, "tells the places"),
        (Worn("myo", "GM on the bulge"), False, "another sensor (umyo; today myo)"),
        (Worn("umyo", "GM at a third"), False, "another placement (GM on the bulge; today GM at a third)"),
    ],
)
def test_the_same_sensor_in_the_same_place_is_comparable(today: Worn, usable: bool, word: str):
    stored, (note,) = comparable(kept(), today)
    assert stored is not None and (stored.emg is not None) == usable
    assert stored.calibration == kept().calibration
    assert word in note


def test_what_was_never_told_is_used_and_doubted():
    stored, (note,) = comparable(kept(Worn()), ON_THE_BULGE)
    assert stored is not None and stored.emg is not None
    assert "of an earlier session" in note and "tells the places" in note
    assert comparable(None, ON_THE_BULGE) == (None, ()) and comparable(StoredLeg(), ON_THE_BULGE)[1] == ()


def test_a_leg_starts_from_a_baseline_of_its_place_and_learns_its_own_elsewhere():
    here, elsewhere = (played(kept(replace(ON_THE_BULGE, profile="")), place) for place in ("GM on the bulge", "GL"))
    assert here.state_at(2.0) == "OK" and elsewhere.state_at(2.0) == "CALIBRATING"
    assert "of 2027-01-15" in baseline_notes(here.leg)[0] and "not comparable" in baseline_notes(elsewhere.leg)[0]
    assert here.session.stored()[KEY].worn.made_s == 1.8e9, "what was not learnt today is of its own day"
    assert elsewhere.session.stored()[KEY].worn == Worn("simulated", "GL")
    begun = Session(team("GL"), {}, SETTINGS, stored={KEY: kept(replace(ON_THE_BULGE, profile=""))}).legs[0]
    assert "not comparable" in words.course(leg_view(begun)), "a screen says so before the first sample"
    here.leg.restart_baseline()
    assert baseline_notes(here.leg) == ()


def test_a_file_holds_a_baseline_for_each_place(tmp_path: Path):
    path, here = tmp_path / "kept.json", team("GM on the bulge")
    assert kept_for(path, here, {}) == {}
    keep(path, learnt().session, 1.8e9)
    there = replace(kept(), worn=Worn("simulated", "GL", 1.9e9))
    both = json.loads(path.read_text())["legs"] + [{"athlete": "A7", "leg": "left"} | there.to_dict()]
    path.write_text(json.dumps({"legs": both}))
    assert kept_for(path, here, {})[KEY].worn.made_s == 1.8e9, "older, but of this place"
    assert kept_for(path, team("GL"), {})[KEY].worn.made_s == 1.9e9
    assert kept_for(path, team(), {})[KEY].worn.made_s == 1.9e9, "nothing is told: the newest"
    assert kept_for(path, team("SOL"), {})[KEY].worn.made_s == 1.9e9, "none fits: the newest, to say why it does not"
    keep(path, learnt().session, 2.0e9)
    assert sorted(entry["worn"]["made_s"] for entry in json.loads(path.read_text())["legs"]) == [1.9e9, 2.0e9]
    path.write_text("{}")
    with pytest.raises(CrampwatchError, match="cannot read the baselines"):
        kept_for(path, here, {})


def test_relaxation_and_place_survive_the_file(tmp_path: Path):
    path = tmp_path / "kept.json"
    save_stored(path, {KEY: kept()}, "a test")
    assert load_stored(path)[KEY].worn == ON_THE_BULGE
    old = json.loads(path.read_text())
    del old["legs"][0]["worn"], old["legs"][0]["emg"]["relaxation"]
    path.write_text(json.dumps(old))
    assert load_stored(path)[KEY].worn == Worn(), "files of before are read"


def test_the_profile_of_a_sensor_counts_with_its_variant():
    umyo = find("umyo")
    session = Session(team(), {"emg": umyo}, Settings())
    assert session.stored()[KEY].worn.profile == umyo.key


def test_a_team_file_tells_the_placement(tmp_path: Path):
    path = tmp_path / "team.toml"
    path.write_text(team_text(team('GM: 2/3 of the "bulge"')))
    assert load_team(path) == team('GM: 2/3 of the "bulge"')
