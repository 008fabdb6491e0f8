"""The page's options as a user meets them."""

from __future__ import annotations

import pytest
from running import crampwatch, sentence

from monitor.cli.running import Run
from monitor.dashboard.controls import Controls

pytest.importorskip("aiohttp", reason="the page needs aiohttp: pip install 'crampwatch[web]'")


def test_the_network_is_refused_without_password_and_tls() -> None:
    done = crampwatch("replay", "cramp", "--headless", "--web-at", "0.0.0.0:0")
    assert done.returncode == 1
    assert "can be reached from the network" in sentence(done)


def test_a_password_without_a_page_is_wrong_usage() -> None:
    done = crampwatch("live", "--web-password-file", "password.txt")
    assert done.returncode == 2
    assert "--web-at" in done.stderr


def test_a_wall_that_is_silent_is_told_as_silent() -> None:
    controls = Controls()
    run = Run(None, print, controls, calls=("the webhook",))  # type: ignore[arg-type]
    assert run.places("the wall") == ("the wall", "the webhook")
    controls.sounds = "silent"
    assert run.places("the wall") == ("the wall (silent)", "the webhook")
    assert run.places("") == ("the webhook",)
