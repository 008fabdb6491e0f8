"""A test that keeps real time has the machine to itself."""

from __future__ import annotations

import sys
import threading

import pytest
from turns import Turns

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks here")


@pytest.mark.parametrize("first,second,together", [(False, False, True), (True, False, False), (False, True, False)])
def test_nothing_runs_beside_what_runs_alone(first: bool, second: bool, together: bool) -> None:
    run = f"test-{first}-{second}"
    inside, entered = threading.Event(), threading.Event()

    def other() -> None:
        inside.wait(10)
        with Turns(run).turn(second):
            entered.set()

    thread = threading.Thread(target=other)
    thread.start()
    with Turns(run).turn(first):
        inside.set()
        assert entered.wait(5 if together else 0.3) is together
    assert entered.wait(5)
    thread.join()
