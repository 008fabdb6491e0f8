"""A slice of the soak of the whole product, run again: what the report in the documentation says must still hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("paho.mqtt.client", reason="gateways need paho-mqtt: pip install 'crampwatch[network]'")
pytest.importorskip("PySide6", reason="the wall needs PySide6")

sys.path.insert(0, str(Path(__file__).parent.parent / "network"))

from broker_rig import MOSQUITTO
from field_figures import GROWTH_MB
from field_plan import FIRST_S, LASTS_S, plan_of

REPORT = Path(__file__).with_name("REPORT.json")
N_FAULTS, EVERY_S, SPEED = 2, 20.0, 2.0  # a slice: the first faults, closer together, at less speed
NOTHING = ("doubled", "out_of_order", "missing_in_a_recording", "in_no_recording")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return json.loads(REPORT.read_text(encoding="utf-8"))


def test_the_report_is_of_four_hours_with_every_fault_and_nothing_wrong(told: dict[str, Any]) -> None:
    assert told["session_h"] >= 4.0 and told["wrong"] == []
    assert {fault["kind"] for fault in told["faults"]} == set(LASTS_S)
    assert all(fault["recovered_s"] is not None for fault in told["faults"])
    assert [told["recorded"][key] for key in NOTHING] == [0, 0, 0, 0]
    plan = plan_of(told["seed"], 3600 * told["session_h"], told["speed"], told["every_s"], told["sensors"])
    assert [(f.kind, f.whom, f.begin_s) for f in plan.faults] == [
        (f["kind"], f["whom"], f["at_s"]) for f in told["faults"]
    ]


@pytest.mark.alone
@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, limits other processes")
@pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed here")
def test_its_first_faults_again_lose_nothing_and_are_over_as_soon(told: dict[str, Any]) -> None:
    hours = SPEED * (FIRST_S + N_FAULTS * EVERY_S) / 3600
    options = {"hours": hours, "speed": SPEED, "every": EVERY_S, "sensors": told["sensors"], "seed": told["seed"]}
    given = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, str(REPORT.with_name("field.py")), *given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["wrong"] == []
    assert [(f["kind"], f["whom"]) for f in figures["faults"]] == [
        (f["kind"], f["whom"]) for f in told["faults"][:N_FAULTS]
    ]
    assert all(fault["recovered_s"] is not None for fault in figures["faults"])
    assert figures["recorded"]["packets"] > 1000 and figures["recorded"]["lost_by_merge"] == 0
    for name, of in figures["memory"].items():
        then = told["memory"][name]
        assert of["mb_at_end"] <= then["mb_at_end"] + GROWTH_MB, name
    assert figures["memory"]["hub"]["threads_more"] is not None  # that there are none is judged, and not wrong
