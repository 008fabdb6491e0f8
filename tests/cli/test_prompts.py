"""In the terminal the ankle's calibration is prompted and the links are told: each new sentence once."""

from dataclasses import replace

from leg_rig import between, even_edges, events, samples, session

from monitor.cli.running import ankle_lines, link_lines
from monitor.snapshot import LinkView, Snapshot
from monitor.view import snapshot


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
