"""Who wears which sensor: the one that moves when asked, and only if it is clear."""

from __future__ import annotations

import numpy as np
import pytest
from radio_rig import Room

from monitor.acquisition.in_range import InRange
from monitor.acquisition.link_budget import adapters_needed, advice, link_budget
from monitor.acquisition.live import LiveSource
from monitor.acquisition.pairing import EMG, MOTION, Watching, candidates, verdict
from monitor.acquisition.profile import find
from monitor.acquisition.seating import Seating
from monitor.acquisition.team_profiles import team_profiles
from monitor.cli.pair import assigned
from monitor.cli.pair_dialog import Dialog
from monitor.errors import LinkError, TeamError
from monitor.team import Athlete, Sensor, Team, load_team, save_team


def heard(name, profile="umyo", address="C4:00:00:00:00:01"):
    return InRange(name, address, -60, profile, find(profile).model, None)


@pytest.mark.parametrize(
    ("spreads", "kinds", "sensor"),
    [
        ({"a": 9.0, "b": 1.1}, EMG, "a"),
        ({"a": 9.0, "b": 5.1}, EMG, None),  # two did it: whose was it?
        ({"a": 2.0, "b": 1.1}, EMG, None),  # that may have been a breath
        ({"a": 9.0}, EMG, "a"),
        ({}, EMG, None),
        ({"a": 50.0, "b": 200.0}, MOTION, "b"),  # b is noisy at rest, and yet it moved most
    ],
)
def test_the_one_that_moves_clearly_is_the_one(spreads, kinds, sensor):
    rest = {"a": 1.0, "b": 1.0 if kinds == EMG else 30.0}
    assert verdict(spreads, rest, kinds).sensor == sensor


def test_sensors_of_one_name_are_called_by_their_address():
    team, found = candidates(
        [heard("uMyo-A1"), heard("Myo", "myo", "C4:00:00:00:00:02"), heard("Myo", "myo", "C4:00:00:00:00:03")]
    )
    assert set(found) == {"uMyo-A1", "C4:00:00:00:00:02", "C4:00:00:00:00:03"}
    assert len(team.athletes) == 3


def test_places_are_given_without_asking():
    found = [heard("uMyo-A1"), heard("WT=1", "witmotion", "C4:00:00:00:00:02")]
    team = assigned(found, ["A1"], ["uMyo-A1=left:emg+shank", "WT=1=left:foot", "C4:00:00:00:00:01=B2/right:emg"][:2])
    (athlete,) = team.athletes
    assert [(s.match, s.profile, s.leg, s.roles) for s in athlete.sensors] == [
        ("uMyo-A1", "umyo", "left", ("emg", "shank")),
        ("WT=1", "witmotion", "left", ("foot",)),
    ]
    assert assigned(found, [], ["C4:00:00:00:00:01=B2/right:emg"]).athletes[0].sensors[0].match == "uMyo-A1"
    with pytest.raises(TeamError, match="two emg"):
        assigned([*found, heard("u2", address="C4:00:00:00:00:09")], ["A1"], ["uMyo-A1=left:emg", "u2=left:emg"])


class Still:
    """Signals of a sensor that is still until it is shaken."""

    shaken = False

    def __init__(self, seed):
        self.seed = seed

    def emg(self, rate_hz, n_channels):
        return Noise(self, rate_hz, n_channels, 4.0)

    def imu(self, rate_hz):
        return Noise(self, rate_hz, 6, 0.02)

    def quat(self, rate_hz):
        return Noise(self, rate_hz, 4, 0.02)


class Noise:
    def __init__(self, still, rate_hz, n_channels, size):
        self.still, self.rate_hz, self.n_channels, self.size, self.next = still, rate_hz, n_channels, size, 0
        self.random = np.random.default_rng(still.seed)

    def read(self, n_samples):
        index = np.arange(self.next, self.next + n_samples)
        self.next += n_samples
        size = self.size * (30 if self.still.shaken else 1)
        return index / self.rate_hz, size * self.random.standard_normal((n_samples, self.n_channels))

    def seek(self, time_s):
        self.next = int(np.ceil(time_s * self.rate_hz))


def test_a_conversation_finds_who_wears_what(tmp_path):
    names = {"uMyo-1": "umyo", "uMyo-2": "umyo", "WT-1": "witmotion"}
    room = Room(names)
    room.signals_of = {name: Still(number) for number, name in enumerate(names)}
    everyone, found = candidates([heard(name, profile, name) for name, profile in names.items()])
    wearers = {"left calf": "uMyo-2", "right calf": "uMyo-1", "left foot": "WT-1"}
    answers, said = ["", "x", ""], []

    def ask(question):
        if question.startswith("Press Enter, then"):
            for place, name in wearers.items():
                room.signals_of[name].shaken = place in question
            return "" if any(place in question for place in wearers) else "s"
        return answers.pop(0) if answers else ""

    with LiveSource(everyone, room) as source, Watching(source, team_profiles(everyone)) as watching:
        seating = Seating(watching, found, team_profiles(everyone), act_s=1.2, still_s=0.8)
        dialog = Dialog(seating, ask, said.append)
        dialog.connect()
        dialog.seat("A1", ["left", "right"])
    save_team(seating.team(), tmp_path / "team.toml")
    placed = {(s.leg, role): s.match for s in load_team(tmp_path / "team.toml").athletes[0].sensors for role in s.roles}
    assert placed["left", "emg"] == "uMyo-2"
    assert placed["right", "emg"] == "uMyo-1"
    assert placed["left", "foot"] == "WT-1"
    with pytest.raises(TeamError, match="cannot write"):
        save_team(seating.team(), tmp_path / "team.toml")


def test_a_conversation_with_nobody_ends_with_one_sentence():
    everyone, found = candidates([heard("uMyo-1")])
    with LiveSource(everyone, Room({})) as source, Watching(source, team_profiles(everyone)) as watching:
        watching.wait_until_live = lambda seconds: []
        with pytest.raises(LinkError, match="no sensor streams"):
            Dialog(Seating(watching, found, team_profiles(everyone)), lambda _: "", lambda _: None).connect()


def squad(n_players, legs=("left", "right")):
    return Team(
        athletes=tuple(
            Athlete(
                name=f"P{n}",
                sensors=tuple(Sensor(match=f"u{n}{leg}", profile="umyo", leg=leg, roles=("emg",)) for leg in legs),
            )
            for n in range(n_players)
        )
    )


def test_the_link_budget_is_said_before_the_training():
    team = squad(23)
    profiles = {name: umyo(5) for name in team_profiles(team)}
    budget = link_budget(team, profiles, "os")
    assert str(budget) == "23 players, both legs, 46 sensors: need 10 adapters; you have 1"
    assert not budget.enough and "--radio" in advice(budget, "os")
    enough = link_budget(squad(1, ("left",)), {"u0left": umyo(None)}, "os:hci0,os:hci1")
    assert str(enough) == "1 player, 1 leg, 1 sensor: need 1 adapter (assumed: 7 links each); you have 2"
    assert enough.enough and advice(enough, "os") == ""


def umyo(links):
    profile = find("umyo")
    return profile.model_copy(update={"link": profile.link.model_copy(update={"max_per_adapter": links})})


@pytest.mark.parametrize(("shares", "n"), [([], 0), ([1 / 3] * 3, 1), ([1 / 3] * 4, 2), ([0.6, 0.6, 0.4, 0.4], 2)])
def test_links_are_packed_onto_as_few_adapters_as_hold_them(shares, n):
    assert adapters_needed(shares) == n
