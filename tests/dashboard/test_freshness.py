from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import FakeSession, fake_leg

from monitor.dashboard.freshness import Freshness, links_of, stale_after_s, stale_parts
from monitor.snapshot import LinkView

LEG = fake_leg("A7", "left", "OK", 20.0)


def link(role: str, age_s: float | None) -> LinkView:
    return LinkView("s", "m", role, "live", "", age_s, 100.0, 0.0, None)


def test_a_picture_is_frozen_when_session_time_stands_still() -> None:
    freshness = Freshness()
    assert freshness.frozen_s(5.0, 100.0) == 0.0
    assert freshness.frozen_s(5.0, 101.5) == 1.5
    assert freshness.frozen_s(5.1, 101.6) == 0.0
    assert freshness.frozen_s(5.1, 102.0) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("role", "age_s", "expected"),
    [
        ("A7 left: EMG GM, shank", 0.1, {}),
        ("A7 left: EMG GM, shank", 3.4, {"emg", "angle"}),
        ("A7 left: EMG GM", 3.4, {"emg"}),
        ("A7 left: foot", None, {"angle"}),
        ("A7 right: EMG GM", 9.0, {}),
        ("B2 left: EMG GM", 9.0, {}),
        ("an unnamed sensor", 9.0, {"emg", "angle"}),
    ],
)
def test_a_silent_sensor_greys_out_what_it_feeds(role: str, age_s: float | None, expected: set[str]) -> None:
    stale = stale_parts(LEG, [link(role, age_s)], 2.0)
    assert set(stale) == set(expected)
    assert all("Waiting" in text if age_s is None else "No data for" in text for text in stale.values())


def test_the_limit_is_two_session_seconds_and_half_a_wall_second_when_sped_up_live() -> None:
    demo = FakeSession().at(5.0)
    assert stale_after_s(replace(demo, speed=1.0)) == 2.0
    assert stale_after_s(replace(demo, speed=10.0)) == 5.0
    assert stale_after_s(replace(demo, speed=10.0, source="replay")) == 2.0
    assert stale_after_s(replace(demo, speed=float("inf"))) == 2.0


def test_links_of_an_athlete() -> None:
    roles = ["A7 left: foot", "A70 left: foot", "B2 left: foot", "spare"]
    assert [one.role for one in links_of("A7", [link(role, 0.1) for role in roles])] == ["A7 left: foot", "spare"]
