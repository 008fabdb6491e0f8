"""In the terminal the ankle's calibration is prompted: each new sentence once."""

from dataclasses import replace

from leg_rig import between, even_edges, events, samples, session

from monitor.cli.running import ankle_lines
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
