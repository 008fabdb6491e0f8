from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from monitor.dashboard.display import display_problem, require_display
from monitor.errors import CrampwatchError

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")


def test_no_display_is_one_sentence() -> None:
    with pytest.raises(CrampwatchError, match="there is no display") as told:
        require_display({})
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", [":4242", "nonsense", "127.0.0.1:59000"])
def test_a_display_that_does_not_answer_is_named(name: str) -> None:
    assert "does not answer" in display_problem({"DISPLAY": name})


@pytest.mark.parametrize("environment", [{"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_where_a_window_can_open_nothing_is_said(environment: dict[str, str]) -> None:
    assert display_problem(environment) == ""


def test_a_display_that_answers_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda name: Path(name).name)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        number = server.getsockname()[1] - 6000
        assert number > 0
        assert display_problem({"DISPLAY": f"127.0.0.1:{number}.0"}) == ""
