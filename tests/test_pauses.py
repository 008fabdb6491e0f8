"""While a session runs, threads take turns quickly and nothing is searched for cycles; then all is as before."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from monitor.pauses import short_pauses


class Knot:
    """Refers to itself: only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def searches() -> Iterator[list[int]]:
    """The generation of each search, as it begins."""
    begun: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            begun.append(about["generation"])

    gc.callbacks.append(note)
    yield begun
    gc.callbacks.remove(note)


def many() -> list[list[int]]:
    return [[number] for number in range(300_000)]


def test_a_session_that_gathers_much_is_not_searched(searches: list[int]):
    kept = many()
    assert searches  # of which generation depends on all that stands in memory
    with short_pauses() as search_if_due:
        searches.clear()
        kept += many()
        search_if_due()
        assert searches == []


def test_what_is_tied_in_a_knot_is_found_when_it_is_time():
    with short_pauses(search_every_s=0.0) as search_if_due:
        gone = weakref.ref(Knot())
        assert gone() is not None
        search_if_due()
        assert gone() is None


def test_afterwards_all_is_as_before_also_where_it_fails():
    before = sys.getswitchinterval(), gc.isenabled(), gc.get_freeze_count()
    with pytest.raises(KeyError), short_pauses():
        assert sys.getswitchinterval() < before[0] and gc.get_freeze_count() > before[2]
        raise KeyError
    assert (sys.getswitchinterval(), gc.isenabled(), gc.get_freeze_count()) == before
