"""What all tests share."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from turns import Turns, turns_of

SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and packets beside the project; tests that need it are skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the folder of shared recordings is not here")
    return SHARED


_GATE = pytest.StashKey[Turns | None]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_GATE] = turns_of(config)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test's time-out begins when its turn has come."""
    gate = item.config.stash[_GATE]
    with gate.turn(item.get_closest_marker("alone") is not None) if gate is not None else contextlib.nullcontext():
        return (yield)
