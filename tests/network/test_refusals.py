"""Who is let in: the broker that `broker-config` writes, as it is, and what a user reads who is not let in."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from broker_rig import access_of, plain_broker, running, secure_broker, until

from monitor.cli import main
from monitor.errors import NetworkError
from monitor.network.address import Broker, broker_of
from monitor.network.connection import Access, Connection

TEAM = """
[[athletes]]
name = "A7"
[[athletes.sensors]]
match = "uMyo-A1"
profile = "umyo"
leg = "left"
roles = ["emg"]
"""


def refusal(access: Access, *, patient: bool = False) -> str:
    with pytest.raises(NetworkError) as raised:
        Connection(access, "test", [], lambda topic, content: None).start(patient=patient)
    return str(raised.value)


def test_the_broker_lets_in_its_users_and_nobody_else(tmp_path: Path) -> None:
    with running(secure_broker(tmp_path)) as broker:
        hub = broker.access
        connection = Connection(hub, "test", [], lambda topic, content: None)
        connection.start()
        connection.stop()
        assert "does not let in the user 'hub' with this password" in refusal(replace(hub, password="wrong"))
        assert "does not let in who does not say a user" in refusal(replace(hub, user=None, password=None))
        assert "not to be trusted" in refusal(replace(hub, ca=None), patient=True)
        plain = replace(hub, broker=Broker("127.0.0.1", broker.port, tls=False))
        assert "it may want mqtts://" in refusal(plain, patient=True)


def test_an_expired_certificate_is_told(tmp_path: Path) -> None:
    with running(secure_broker(tmp_path, days=-1)) as broker:
        assert refusal(broker.access, patient=True).endswith("certificate has expired")


def test_a_gateway_speaks_for_itself_alone(tmp_path: Path) -> None:
    heard: list[str] = []
    with running(secure_broker(tmp_path)) as broker:
        hub = Connection(broker.access, "h", [("crampwatch/1/#", 1)], lambda topic, content: heard.append(topic))
        gateway = Connection(access_of(tmp_path, broker.port, "gw1"), "g", [], lambda topic, content: None)
        hub.start()
        gateway.start()
        for topic in ("gateway/gw2/block", "hub/hub/beat", "gateway/gw1/block"):
            gateway.publish(f"crampwatch/1/{topic}", b"x", qos=1)
        until(lambda: heard, 10.0, "its own block comes")
        hub.stop()
        gateway.stop()
    assert heard == ["crampwatch/1/gateway/gw1/block"]


def test_nothing_listens_there() -> None:
    assert refusal(Access(Broker("127.0.0.1", 1, tls=True))).startswith("no broker listens at mqtts://127.0.0.1:1")


def test_a_plain_broker_is_no_secure_one(tmp_path: Path) -> None:
    with running(plain_broker(tmp_path)) as broker:
        assert "does not speak TLS" in refusal(Access(Broker("127.0.0.1", broker.port, tls=True)), patient=True)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mqtt://192.168.1.10", "in plain text"),
        ("mqtt://example.org:1883", "in plain text"),
        ("mqtts://hub:secret@127.0.0.1", "holds no user and no password"),
        ("https://127.0.0.1", "no address of a broker"),
        ("mqtts://", "no address of a broker"),
        ("mqtts://127.0.0.1:99999", "no address of a broker"),
        ("mqtts://127.0.0.1/topic", "no address of a broker"),
    ],
)
def test_addresses_that_are_refused(url: str, why: str) -> None:
    with pytest.raises(NetworkError, match=why):
        broker_of(url)


def test_addresses_that_serve() -> None:
    assert broker_of("mqtts://hub.local") == Broker("hub.local", 8883, tls=True)
    assert broker_of("mqtt://[::1]:1884") == Broker("::1", 1884, tls=False)
    assert broker_of("mqtt://192.168.1.10", plain=True) == Broker("192.168.1.10", 1883, tls=False)


Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """The command line in this process: its exit code and what it said to standard error."""

    def called(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["crampwatch", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, capsys.readouterr().err.strip()  # type: ignore[return-value]

    mask = os.umask(0o022)
    os.umask(mask)
    yield called
    os.umask(mask)  # the command line sets its own


def test_the_command_line_says_it_in_one_sentence(tmp_path: Path, call: Call) -> None:
    team, wrong = tmp_path / "team.toml", tmp_path / "wrong"
    team.write_text(TEAM, encoding="utf-8")
    wrong.touch(0o600)
    wrong.write_text("wrong\n", encoding="utf-8")
    with running(secure_broker(tmp_path)) as broker:
        to = f"mqtts://127.0.0.1:{broker.port}"
        options = ["--headless", "--ca", tmp_path / "broker" / "ca.crt", "--user", "hub", "--password-file", wrong]
        code, said = call("live", "--team", team, "--from", to, *options)
        assert (code, said) == (1, f"crampwatch: {to} does not let in the user 'hub' with this password")
    code, said = call("gateway", "--team", team, "--to", "mqtt://192.168.1.10")
    assert code == 1 and "plain text" in said and len(said.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes there")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_password_that_others_can_read_is_refused(tmp_path: Path, call: Call, mode: int) -> None:
    team, password = tmp_path / "team.toml", tmp_path / "hub.password"
    team.write_text(TEAM, encoding="utf-8")
    password.write_text("secret\n", encoding="utf-8")
    password.chmod(mode)
    told = (1, f"crampwatch: others can read the password file {password}: chmod 600 {password}")
    to, options = "mqtts://127.0.0.1:1", ("--user", "hub", "--password-file", password)
    assert call("live", "--team", team, "--from", to, "--headless", *options) == told
    assert call("gateway", "--team", team, "--to", to, *options) == told
    password.chmod(0o400)
    assert "no broker listens" in call("live", "--team", team, "--from", to, "--headless", *options)[1]


def test_the_broker_s_files_are_their_owner_s_alone_and_an_old_folder_is_kept(tmp_path: Path, call: Call) -> None:
    asked = ("broker-config", "--out", tmp_path / "b", "--host", "hub.local", "--user", "north")
    assert call(*asked)[0] == 0
    files = {path.name: path for path in (tmp_path / "b").iterdir()}
    assert {"mosquitto.conf", "ca.crt", "server.key", "north.password", "hub.password"} <= files.keys()
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in files.values())
    assert files["north.password"].read_text(encoding="utf-8").strip() not in files["passwords"].read_text("utf-8")
    code, said = call(*asked)
    assert code == 1 and said.endswith("File exists")
