"""Who may see what the page shows."""

from __future__ import annotations

import base64
import socket

import pytest

from monitor.dashboard.web.guard import SESSION_S, Guard
from monitor.dashboard.web.plan import WebPlan

PLAN = WebPlan("0.0.0.0", 8460, "wet grass 2026")


def given(password: str) -> str:
    return "Bearer " + base64.b64encode(password.encode()).decode()


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8460", "192.168.1.7", "[::1]:8460", "localhost:8460", socket.gethostname()]
)
def test_addresses_and_own_names_are_known(host: str) -> None:
    assert Guard(PLAN).knows_host(host)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8460", "", "localhost.evil.example", "[::1"])
def test_a_name_that_was_made_to_point_here_is_refused(host: str) -> None:
    assert not Guard(PLAN).knows_host(host)


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://127.0.0.1:8460", "http://127.0.0.1:81"]
)
def test_another_origin_is_refused(origin: str | None) -> None:
    guard = Guard(PLAN)
    assert guard.own_origin("http://127.0.0.1:8460", "127.0.0.1:8460")
    assert not guard.own_origin(origin, "127.0.0.1:8460")


def test_the_password_opens_a_session_that_ends() -> None:
    clock = Clock()
    guard = Guard(PLAN, clock)
    session = guard.session(given("wet grass 2026"), "10.0.0.2")
    assert session
    assert guard.may_see({guard.cookie: session})
    clock.now_s += SESSION_S + 1
    assert not guard.may_see({guard.cookie: session})


def test_no_session_can_be_made_up_or_made_longer() -> None:
    guard = Guard(PLAN, Clock())
    until, _, seal = (guard.session(given("wet grass 2026"), "10.0.0.2") or "").partition(".")
    for wrong in (
        "",
        until,
        f"{until}.",
        f"{int(until) + 1}.{seal}",
        f"{until}.{seal[:-1]}",
        f"\N{SUPERSCRIPT TWO}.{seal}",
    ):
        assert not guard.may_see({guard.cookie: wrong})
    assert not Guard(PLAN, Clock()).may_see({guard.cookie: f"{until}.{seal}"}), "another run knows it not"


@pytest.mark.parametrize("wrong", ["", "Bearer", "Bearer ????", given("wet grass"), given(""), "Basic d2V0IGdyYXNz"])
def test_a_wrong_password_opens_nothing(wrong: str) -> None:
    assert Guard(PLAN, Clock()).session(wrong, "10.0.0.2") == ""


def test_tries_are_few_and_each_address_has_its_own() -> None:
    clock = Clock()
    guard = Guard(PLAN, clock)
    tries = [guard.session(given("guess"), "10.0.0.2") for _ in range(8)]
    assert tries == [""] * 5 + [None] * 3
    assert guard.session(given("wet grass 2026"), "10.0.0.2") is None, "not even the right one"
    assert guard.session(given("wet grass 2026"), "10.0.0.3")
    clock.now_s += 11
    assert guard.session(given("wet grass 2026"), "10.0.0.2")


def test_without_a_password_all_may_see() -> None:
    assert Guard(WebPlan("127.0.0.1", 8460)).may_see({})
