"""The report: one HTML file that stands alone, says what is unknown, and loses no number on the way."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.guided.comparing import RESULT_SUFFIX, results_beside, save_result
from monitor.report import report
from monitor.report.over_time import seconds_in
from monitor.report.physio import balance, physio_html
from monitor.report.svg import MOST_POINTS, Curve, Plot, svg, thinned
from monitor.report.tables import interval, shown

VOID = {"meta", "br", "line", "rect", "circle", "polyline"}


class Balanced(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag


def channel(label: str, change_pct: float | None) -> dict[str, Any]:
    ci = None if change_pct is None else [change_pct - 2, change_pct + 2]
    quality = {"railed_s": 0, "no_contact_s": 0, "mains_s": 0, "motion_s": 0, "lost_s": 1.5}
    return {
        "label": label,
        "rate_hz": 1000.0,
        "spectral_use": "good",
        "good_fraction": 0.98,
        "quality": quality,
        "contraction_s": 120.0,
        "mdf_start_hz": 101.2,
        "mdf_end_hz": 84.0,
        "mdf_change_pct": change_pct,
        "mdf_change_ci": ci,
        "gate": "emg",
        "compression_end": 0.83,
        "slope_pct_per_min": -1.9,
        "slope_ci": [-2.3, -1.5],
        "rms_change_pct": 12.0,
        "fatigue": "yes",
    }


def leg(side: str, athlete: str = "A7") -> dict[str, Any]:
    seconds = [float(i) for i in range(1, 601)]
    states = [(0.0, "CALIBRATING"), (60.0, "OK"), (300.0, "WATCH"), (500.0, "WARN")]
    return {
        "athlete": athlete,
        "leg": side,
        "angle_source": "imu",
        "angle_note": "calibrated <well>",
        "position_gated": True,
        "channels": [channel("GM", -17.0), channel("GL", -12.0)],
        "ankle": {"rms_residual_deg": None, "shortened_s": 31.0, "exposure_s_per_min": 4.2, "knee": "unseen"},
        "states": [
            {"time_s": t, "state": s, "score": 4.0, "points": {}, "reasons": ["because & so"]} for t, s in states
        ],
        "track": {
            "time_s": seconds,
            "mdf_hz": {"GM": [100.0 - t / 60 if t % 3 else None for t in seconds]},
            "compression": {"GM": [1 - t / 4000 if t > 60 else None for t in seconds]},
            "quiet_ratio": [1 + t / 600 for t in seconds],
            "twitches_per_min": [None] * 600,
            "score": [t // 150 for t in seconds],
            "ankle_time_s": [t / 10 for t in range(6000)],
            "ankle_deg": [-20.0 + t % 30 for t in range(6000)],
        },
        "gait": {
            "activity": ["kick"] * 3 + ["walking"] * 597,
            "stance_fraction": [0.6] * 600,
            "cadence_per_min": [None] * 600,
        },
        "contractions": [[t, t + 1.25] for t in range(0, 600, 3)],
        "contraction_snr_db": [20.0] * 200,
    }


def answer(file: str = "monday.xdf", athlete: str = "A7") -> dict[str, Any]:
    return {
        "crampwatch": "0.1.0",
        "config_hash": "abc123",
        "file": file,
        "duration_s": 600.0,
        "from_s": 0.0,
        "to_s": 600.0,
        "legs": [leg("left", athlete), leg("right", athlete)],
    }


def test_a_session_is_one_page_that_needs_no_network() -> None:
    page = report([answer()])
    Balanced().feed(page)
    assert not re.search(r"(https?:)?//[a-z]|<script|<link|<img|url\(|@import", page)
    for promised in (
        "MDF",
        "because &amp; so",
        "abc123",
        "ISEK 1999",
        "physiotherapist",
        "101.2",
        "calibrated &lt;well&gt;",
    ):
        assert promised in page
    assert page.count("<svg") == 8  # MDF, compression, signs, angle of two legs; nothing is known of twitches
    assert "@media print" in page and "not a medical device" in page


def test_every_plot_is_well_formed() -> None:
    for found in re.findall(r"<svg.*?</svg>", report([answer()]), flags=re.DOTALL):
        ElementTree.fromstring(found)


def test_an_athlete_over_time_and_a_squad() -> None:
    several = report([answer(f"day {i}.xdf") for i in range(3)])
    assert "A7 over 3 sessions" in several and "fatigue reading at the end of each session" in several
    squad = report([answer("a.xdf", "A7"), answer("b.xdf", "B2"), {"file": "c.xdf", "error": "it is <broken>"}])
    assert "2 sessions, 2 athletes" in squad and "it is &lt;broken&gt;" in squad
    assert "each session" not in squad


def test_nothing_promises_or_diagnoses() -> None:
    text = re.sub(r"<[^>]+>", " ", report([answer()])).lower()
    assert not [word for word in ("safe", "healthy", "diagnose ", "ok to", "normal ") if word in text]


def test_the_sheet_puts_left_beside_right() -> None:
    found = answer()
    found["legs"][1]["ankle"]["shortened_s"] = 62.0
    found["legs"][1]["channels"].pop()
    found["advice"] = [
        {"athlete": "A7", "text": "Stretch it <today>.", "source": "Bertolasi 1993"},
        {"athlete": "B2", "text": "of somebody else", "source": ""},
    ]
    found["journal"] = {"surface": ["turf"], "athletes": {"A7": {"weather": ["hot"]}, "B2": {"weather": ["rain"]}}}
    sheet = physio_html(found, "A7")
    assert balance(found["legs"][0]) == -5.0 and balance(found["legs"][1]) is None
    assert sides(sheet, "Worked while short") == ["31 s", "62 s", "0.50 x"]
    assert sides(sheet, "GM beside GL") == ["\N{MINUS SIGN}5.0 points", "unknown", "unknown"]
    assert "Stretch it &lt;today&gt;. [Bertolasi 1993]" in sheet and "somebody else" not in sheet
    assert "artificial turf" in sheet and "hot" in sheet.lower() and "rain" not in sheet.lower().replace("training", "")
    assert "None in the recording" in sheet  # no heel-rise test
    assert "no entries" in physio_html(answer(), "A7")


def sides(sheet: str, name: str) -> list[str]:
    """The cells of one line: left, right, left against right."""
    line = re.search(rf"<tr><td>{name}[^<]*</td>(.*?)</tr>", sheet)
    assert line is not None
    return re.findall(r"<td>(.*?)</td>", line[1])


def test_the_sheet_tells_stance_time_exposure_and_kicks_of_each_leg() -> None:
    found = answer()
    left, right = (leg["gait"] for leg in found["legs"])
    left |= {"stance_fraction": [0.6, None, 0.5], "cadence_per_min": [120.0, 120.0, 100.0], "activity": ["kick"] * 3}
    right |= {"stance_fraction": [0.5] * 3, "cadence_per_min": [120.0] * 3, "activity": [None] * 3}
    found["legs"][1]["ankle"]["exposure_s_per_min"] = 8.4
    sheet = physio_html(found, "A7")
    assert sides(sheet, "Stance time") == ["600 ms", "500 ms", "1.20 x"]
    assert sides(sheet, "Shortened exposure") == ["4.2 s per min", "8.4 s per min", "0.50 x"]
    assert sides(sheet, "Seconds with kicks") == ["3", "unknown", "unknown"]
    assert sides(sheet, "Fatigue reading at the end")[2] == "+0 %"  # a reading has no nought to divide by


def heel_rises(day: str, athlete: str, left: int) -> dict[str, Any]:
    told = {
        "repetitions": left,
        "height_end_deg": 21.0,
        "mdf_change_pct": -9.5,
        "gm_share_pct": 61.0,
        "ended": "height",
    }
    return {"athlete": athlete, "begun": f"{day}T10:00:00+00:00", "simulated": False, "legs": {"left": told}}


def test_heel_rise_tests_over_time_stand_on_the_sheet_of_their_own_athlete() -> None:
    tests = [heel_rises("2026-10-01", "A7", 22), heel_rises("2026-11-01", "A7", 27), heel_rises("2026-11-02", "B2", 19)]
    page = report([answer()], tests)
    Balanced().feed(page)
    assert all(
        told in page
        for told in (
            "2026-10-01",
            "<td>22 / not tested</td>",
            "2026-11-01",
            "<td>27 / not tested</td>",
            "Rises until tired",
        )
    )
    assert "2026-11-02" not in page
    assert "Rises until tired" not in physio_html(answer(), "A7", tests[:1])


def test_a_squad_in_one_recording_has_a_sheet_for_each_athlete() -> None:
    found = answer()
    found["legs"] += [leg("left", "B2")]
    page = report([found])
    assert [*re.findall(r"Sheet for the physiotherapist: (\w+)", page)] == ["A7", "B2"]


def test_the_report_finds_the_results_beside_the_recording(tmp_path: Path) -> None:
    for number, test in enumerate([heel_rises("2026-11-01", "A7", 27), heel_rises("2026-10-01", "A7", 22)]):
        save_result(tmp_path / f"{number}{RESULT_SUFFIX}", test)
    save_result(tmp_path / f"other{RESULT_SUFFIX}", heel_rises("2026-10-01", "B2", 3))
    found = results_beside([tmp_path / "a.xdf", tmp_path / "b.xdf"], {"A7"})
    assert [test["begun"][:10] for test in found] == ["2026-10-01", "2026-11-01"]


def test_on_paper_each_part_begins_a_page_and_colours_stay() -> None:
    page = report([answer()])
    paper = page.partition("@media print")[2].partition("</style>")[0]
    wanted = ("break-before: page", "print-color-adjust: exact", "display: table-header-group", "break-after: avoid")
    assert all(rule in paper for rule in wanted)


def test_time_in_states() -> None:
    assert dict(seconds_in(leg("left"), 600.0)) == {"CALIBRATING": 60.0, "OK": 240.0, "WATCH": 200.0, "WARN": 100.0}


def test_unknown_is_the_word() -> None:
    assert shown(None) == interval(None) == "unknown"
    assert shown(0.0) == "0.0" and shown(-1.26) == "\N{MINUS SIGN}1.3"


def test_a_curve_breaks_where_nothing_is_known_and_keeps_its_peaks() -> None:
    values: list[float | None] = [0.0] * 20_000
    values[7777], values[9000:9300] = 5.0, [None] * 300
    points = thinned(range(20_000), values)
    assert len(points) <= MOST_POINTS + 10 and max(y for _, y in points if y is not None) == 5.0
    assert any(y is None for _, y in points)
    drawn = svg(Plot("p", "s", "uV", (Curve("c", [0.0, 1.0, 2.0, 3.0, 4.0], [1.0, 2.0, None, 3.0, 4.0]),)))
    assert drawn.count("<polyline") == 2


@pytest.mark.parametrize("values", [[], [None, None], [3.0, 3.0]])
def test_a_plot_of_little_is_still_a_plot(values: list[float | None]) -> None:
    ElementTree.fromstring(
        re.findall(r"<svg.*</svg>", svg(Plot("p", "s", "uV", (Curve("c", range(len(values)), values),))))[0]
    )


def test_analyze_writes_it_and_overwrites_nothing(tmp_path: Path) -> None:
    rows = "\n".join(f"{i / 500:.3f},{(-1) ** i * (20 + i % 37):.1f}" for i in range(3000))
    (tmp_path / "emg.csv").write_text(f"time_s,GM_uV\n{rows}\n", encoding="utf-8")
    out = tmp_path / "report.html"
    done = CliRunner().invoke(app, ["analyze", str(tmp_path / "emg.csv"), "--report", str(out)])
    assert done.exit_code == 0, done.output
    assert "<h1>Crampwatch: emg.csv</h1>" in out.read_text(encoding="utf-8")
    before = out.read_bytes()
    assert CliRunner().invoke(app, ["analyze", str(tmp_path / "emg.csv"), "--report", str(out)]).exit_code != 0
    assert out.read_bytes() == before
