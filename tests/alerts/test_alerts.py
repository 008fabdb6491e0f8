"""Alerts reach their sinks once, again only by rule, never about stale data, and never hold the engine up."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.alerts.alert import Alert
from monitor.alerts.path import AlertPath, mute_marker, seen_marker
from monitor.alerts.rules import AlertRules
from monitor.alerts.webhook import Webhook, check_url, payload
from monitor.cli.alerting import LiveAlerts
from monitor.errors import SettingsError
from monitor.events import Heartbeat, Marker
from monitor.settings import AlertSettings, Settings

SETTINGS = AlertSettings()


class Kept:
    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def send(self, alert: Alert) -> None:
        self.alerts.append(alert)


def change(time_s: float, state: str, leg: str = "left") -> dict:
    return {"time_s": time_s, "athlete": "A7", "leg": leg, "state": state, "reasons": ["quiet EMG 2.1 x"]}


def played(path: AlertPath, *steps: tuple[float, str]) -> None:
    """Second by second to the last step; a step is a state of the left leg."""
    states = dict(steps)
    for second in range(int(max(states)) + 1):
        path.put(Heartbeat(float(second)), (), [change(second, states[second])] if second in states else [])


def test_it_calls_once_and_again_every_two_minutes_until_somebody_has_seen_it():
    sink = Kept()
    path = AlertPath(SETTINGS, [sink])
    played(path, (100, "WARN"), (345, "WARN"))
    assert [(alert.time_s, alert.number) for alert in sink.alerts] == [(100, 1), (220, 2), (340, 3)]
    path.put(Marker(350.0, seen_marker("A7", "left")), (), ())
    for second in range(351, 900):
        path.put(Heartbeat(float(second)), (), ())
    assert len(sink.alerts) == 3


def test_repeats_end_by_themselves_and_with_the_state():
    sink = Kept()
    path = AlertPath(SETTINGS, [sink])
    played(path, (0, "WARN"), (5000, "OK"))
    assert len(sink.alerts) == 1 + SETTINGS.most_repeats
    lost = Kept()
    played(AlertPath(SETTINGS, [lost]), (0, "WARN"), (10, "NO_SIGNAL"), (900, "NO_SIGNAL"))
    assert len(lost.alerts) == 1  # a sensor that is silent proves nothing


def test_a_state_that_flutters_is_one_alert_and_a_cramp_is_another():
    sink = Kept()
    played(
        AlertPath(SETTINGS, [sink]), (10, "WARN"), (20, "OK"), (40, "WARN"), (50, "CRAMP"), (60, "WARN"), (70, "CRAMP")
    )
    assert [(alert.time_s, alert.state) for alert in sink.alerts] == [(10, "WARN"), (50, "CRAMP")]
    rules = AlertRules(SETTINGS)
    assert rules.change(0, "A7", "left", "WARN")
    rules.change(10, "A7", "left", "OK")
    assert rules.change(71, "A7", "left", "WARN")


def test_too_many_warnings_are_held_back_and_cramps_are_not():
    rules = AlertRules(SETTINGS)
    told = []
    for number in range(20):
        told.append(rules.change(100.0 * number, "A7", "left", "WARN"))
        rules.change(100.0 * number + 20, "A7", "left", "OK")
    sent = [alert for alert in told if alert is not None]
    assert len(sent) == SETTINGS.most_per_hour
    assert "warnings of this leg are only shown, a sustained contraction is told" in sent[-1].note
    cramp = rules.change(2100.0, "A7", "left", "CRAMP")
    assert cramp is not None and not cramp.note


def test_a_muted_athlete_is_silent():
    rules = AlertRules(SETTINGS)
    rules.muted.add("A7")
    assert rules.change(0, "A7", "left", "CRAMP") is None


def test_what_was_muted_counts_for_nothing_afterwards():
    rules = AlertRules(SETTINGS)
    rules.mute("A7")
    for number in range(20):
        rules.change(100.0 * number, "A7", "left", "WARN")
        rules.change(100.0 * number + 20, "A7", "left", "OK")
    rules.change(2100.0, "A7", "left", "WARN")
    for second in range(2101, 3000):
        assert not rules.tick(float(second), lambda *_: True)
    rules.mute("A7", muted=False)
    (alert,) = rules.tick(3000.0, lambda *_: True)
    assert alert.number == 2, "it still stands, and nobody has heard of it"


def test_a_warning_that_comes_back_from_a_lost_signal_waits_for_a_sign():
    sink, known = Kept(), []
    path = AlertPath(SETTINGS, [sink], signs=lambda athlete, leg: bool(known))
    known.append(1)
    played(path, (10, "WARN"), (20, "NO_SIGNAL"))
    known.clear()
    path.put(Heartbeat(100.0), (), [change(100, "WARN")])
    path.put(Heartbeat(260.0), (), ())
    assert len(sink.alerts) == 1, "neither new nor repeated"
    known.append(1)
    path.put(Heartbeat(261.0), (), ())
    assert [(alert.time_s, alert.number) for alert in sink.alerts[1:]] == [(261.0, 1)]
    known.clear()
    path.put(Heartbeat(270.0), (), [change(270, "NO_SIGNAL")])
    path.put(Heartbeat(400.0), (), [change(400, "WARN")])
    path.put(Heartbeat(410.0), (), [change(410, "CRAMP")])
    assert [alert.state for alert in sink.alerts[2:]] == ["CRAMP"]


def test_what_stands_is_told_until_the_episode_is_over():
    path = AlertPath(SETTINGS, [])
    played(path, (100, "WARN"), (110, "OK"))
    (alert,) = path.rules.standing(110.0)
    assert (alert.athlete, alert.leg, alert.state, alert.since_s, alert.sent, alert.seen) == (
        "A7", "left", "WARN", 100.0, 1, False,
    )  # fmt: skip
    assert path.rules.standing(171.0) == ()


def test_markers_acknowledge_mute_and_take_both_back():
    sink = Kept()
    path = AlertPath(SETTINGS, [sink])
    path.put(Marker(1.0, mute_marker("A7")), (), ())
    played(path, (10, "WARN"))
    assert not sink.alerts and path.rules.standing(10.0)[0].sent == 0
    path.put(Marker(11.0, mute_marker("A7", muted=False)), (), ())
    path.put(Marker(12.0, seen_marker("A7", "left")), (), ())
    assert path.rules.standing(12.0)[0].seen
    path.put(Marker(13.0, seen_marker("A7", "left", seen=False)), (), ())
    assert not path.rules.standing(13.0)[0].seen
    path.put(Heartbeat(140.0), (), ())
    assert [alert.number for alert in sink.alerts] == [2]  # heard again, it repeats


def test_a_warning_never_rests_on_stale_data():
    late, sink = Kept(), Kept()
    path = AlertPath(SETTINGS, [late], age_s=lambda: 11.0)
    played(path, (10, "WARN"), (11, "WARN"))
    assert not late.alerts and path.withheld == 1
    fresh = AlertPath(SETTINGS, [sink])
    fresh.put(Heartbeat(100.0), (), [change(80.0, "WARN")])
    assert not sink.alerts


@pytest.fixture
def server() -> Iterator[tuple[str, SimpleQueue, list[int]]]:
    got: SimpleQueue = SimpleQueue()
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            code = answers.pop(0) if answers else 204
            got.put((code, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(code)
            if code == 302:
                self.send_header("Location", "http://example.org/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    web = HTTPServer(("127.0.0.1", 0), Handler)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(web.serve_forever, 0.02)
        yield f"http://127.0.0.1:{web.server_port}/alerts", got, answers
        web.shutdown()
    web.server_close()


def test_a_webhook_is_told_the_pseudonym_and_the_state_and_nothing_else(server):
    url, got, answers = server
    answers.append(500)  # it is tried again
    hook = Webhook(url, SETTINGS)
    hook.send(Alert(123.456, "A7", "left", "WARN"))
    hook.close()
    assert got.get(timeout=5)[0] == 500
    code, told = got.get(timeout=5)
    assert code == 204 and hook.lost == 0 and not hook.problem
    assert told.keys() == {"crampwatch", "athlete", "leg", "state", "text", "session_s", "number", "about"}
    assert (told["athlete"], told["state"], told["session_s"]) == ("A7", "WARN", 123.5)
    assert "not a medical device" in told["about"]


def test_redirects_are_not_followed(server):
    url, got, answers = server
    answers += [302] * 3
    hook = Webhook(url, Settings().changed({"alerts.webhook_tries": 1}).alerts)
    hook.send(Alert(1.0, "A7", "left", "WARN"))
    hook.close()
    assert got.get(timeout=5)[0] == 302
    assert hook.lost == 1
    assert "Found" in hook.problem


def test_a_service_that_is_down_costs_the_engine_nothing():
    hook = Webhook("http://127.0.0.1:9/", Settings().changed({"alerts.webhook_queue": 2}).alerts)
    begun_s = time.thread_time()
    for second in range(50):
        hook.send(Alert(float(second), "A7", "left", "WARN"))
    assert time.thread_time() - begun_s < 1.0
    assert hook.lost >= 40
    hook.close()
    assert "webhook" in hook.problem


def test_the_terminal_and_the_screen_hear_of_repeats_withheld_alerts_and_a_webhook_that_fails():
    clock = SimpleNamespace(speed=1.0, now_s=lambda: 50.0)
    points = {"fatigue": 1.0, "quiet": 0.5}
    leg = SimpleNamespace(athlete="A7", leg="left", machine=SimpleNamespace(points=points))
    running = SimpleNamespace(settings=Settings(), seats={}, now_s=49.0, legs=[leg])
    hook: Any = SimpleNamespace(problem="", send=lambda _: None)
    alerts = LiveAlerts(SimpleNamespace(clock=clock, alert=print), running, hook)  # type: ignore[arg-type]
    played(alerts, (10, "WARN"), (140, "WARN"))
    (line,) = alerts.lines()
    assert "A7 left: Cramp risk pattern" in line and "(alert 2)" in line
    hook.problem = "the webhook does not take alerts: down"
    assert alerts.notes == (hook.problem,)
    assert list(alerts.lines()) == [hook.problem]
    points["quiet"] = None  # type: ignore[assignment]
    played(alerts, (141, "NO_SIGNAL"), (300, "WARN"))
    assert not list(alerts.lines()) and alerts.rules.standing(300.0) == ()
    points["quiet"] = 0.5
    running.now_s = 30.0
    played(alerts, (310, "OK"), (400, "WARN"))
    assert "too late" in next(iter(alerts.lines()))


@pytest.mark.parametrize(
    ("able", "on", "told"),
    [((), 1, ()), (("left",), 1, ("some sensors",)), (("left", "right"), 1, ("the sensors",)), (("left",), 0, ())],
)
def test_it_is_told_whether_sensors_call(able: tuple[str, ...], on: int, told: tuple[str, ...]):
    def seat(leg: str) -> SimpleNamespace:
        step = SimpleNamespace(alert=("vibrate",) if leg in able else ())
        return SimpleNamespace(athlete="A7", sensor=SimpleNamespace(leg=leg), profile=SimpleNamespace(step=step))

    settings = Settings().changed({"link.alert_on_warn": on})
    session: Any = SimpleNamespace(settings=settings, seats={leg: seat(leg) for leg in ("left", "right")}, legs="LR")
    assert LiveAlerts(SimpleNamespace(alert=print), session, None).calls == told  # type: ignore[arg-type]


def test_only_https_or_this_machine():
    for url in ("https://club.example/hook", "http://127.0.0.1:8080/x", "http://[::1]/x", "http://localhost/x"):
        assert check_url(url) == url
    for url in (
        "http://club.example/hook",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https:///x",
        "http://127.0.0.1.example/",
    ):
        with pytest.raises(SettingsError, match="https"):
            check_url(url)


def test_a_payload_has_its_note():
    assert payload(Alert(1, "A7", "left", "CRAMP", 12, "many"))["note"] == "many"
