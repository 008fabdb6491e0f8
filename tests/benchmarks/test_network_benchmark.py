"""The benchmarks of the way over MQTT, in small: they run, and every packet comes once and in order."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PATHS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
ROOT = Path(__file__).parents[2]


needs_mosquitto = pytest.mark.skipif(
    shutil.which("mosquitto", path=PATHS) is None, reason="mosquitto is not installed here"
)


@pytest.mark.alone
@needs_mosquitto
def test_two_sensors_from_two_gateways_come_once_and_in_order() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.network", "--sensors", "2", "--seconds", "6"]
    command += ["--warm", "4", "--json"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=110)
    found = json.loads(done.stdout)
    assert found["packets"] >= 2 * 400
    wrong = ("blocks_missing", "packets_not_in_their_order", "packets_left_out")
    assert [found[name] for name in wrong] == [0, 0, 0]
    assert 0 < found["latency_p50_ms"] <= found["latency_p99_ms"]


@pytest.mark.alone
@needs_mosquitto
def test_what_two_sensors_send_through_the_air_comes_to_a_remote_picture() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.radio", "--sensors", "2", "--seconds", "6"]
    command += ["--warm", "3", "--json"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=110)
    found = json.loads(done.stdout)
    assert found["packets"] >= 2 * 40  # 48 a second each, in two seconds
    assert [found["radio_missing"], found["latency_missing"]] == [0, 0]
    assert 0 < found["radio_p50_ms"] < found["latency_p50_ms"] <= found["latency_p99_ms"]
