"""In the terminal the ankle's calibration is prompted and the links are told: each new sentence once."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from leg_rig import between, even_edges, events, samples, session

from monitor.cli.running import ankle_lines, link_lines, show_outcomes
from monitor.engine import Engine
from monitor.events import Marker
from monitor.markers import report_marker
from monitor.session import Outcome
from monitor.snapshot import LinkView, Snapshot
from monitor.view import snapshot
from monitor.warning.both_legs import Hint
from monitor.warning.state import Remark, Report, State, StateChange


def test_every_new_prompt_is_told_once():
    fed, told, lines = session(), {}, []
    chunks = {role: between(chunk, 0.0, 50.0) for role, chunk in samples().items()}
    for event in events(chunks, even_edges(0.5, 50.0)):
        fed.feed(event)
        shown = snapshot(fed, speed=1.0, source="live", title="x", simulated=True)
        lines += ankle_lines(shown, told)
    assert any(line.endswith("A7 left   ankle: calibrating: stand still: 3 of 5 s") for line in lines)
    assert any("now walk: 7 of 10 s" in line for line in lines)
    assert "calibrated at" in lines[-1] and len(lines) == len(set(lines))
    assert list(ankle_lines(replace(shown, time_s=51.0), told)) == []


def test_a_link_is_told_when_its_state_or_its_warning_changes():
    link = LinkView("Pod-1", "Pod", "A7 left: EMG GM", "searching", "", None, None, None, None)
    steps = [{}, {"age_s": 1.0}, {"link": "live", "detail": "not tried"}, {"rate_hz": 9.0}, {"warning": "battery low"}]
    told, lines = {}, []
    for at, step in enumerate(steps):
        link = replace(link, **step)
        lines.append(list(link_lines(Snapshot(float(at), 1.0, "live", "x", True, links=(link,)), told)))
    assert lines == [
        ["     0.0 s  A7 left: EMG GM  Pod-1: searching"],
        [],
        ["     2.0 s  A7 left: EMG GM  Pod-1: live (not tried)"],
        [],
        ["     4.0 s  A7 left: EMG GM  Pod-1: live; battery low (not tried)"],
    ]


def test_remarks_and_hints_are_printed_beside_the_states(capsys):
    """A session that is fed a report and two restless calves; as JSON lines the sentences stand beside them."""
    change = StateChange(80.0, "A7", "left", State.OK, 0.5, {}, ("no pattern seen",))
    remark = SimpleNamespace(remark=Remark(81.0, "A7", "left", "pain or hardness reported"))
    outcome = Outcome((), cast("Any", ((None, remark), (None, SimpleNamespace(remark=None)))), (change,))
    show_outcomes(False)(replace(outcome, hints=(Hint(82.0, "A7", "both calves are restless"),)))
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "    80.0 s  A7 left   OK           no pattern seen",
        "    81.0 s  A7 left   note: pain or hardness reported",
        "    82.0 s  A7 both   note: both calves are restless",
    ]
    show_outcomes(True)(outcome)
    told = capsys.readouterr()
    assert json.loads(told.out)["state"] == "OK" and "pain" in told.err


def test_the_engine_tells_what_is_said_and_nothing_else():
    marker = Marker(20.0, report_marker(Report.PAIN, "A7", "left"))
    emg = {"emg": samples("working", 1, 30.0)["emg"]}
    fed = sorted([*events(emg, even_edges(0.5, 30.0)), marker], key=lambda event: event.time_s)
    told: list[Outcome] = []
    about = {"speed": 1.0, "source": "live", "title": "x", "simulated": True}
    Engine(fed, session(), describe=lambda: about, on_outcome=told.append).run()
    assert [said.text[:16] for outcome in told for said in outcome.said] == ["pain or hardness"]
    assert all(outcome.changes or outcome.said for outcome in told)
