"""Where the page is served, and what it needs to be served there."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.dashboard.web.plan import web_plan
from monitor.errors import WebError


@pytest.mark.parametrize(
    "at,host,port",
    [
        (None, "127.0.0.1", 8460),
        ("localhost", "localhost", 8460),
        (":9000", "127.0.0.1", 9000),
        ("127.0.0.1:0", "127.0.0.1", 0),
        ("[::1]:81", "::1", 81),
        ("[::1]", "::1", 8460),
    ],
)
def test_loopback_needs_nothing(at: str | None, host: str, port: int) -> None:
    plan = web_plan(at, None, None, None)
    assert (plan.host, plan.port, plan.password, plan.tls) == (host, port, None, None)


@pytest.mark.parametrize("at", ["0.0.0.0:8460", "192.168.1.7:8460", "[::]:8460", "laptop.local:8460", "0.0.0.0"])
def test_the_network_needs_a_password_and_tls(at: str, password_file: Path, certificate: tuple[Path, Path]) -> None:
    for missing in ((None, None, None), (password_file, None, None), (None, *certificate)):
        with pytest.raises(WebError, match="--web-password-file, --web-cert and --web-key"):
            web_plan(at, *missing)
    plan = web_plan(at, password_file, *certificate)
    assert plan.password == "wet grass 2026"
    assert plan.scheme == "https"


@pytest.mark.parametrize("at", ["127.0.0.1:web", "127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:\u00b2"])
def test_what_is_no_address_is_told(at: str) -> None:
    with pytest.raises(WebError, match="is no address"):
        web_plan(at, None, None, None)


def test_a_password_that_others_can_read_is_refused(password_file: Path) -> None:
    password_file.chmod(0o644)
    with pytest.raises(WebError, match="chmod 600"):
        web_plan(None, password_file, None, None)


@pytest.mark.parametrize("text,told", [("short\n", "too short"), ("\nsecond line is long enough", "too short")])
def test_a_weak_password_is_refused(password_file: Path, text: str, told: str) -> None:
    password_file.write_text(text)
    with pytest.raises(WebError, match=told):
        web_plan(None, password_file, None, None)


def test_files_that_cannot_be_used_are_told(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    with pytest.raises(WebError, match="cannot be read"):
        web_plan(None, tmp_path / "none", None, None)
    with pytest.raises(WebError, match="belong together"):
        web_plan(None, None, certificate[0], None)
    with pytest.raises(WebError, match="cannot be used"):
        web_plan(None, None, certificate[1], certificate[0])
