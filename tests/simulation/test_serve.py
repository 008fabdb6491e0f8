"""The process of the virtual athletes: it starts, says so, dies in good order or badly, and comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from monitor.acquisition.live import LiveSource
from monitor.errors import RadioError
from monitor.events import Link, LinkChange, Notification
from monitor.simulation.kit import virtual_team
from monitor.simulation.process import SimulatorProcess


def test_killed_it_loses_all_sensors_and_restarted_all_come_back_by_themselves():
    end_s = time.monotonic() + 40
    with SimulatorProcess(athletes=1, scenario="rested", speed=2) as simulator:
        links, deeds, lost_s, counters = {}, ["kill", "restart", "stop"], None, []
        with LiveSource(virtual_team(1), simulator.radio, speed=2) as source:
            for event in source:
                assert time.monotonic() < end_s, links
                if isinstance(event, LinkChange):
                    links[event.sensor] = event.link
                if isinstance(event, Notification) and event.sensor == "uMyo-1L" and len(event.payload) == 52:
                    counters.append(int.from_bytes(event.payload[:4], "little"))
                states = set(links.values())
                if deeds[0] == "kill" and len(links) == 6 and states == {Link.LIVE}:
                    simulator.kill()
                    deeds.pop(0)
                elif deeds[0] == "restart" and states == {Link.LOST}:
                    lost_s, before = event.time_s, counters[-1]
                    simulator.restart()
                    deeds.pop(0)
                elif deeds[0] == "stop" and states == {Link.LIVE}:
                    source.stop()
        assert lost_s is not None
        assert counters[-1] > before  # the athletes went on meanwhile


def serve(*arguments):
    command = [sys.executable, "-m", "monitor.simulation.serve", "--scenario=rested", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("end", ["stdin", "SIGTERM"])
def test_it_ends_when_its_parent_does_or_is_told_to(end):
    with serve() as process:
        assert '"port"' in process.stdout.readline()
        if end == "stdin":
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_it_reports_its_pace_and_ctrl_c_is_not_its_business():
    with serve("--speed=3") as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert '"lag_s"' in process.stdout.readline()
        process.stdin.close()
        assert process.wait(5) == 0


def test_a_scenario_that_does_not_exist_is_an_error_with_its_words():
    with pytest.raises(RadioError, match="no scenario 'flying'"):
        SimulatorProcess(scenario="flying").start()


def test_the_athletes_wait_for_a_slow_monitor():
    with SimulatorProcess(athletes=1, scenario="rested", speed=10) as simulator:
        time.sleep(0.5)
        assert simulator.time_s == 0
        with LiveSource(virtual_team(1), simulator.radio, speed=10) as source:
            for event in source:
                if isinstance(event, LinkChange) and event.link == Link.LIVE:
                    break
            apart_s = simulator.time_s - source.clock.now_s()
            source.stop()
    assert -50 < apart_s < 2, "they begin after the monitor's clock; without waiting they would be 5 s ahead and more"
