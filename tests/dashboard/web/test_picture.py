"""What the page is told: the words of the wall, nothing of the signals."""

from __future__ import annotations

import json
from dataclasses import replace

from fakes import FakeSession

from monitor.dashboard.states import STATES, state_look
from monitor.dashboard.web.picture import Pictures
from monitor.snapshot import AlertView

SQUAD = FakeSession(athletes=("A1", "A2", "A3"), states=("OK", "WATCH", "OK", "OK", "OK", "CRAMP"))


class Wall:
    now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def test_a_tile_says_what_the_wall_says() -> None:
    pictures = Pictures()
    pictures.take(SQUAD.at(600.0))
    shown = pictures.wall()
    tiles = {tile["name"]: tile for tile in shown["athletes"]}
    assert list(tiles) == ["A3", "A2", "A1"], "who cramps stands in front"
    assert [leg["word"] for leg in tiles["A1"]["legs"]] == [state_look("OK").short, state_look("WATCH").short]
    assert tiles["A3"]["look"] == "CRAMP"
    assert [(first["athlete"], first["side"]) for first in shown["first"]] == [("A3", "right"), ("A1", "right")]
    assert shown["simulated"]


def test_every_state_has_a_word_a_shape_and_a_look_of_its_own() -> None:
    pictures = Pictures()
    pictures.take(FakeSession(athletes=tuple(STATES), legs=("left",), states=tuple(STATES)).at(600.0))
    legs = [tile["legs"][0] for tile in pictures.wall()["athletes"]]
    for part in ("word", "shape", "look"):
        assert len({leg[part] for leg in legs}) == len(STATES), part


def test_a_state_of_a_later_version_is_shown_as_unknown() -> None:
    one = FakeSession(legs=("left",)).at(600.0)
    pictures = Pictures()
    pictures.take(replace(one, legs=(replace(one.legs[0], state="NEW"),)))
    assert pictures.wall()["athletes"][0]["legs"][0]["look"] == "UNKNOWN"


def test_time_that_stands_still_makes_the_picture_old() -> None:
    wall = Wall()
    pictures = Pictures(wall=wall)
    for _ in range(2):
        pictures.take(SQUAD.at(600.0))
        wall.now_s += 5.0
    shown = pictures.wall()
    assert shown["frozen"]
    assert {leg["look"] for tile in shown["athletes"] for leg in tile["legs"]} == {"OLD"}
    assert not shown["alarms"] and not shown["first"]
    assert "what you see is old" in shown["notice"]
    assert pictures.athlete("A1")["legs"][0]["headline"] == "Not updating"


def test_an_alarm_waits_until_somebody_has_seen_it_at_the_wall() -> None:
    pictures, alert = Pictures(), AlertView("A3", "right", "CRAMP", 590.0, 1)
    pictures.take(replace(SQUAD.at(600.0), alerts=(alert,)))
    (alarm,) = pictures.wall()["alarms"]
    assert (alarm["athlete"], alarm["leg"], alarm["state"], alarm["sent"]) == ("A3", "right", "CRAMP", 1)
    pictures.take(replace(SQUAD.at(602.0), alerts=(replace(alert, seen=True),)))
    assert not pictures.wall()["alarms"]


def test_where_alarms_go_is_asked_anew_for_each_picture() -> None:
    places = ["the wall"]
    pictures = Pictures(lambda: places)
    pictures.take(SQUAD.at(600.0))
    assert pictures.wall()["elsewhere"] == ["the wall"]
    places[:] = ["the wall (silent)", "the sensors"]
    pictures.take(SQUAD.at(601.0))
    assert pictures.wall()["elsewhere"] == ["the wall (silent)", "the sensors"]


def test_one_athlete_has_reasons_facts_and_sensors() -> None:
    pictures = Pictures()
    pictures.take(SQUAD.at(600.0))
    shown = pictures.athlete("A1")
    left, right = shown["legs"]
    assert "2 % below the baseline" in left["reasons"].replace("\N{NO-BREAK SPACE}", " ")
    assert right["facts"]["Fatigue"].startswith("MDF 101")
    assert right["trend"][-1][1] < -5 and len(right["trend"]) <= 91
    assert shown["links"] and all(link["word"] for link in shown["links"])
    assert not pictures.athlete("nobody")["legs"]


def test_no_signal_leaves_the_computer_and_all_of_it_is_json() -> None:
    pictures = Pictures()
    pictures.take(SQUAD.at(600.0))
    assert len(json.dumps(pictures.wall(), allow_nan=False)) < 4000
    assert len(json.dumps(pictures.athlete("A1"), allow_nan=False)) < 8000
