"""`doctor`: the mend that fits the platform and the place."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from monitor.cli import mends, surroundings
from monitor.cli.demo import NEXT
from monitor.cli.doctor import EXTRAS, _links
from monitor.cli.mends import MENDS, Missing, Platform, linux_of, mend_bluetooth

ROOT = Path(__file__).parents[2]


def test_every_platform_has_a_mend_for_everything() -> None:
    assert {(platform, missing) for platform in Platform for missing in Missing} == {
        (platform, missing) for platform, of in MENDS.items() for missing in of
    }
    assert all(text and "\n" not in text for of in MENDS.values() for text in of.values())


@pytest.mark.parametrize(
    ("release", "raspberry", "expected"),
    [
        ({"ID": "debian"}, False, Platform.DEBIAN),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, False, Platform.DEBIAN),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, False, Platform.DEBIAN),
        ({"ID": "debian"}, True, Platform.RASPBERRY),
        ({"ID": "raspbian", "ID_LIKE": "debian"}, False, Platform.RASPBERRY),
        ({"ID": "fedora"}, False, Platform.FEDORA),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, False, Platform.FEDORA),
        ({"ID": "arch"}, False, Platform.LINUX),
        ({}, False, Platform.LINUX),
    ],
)
def test_a_linux_is_known_by_its_os_release(release: dict[str, str], raspberry: bool, expected: Platform) -> None:
    assert linux_of(release, raspberry=raspberry) is expected


@pytest.mark.parametrize(
    ("sentence", "platform", "mend"),
    [
        ("no Bluetooth here: the Bluetooth service (bluetoothd) is not running", Platform.DEBIAN, "apt install bluez"),
        ("no Bluetooth here: the Bluetooth service (bluetoothd) is not running", Platform.FEDORA, "dnf install bluez"),
        ("no Bluetooth here: Bluetooth is switched off: switch it on", Platform.DEBIAN, "bluetoothctl power on"),
        ("no Bluetooth here: this user may not talk to the Bluetooth service", Platform.DEBIAN, "usermod"),
        ("no Bluetooth here: this machine has no Bluetooth adapter", Platform.RASPBERRY, "disable-bt"),
        ("no Bluetooth here: this program may not use Bluetooth", Platform.MACOS, "Privacy"),
        ("no Bluetooth here: Bluetooth is switched off: switch it on", Platform.WINDOWS, "Settings"),
    ],
)
def test_what_the_radio_says_has_its_mend(
    sentence: str, platform: Platform, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mends, "this_platform", lambda: platform)
    assert mend in mend_bluetooth(sentence)


def test_a_container_is_told_how_to_reach_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    found = surroundings.surroundings({"container": "podman"})
    assert found.works is None and "container" in found.finding and "--headless" in found.mend
    monkeypatch.setattr(surroundings, "in_container", lambda _: False)
    found = surroundings.surroundings({"SSH_CONNECTION": "10.0.0.2 1 10.0.0.3 22"})
    assert found.works is None and "over SSH" in found.finding and "--web" in found.mend
    assert surroundings.surroundings({"SSH_CONNECTION": "x", "DISPLAY": "localhost:10.0"}).works
    assert "Wayland" in surroundings.surroundings({"WAYLAND_DISPLAY": "wayland-0"}).finding
    assert surroundings.surroundings({}).works


@pytest.mark.skipif(importlib.util.find_spec("PySide6") is None, reason="PySide6 is not installed")
def test_a_window_that_cannot_open_is_no_fault_where_there_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.dashboard.display.require_qt", lambda: None)
    monkeypatch.setattr("sys.platform", "linux")
    found = surroundings.window({})
    assert found.works is None and "terminal" in found.mend
    monkeypatch.setattr("monitor.sounding.loudspeaker.open_loudspeaker", lambda: "no loudspeaker was found")
    for shown, instead in ((False, "no tones"), (True, "desktop bell")):
        found = surroundings.sound(shown)
        assert (found.works, found.finding) == (None, f"{instead} (no loudspeaker was found)")


def test_a_team_of_lsl_streams_needs_no_adapter(tmp_path: Path) -> None:
    sensor = '[[athletes.sensors]]\nmatch = "emg-7"\nprofile = "lsl"\nleg = "left"\nroles = ["emg"]\n'
    (tmp_path / "team.toml").write_text(f'[[athletes]]\nname = "A7"\n{sensor}', encoding="utf-8")
    found = _links(tmp_path / "team.toml", "os", bluetooth=False)
    assert found.works is None and "no adapter" in found.finding and "--from lsl:" in found.mend
    assert "no profile" in _links(unknown(tmp_path, sensor), "os", bluetooth=False).finding


def unknown(folder: Path, sensor: str) -> Path:
    """A team of which one sensor has a profile that there is not."""
    other = sensor.replace("lsl", "umio").replace("emg-7", "emg-8")
    (folder / "mixed.toml").write_text(f'[[athletes]]\nname = "A7"\n{other}', encoding="utf-8")
    return folder / "mixed.toml"


def test_every_extra_that_is_named_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert {extra for extra, _ in EXTRAS.values()} <= extras.keys()


def test_the_demo_ends_with_what_to_do_next_with_real_sensors() -> None:
    steps = re.findall(r"^  crampwatch (\w+)", NEXT, re.M)
    assert steps == ["doctor", "scan", "pair", "live"]
