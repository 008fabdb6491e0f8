"""The house's walls: who may import what, read from the imports themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "monitor"
FILES = sorted(PACKAGE.rglob("*.py"))
STAGE_ROOMS = ("conditioning", "contraction", "fatigue", "warning")
ORDER = ("acquisition", *STAGE_ROOMS)
VOCABULARY = {"settings"}  # known everywhere, and knows nothing but its errors
OUTSIDE = {
    "time",
    "datetime",
    "asyncio",
    "threading",
    "socket",
    "pathlib",
    "os",
    "io",
    "bleak",
    "bumble",
    "pyqtgraph",
    "random",
}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def _uses(path: Path, library: str) -> bool:
    return any(name == library or name.startswith(f"{library}.") for name in _imports(path))


@pytest.mark.parametrize(
    "library,rooms", [("bleak", {"acquisition"}), ("pyqtgraph", {"dashboard"}), ("PySide6", {"dashboard"})]
)
def test_only_one_room_uses_it(library: str, rooms: set[str]) -> None:
    users = {_room(path) for path in FILES if _uses(path, library)}
    assert users <= rooms
    assert users


def test_bumble_stays_with_the_radio_and_the_simulation() -> None:
    users = {path.relative_to(PACKAGE).as_posix() for path in FILES if _uses(path, "bumble")}
    assert users
    assert all(name.startswith(("acquisition/bumble_", "acquisition/radio", "simulation/")) for name in users), users


@pytest.mark.parametrize(
    "path", [p for p in FILES if _room(p) in STAGE_ROOMS], ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_stages_know_no_clock_no_radio_no_file_no_window(path: Path) -> None:
    assert not {name.split(".")[0] for name in _imports(path)} & OUTSIDE


@pytest.mark.parametrize(
    "path", [p for p in FILES if _room(p) in ORDER], ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_rooms_look_only_upstream(path: Path) -> None:
    """The folders stand in the order in which the data passes them."""
    allowed = ORDER[: ORDER.index(_room(path)) + 1]
    rooms = {name.split(".")[1] for name in _imports(path) if name.startswith("monitor.") and "." in name}
    foreign = {room for room in rooms if (PACKAGE / room).is_dir()} - set(allowed) - VOCABULARY
    assert not foreign


def test_settings_know_no_room() -> None:
    for path in FILES:
        if _room(path) in VOCABULARY:
            own = {name for name in _imports(path) if name.startswith("monitor")}
            assert not {name for name in own if not name.startswith(("monitor.settings", "monitor.errors"))}, path


@pytest.mark.parametrize("room", ["dashboard", "recording"])
def test_sinks_know_nothing_of_each_other(room: str) -> None:
    others = {"dashboard", "recording", "cli", "simulation"} - {room}
    for path in FILES:
        if _room(path) == room:
            rooms = {name.split(".")[1] for name in _imports(path) if name.startswith("monitor.")}
            assert not rooms & others, path
