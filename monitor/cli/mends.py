"""What is missing, and the exact mend on each platform."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path


class Platform(StrEnum):
    """What a mend depends on."""

    DEBIAN = "Debian, Ubuntu"
    RASPBERRY = "Raspberry Pi OS"
    FEDORA = "Fedora"
    LINUX = "another Linux"
    WINDOWS = "Windows"
    MACOS = "macOS"


class Missing(StrEnum):
    """What may be missing."""

    SERVICE = "the Bluetooth service"
    SWITCHED_OFF = "Bluetooth is off"
    PERMISSION = "the permission to use Bluetooth"
    ADAPTER = "a Bluetooth adapter"
    QT = "libraries of the window"
    SOUND = "a sound device"


_SWITCH_WINDOWS = "Settings, Bluetooth & devices: switch Bluetooth on"
_SWITCH_MACOS = "System Settings, Bluetooth: switch it on"
_DONGLE = "plug in a Bluetooth 4.2 or newer USB adapter"
_START = "sudo systemctl enable --now bluetooth"
_UNBLOCK = "rfkill unblock bluetooth && bluetoothctl power on"
_GROUP = 'sudo usermod -aG bluetooth "$USER", then log in anew'
_QT_APT = (
    "sudo apt install libegl1 libgl1 libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1"
    " libxcb-render-util0 libxcb-shape0 libfontconfig1 libdbus-1-3 libglib2.0-0"
)
_QT_DNF = (
    "sudo dnf install mesa-libEGL mesa-libGL xcb-util-cursor libxkbcommon-x11 xcb-util-wm xcb-util-image"
    " xcb-util-keysyms xcb-util-renderutil fontconfig dbus-libs glib2"
)
_NO_QT = "pip install --force-reinstall 'PySide6-Essentials>=6.10,<6.12'"
_BELL = "plug in a loudspeaker or headphones; until then the desktop's bell rings"

_ON_LINUX = {Missing.SWITCHED_OFF: _UNBLOCK, Missing.ADAPTER: _DONGLE, Missing.SOUND: _BELL}
MENDS: Mapping[Platform, Mapping[Missing, str]] = {
    Platform.DEBIAN: _ON_LINUX
    | {
        Missing.SERVICE: f"sudo apt install bluez && {_START}",
        Missing.PERMISSION: _GROUP,
        Missing.QT: _QT_APT,
    },
    Platform.RASPBERRY: _ON_LINUX
    | {
        Missing.SERVICE: f"sudo apt install bluez pi-bluetooth && {_START}",
        Missing.PERMISSION: _GROUP,
        Missing.ADAPTER: f"remove dtoverlay=disable-bt from /boot/firmware/config.txt and restart; or {_DONGLE}",
        Missing.QT: _QT_APT,
    },
    Platform.FEDORA: _ON_LINUX
    | {
        Missing.SERVICE: f"sudo dnf install bluez && {_START}",
        Missing.PERMISSION: "log in at the machine itself: the desktop's user may use Bluetooth",
        Missing.QT: _QT_DNF,
    },
    Platform.LINUX: _ON_LINUX
    | {
        Missing.SERVICE: f"install BlueZ with your package manager, then: {_START}",
        Missing.PERMISSION: _GROUP,
        Missing.QT: "install libEGL, libGL, libxkbcommon-x11 and the xcb-util libraries with your package manager",
    },
    Platform.WINDOWS: {
        Missing.SERVICE: "services.msc: start the Bluetooth Support Service",
        Missing.SWITCHED_OFF: _SWITCH_WINDOWS,
        Missing.PERMISSION: "Settings, Privacy & security, Radios: let apps control radios",
        Missing.ADAPTER: _DONGLE,
        Missing.QT: f"install the Microsoft Visual C++ redistributable, then: {_NO_QT}",
        Missing.SOUND: _BELL,
    },
    Platform.MACOS: {
        Missing.SERVICE: _SWITCH_MACOS,
        Missing.SWITCHED_OFF: _SWITCH_MACOS,
        Missing.PERMISSION: "System Settings, Privacy & Security, Bluetooth: allow your terminal, then open it anew",
        Missing.ADAPTER: _DONGLE,
        Missing.QT: _NO_QT,
        Missing.SOUND: _BELL,
    },
}
_SAID = (  # in the sentence about Bluetooth -> what is missing
    ("switched off", Missing.SWITCHED_OFF),
    ("may not", Missing.PERMISSION),
    ("policy", Missing.PERMISSION),
    ("no Bluetooth adapter", Missing.ADAPTER),
)


def this_platform() -> Platform:
    """Where this runs."""
    if sys.platform == "win32":
        return Platform.WINDOWS
    if sys.platform == "darwin":
        return Platform.MACOS
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return Platform.LINUX
    return linux_of(release, raspberry=Path("/etc/rpi-issue").exists())


def linux_of(release: Mapping[str, str], *, raspberry: bool = False) -> Platform:
    """The family of a Linux. release : its os-release; raspberry : the image is one of the Raspberry Pi's."""
    names = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if raspberry or "raspbian" in names:
        return Platform.RASPBERRY
    if names & {"debian", "ubuntu"}:
        return Platform.DEBIAN
    return Platform.FEDORA if names & {"fedora", "rhel", "centos"} else Platform.LINUX


def mend_bluetooth(sentence: str) -> str:
    """The mend for what the radio has said."""
    missing = next((missing for part, missing in _SAID if part in sentence), Missing.SERVICE)
    return MENDS[this_platform()][missing]
