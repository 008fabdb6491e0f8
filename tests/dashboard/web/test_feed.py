"""A slow page gets the newest picture, and one look serves all pages."""

from __future__ import annotations

import asyncio
import json

import pytest
from fakes import FakeSession

from monitor.dashboard.web.feed import Feed, Slot


def test_a_slot_keeps_the_newest_and_counts_what_was_left_out() -> None:
    async def slow() -> dict[str, object]:
        slot = Slot()
        for number in range(5):
            slot.put({"number": number})
        return json.loads(await slot.get())

    assert asyncio.run(slow()) == {"number": 4, "left_out": 4}


def test_a_picture_tells_when_it_was_sent_whatever_the_clock_of_the_day_does(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sent() -> list[int]:
        feed = Feed(lambda: FakeSession(athletes=("A1",)).at(600.0))
        times = []
        for day_s in (1.7e9, 1.7e9 - 3600.0):
            monkeypatch.setattr("monitor.dashboard.web.feed.time.time", lambda day_s=day_s: day_s)
            times.append(json.loads(await feed.open("").get())["sent"])
        return times

    first, second = asyncio.run(sent())
    assert 0 <= second - first < 60_000


def test_a_page_has_a_picture_at_once_and_none_after_it_has_gone() -> None:
    async def look() -> tuple[dict[str, object], dict[str, object], int]:
        feed = Feed(lambda: FakeSession(athletes=("A1", "A2")).at(600.0))
        wall, one = feed.open(""), feed.open("A2")
        shown = json.loads(await wall.get()), json.loads(await one.get())
        feed.close(wall)
        feed.close(wall)
        return *shown, len(feed)

    wall, one, left = asyncio.run(look())
    assert "athletes" in wall and one["athlete"] == "A2" and left == 1
