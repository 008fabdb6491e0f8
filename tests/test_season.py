"""A season: counts that are counts, differences only where the sessions suffice, and no more than they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from monitor import shipped
from monitor.cli import app
from monitor.errors import CrampwatchError
from monitor.report.season import season_page
from monitor.report.svg import Plot
from monitor.season import FEWEST, TOO_FEW, difference, field_of, lines, rate_ratio, season
from monitor.season_rows import _began, _row, entries, session_rows


def row(number: int, boots: str | None, fatigue: float | None = -1.0, **more: Any) -> dict[str, Any]:
    said = {} if boots is None else {"footwear": boots.split("+")}
    made = {"athlete": "A7", "leg": "left", "file": f"{number:03d}.xdf", "epoch_s": 1000.0 * number, "hours": 1.0}
    made |= {"fatigue_pct_per_min": fatigue, "end_reading_pct": -8.0, "watches": 1, "warnings": 0, "cramps": 0}
    made |= {"until_s": None, "first_warning_h": None, "first_cramp_h": None}
    return made | {"journal": said} | more


def sessions(boots: str, count: int, mean: float, first: int, warnings: int = 0) -> list[dict[str, Any]]:
    wobble = np.random.default_rng(first).normal(0.0, 0.2, count)
    return [row(first + i, boots, mean + float(x), warnings=warnings) for i, x in enumerate(wobble)]


def test_a_few_sessions_say_nothing() -> None:
    found = season([*sessions("new", FEWEST - 1, -3.0, 0), *sessions("usual", 30, -1.0, 50)], "footwear")
    (pair,) = found["by"]["athletes"][0]["pairs"]
    assert pair["verdict"] == TOO_FEW and "fatigue_pct_per_min" not in pair
    assert any(line.endswith(f"n = {FEWEST - 1} and 30: {TOO_FEW}") for line in lines(found))


def test_one_condition_alone_says_nothing() -> None:
    (athlete,) = season(sessions("usual", 20, -1.0, 0), "footwear")["by"]["athletes"]
    assert (athlete["pairs"], athlete["verdict"]) == ([], TOO_FEW)


def test_a_true_difference_is_found_with_its_interval() -> None:
    rows = [*sessions("new", 12, -2.0, 0, warnings=3), *sessions("usual", 12, -1.0, 50)]
    (pair,) = season(rows, "footwear")["by"]["athletes"][0]["pairs"]
    assert pair["fatigue_pct_per_min"]["ci"][0] < -1.0 < pair["fatigue_pct_per_min"]["ci"][1] < 0
    assert (
        "fatigue comes faster with new" in pair["verdict"]
        and "fewer sessions with warnings with usual" in pair["verdict"]
    )
    assert pair["warnings_rate_ratio"]["ratio"] is None, "12 against none: how many times as many is not known"
    assert pair["warnings_rate_ratio"]["counts"] == [12, 0]
    (line,) = [line for line in lines(season(rows, "footwear")) if "against" in line]
    assert "sessions with warnings: only with the first (2.7" in line and "to no limit)" in line
    assert line.endswith(f"sessions with cramps: {TOO_FEW}")


def test_where_nothing_differs_little_is_found() -> None:
    """Of 200 pairs without a difference at most as many as 95 % allow are called different."""
    rng = np.random.default_rng(5)
    called = 0
    for _ in range(200):
        told = difference(rng.normal(-1, 0.4, 8).tolist(), rng.normal(-1, 0.8, 14).tolist())
        assert told is not None
        called += not told["ci"][0] <= 0 <= told["ci"][1]
    assert called <= 20


def test_more_pairs_have_wider_intervals() -> None:
    first, second = [-1.0, -1.2, -0.9, -1.1, -1.3, -0.8], [-1.4, -1.5, -1.2, -1.6, -1.1, -1.3]
    alone, among = difference(first, second), difference(first, second, pairs=6)
    assert alone is not None and among is not None
    assert among["ci"][0] < alone["ci"][0] and among["ci"][1] > alone["ci"][1]


def test_more_pairs_have_wider_intervals_of_ratios() -> None:
    alone, among = rate_ratio([12, 3], [20.0, 20.0]), rate_ratio([12, 3], [20.0, 20.0], pairs=6)
    assert alone is not None and among is not None and alone["ratio"] == among["ratio"]
    assert among["ci"][0] < alone["ci"][0] and among["ci"][1] > alone["ci"][1]
    boots = [*sessions("new", 8, -1.0, 0, warnings=1), *sessions("usual", 8, -1.0, 50)]
    two, three = (
        season([*boots, *others], "footwear")["by"]["athletes"][0]["pairs"]
        for others in ([], sessions("old", 8, -1.0, 90))
    )
    of_three = next(pair for pair in three if {pair["a"], pair["b"]} == {"new", "usual"})
    assert of_three["warnings_rate_ratio"]["ci"][0] < two[0]["warnings_rate_ratio"]["ci"][0]


def test_warnings_of_one_session_are_one_observation() -> None:
    rows = [*sessions("new", 8, -1.0, 0, warnings=4), *sessions("usual", 8, -1.0, 50, warnings=1)]
    both = [*rows, *({**one, "leg": "right"} for one in rows)]
    (pair,) = season(both, "footwear")["by"]["athletes"][0]["pairs"]
    assert (pair["warnings_rate_ratio"]["counts"], pair["warnings_rate_ratio"]["ratio"]) == ([8, 8], 1.0)
    (line,) = [line for line in lines(season(both, "footwear")) if "against" in line]
    assert "sessions with warnings: 1.00 x as often (0.3" in line


def drawn(rng: np.random.Generator, boots: str, count: int, hours: float, first: int) -> list[dict[str, Any]]:
    """Sessions in which a warning comes twice an hour, whatever the boots."""
    found = []
    for number in range(first, first + count):
        at_h = np.cumsum(rng.exponential(0.5, 40))
        came = [float(each) for each in at_h if each < hours]
        told = {"warnings": len(came), "first_warning_h": came[0] if came else None}
        found.append(row(number, boots, -1.0 + float(rng.normal(0.0, 0.3)), hours=hours, **told))
    return found


def test_long_sessions_do_not_seem_to_warn_less() -> None:
    """Nearly every session warns: that one kind lasts twice as long says nothing of how soon it does."""
    rng, called, times = np.random.default_rng(8), 0, 150
    for _ in range(times):
        rows = [*drawn(rng, "match", 30, 1.5, 0), *drawn(rng, "training", 30, 0.75, 50)]
        (pair,) = season(rows, "footwear")["by"]["athletes"][0]["pairs"]
        low, high = pair["warnings_rate_ratio"]["ci"]
        called += not low <= 1.0 <= high
    assert called <= 0.08 * times


def test_a_recording_of_the_same_time_is_the_same_session() -> None:
    hub = [{**one, "until_s": one["epoch_s"] + 900} for one in sessions("new", 3, -1.0, 0, warnings=1)]
    seen = [{**one, "file": f"gw-{one['file']}", "hours": 0.5} for one in hub]
    gateways = [{**one, "leg": leg} for one in seen for leg in ("left", "right")]
    silent = [{**one, "file": f"off-{one['file']}", "hours": 0.0} for one in hub]
    found = season([*gateways, *hub, *silent], "footwear")
    legs = found["athletes"][0]["legs"]
    assert [leg["sessions"] for leg in legs] == [3, 3] and [leg["warnings"] for leg in legs] == [3, 3]
    assert found["by"]["athletes"][0]["conditions"] == [{"condition": "new", "sessions": 3}], "two legs, one session"
    told = [line for line in lines(found) if line.startswith("left out")]
    assert "left out: gw-000.xdf, A7 left: recorded beside another recording of it" in told
    assert "left out: off-000.xdf, A7 left: no signal" in told and len(told) == 6
    assert "n = 3" in list(lines(found))[-1] and "<td>3</td>" in season_page(found | {"failures": []}, hub)
    others = [{**one, "athlete": "not said", "file": str(number)} for number, one in enumerate([*hub, *hub])]
    assert season(others)["sessions"] == 6, "who is not named may be anybody"


def test_hours_are_those_with_a_signal(tmp_path: Path) -> None:
    states = [(0.0, "CALIBRATING"), (600.0, "NO_SIGNAL"), (1800.0, "OK"), (2400.0, "WARN"), (3000.0, "CRAMP")]
    told = [{"time_s": time_s, "state": state} for time_s, state in states]
    leg = {"athlete": "A7", "leg": "left", "channels": [], "states": told}
    (tmp_path / "a.xdf").touch()
    found = _row(leg, {"from_s": 0.0, "to_s": 3600.0, "journal": {}}, tmp_path / "a.xdf", 5.0, None)
    hours = [3600 * found[name] for name in ("hours", "first_warning_h", "first_cramp_h")]
    assert hours == pytest.approx([2400.0, 1200.0, 1800.0])


def test_when_a_recording_was_made_is_wall_time() -> None:
    assert _began({"epoch_s": 1000.0, "speed": 10.0}, 600.0) == (1000.0, 1060.0)
    assert _began({"epoch_s": float("nan")}, 600.0) == _began({}, 600.0) == (None, None)


def test_rates_are_compared_per_hour() -> None:
    told = rate_ratio([10, 10], [10.0, 20.0])
    assert told is not None and told["ratio"] == pytest.approx(2.0)
    assert told["ci"][0] < 2.0 < told["ci"][1]
    assert rate_ratio([0, 0], [10.0, 10.0]) is None
    none = rate_ratio([0, 5], [10.0, 10.0])
    assert none is not None and none["ratio"] == 0.0 and none["ci"][0] == 0.0


def test_two_legs_of_one_session_are_one_session() -> None:
    rows = [one for boots, first in (("new", 0), ("usual", 50)) for one in sessions(boots, FEWEST - 1, -1.0, first)]
    both = [*rows, *({**one, "leg": "right"} for one in rows)]
    (pair,) = season(both, "footwear")["by"]["athletes"][0]["pairs"]
    assert pair["n"] == [FEWEST - 1, FEWEST - 1] and pair["verdict"] == TOO_FEW


def test_athletes_are_never_thrown_together() -> None:
    rows = [*sessions("new", 12, -5.0, 0), *({**one, "athlete": "B2"} for one in sessions("usual", 12, -1.0, 50))]
    assert all(not athlete["pairs"] for athlete in season(rows, "footwear")["by"]["athletes"])


def test_a_trend_needs_sessions_and_follows_them_in_time() -> None:
    rows = [row(number, None, -1.0 - 0.1 * number) for number in reversed(range(10))]
    (leg,) = season(rows)["athletes"][0]["legs"]
    assert leg["trend_per_session"]["slope"] == pytest.approx(-0.1)
    (few,) = season(rows[:4])["athletes"][0]["legs"]
    assert (few["trend_per_session"], few["trend"]) == (None, TOO_FEW)


def test_what_the_journal_does_not_say_is_counted_and_left_out() -> None:
    told = season([row(1, None), row(2, "studs+insoles")], "footwear")["by"]
    assert told["not_said"] == 1
    assert told["athletes"][0]["conditions"][0]["condition"] == "studs+insoles"
    silent = list(lines(season([row(1, None)], "footwear")))
    assert silent[-1] == "1 of 1 rows (a leg of a session) say nothing of footwear"


def test_a_state_that_comes_back_after_a_lost_signal_is_the_same() -> None:
    states = [{"state": state} for state in ("OK", "WARN", "NO_SIGNAL", "WARN", "OK", "WARN", "CRAMP")]
    assert (entries(states, "WARN"), entries(states, "CRAMP")) == (2, 1)


def test_fields_are_those_of_the_journal_and_what_people_call_them() -> None:
    assert field_of("boots") == "footwear" and field_of("surface") == "surface"
    with pytest.raises(CrampwatchError, match="no field 'moon'; it has boots"):
        field_of("moon")


def test_recordings_of_one_name_in_two_folders_are_two_sessions(tmp_path: Path) -> None:
    answer = {"from_s": 0.0, "to_s": 3600.0, "journal": {}}
    leg = {"athlete": "A7", "leg": "left", "channels": [], "states": []}
    paths = [tmp_path / day / "today.xdf" for day in ("monday", "tuesday")]
    for path in paths:
        path.parent.mkdir()
        path.touch()
    rows = [_row(leg, answer, path, *_began({"epoch_s": 0.0}, 3600.0)) for path in paths]
    assert season(rows)["sessions"] == 2 == season(rows)["athletes"][0]["legs"][0]["sessions"]
    assert all(row["epoch_s"] > 1e9 for row in rows), "one that does not say when it began: when its file was written"


def test_a_recording_gives_a_row_for_each_leg_and_a_page() -> None:
    told = session_rows({"emg": shipped.recording(Path("electrode-off"))}, None)
    assert {each["leg"] for each in told["rows"]} <= {"left", "right"} and told["rows"]
    answer = season(told["rows"]) | {"failures": [{"file": "<b>.xdf", "error": "cut off"}]}
    page = season_page(answer, told["rows"])
    assert "Virtual athlete" in page and "&lt;b&gt;.xdf" in page and TOO_FEW in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_page_and_table_follow_time_whatever_the_files_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began_s = {"a.xdf": 2000.0, "b.xdf": 1000.0, "c.xdf": 3000.0}
    fatigue = {"a.xdf": -2.0, "b.xdf": -1.0, "c.xdf": -3.0}

    def told(call: dict[str, Path], settings: object) -> dict[str, Any]:
        name = call["emg"].name
        return {"file": name, "rows": [row(0, None, fatigue[name], file=name, epoch_s=began_s[name])]}

    curves: list[Plot] = []
    monkeypatch.setattr("monitor.season_rows.session_rows", told)
    monkeypatch.setattr("monitor.report.season.svg", lambda plot: curves.append(plot) or "")
    for name in began_s:
        (tmp_path / name).touch()
    arguments = ["--table", str(tmp_path / "t.csv"), "--report", str(tmp_path / "page.html")]
    assert CliRunner().invoke(app, ["season", str(tmp_path), *arguments]).exit_code == 0
    assert [line.split(",")[2] for line in (tmp_path / "t.csv").read_text().splitlines()[1:]] == [
        "b.xdf",
        "a.xdf",
        "c.xdf",
    ]
    assert list(curves[0].curves[0].values) == [-1.0, -2.0, -3.0]
