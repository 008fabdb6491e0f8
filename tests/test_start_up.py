"""Whoever waits for the help or a window waits for nothing that is not shown yet: what each of them has imported."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from cli.running import ENVIRONMENT, whole_program

from monitor.cli.commands import COMMANDS

ROOT = Path(__file__).parents[1]
RADIO_AND_FILES = {"asyncio", "bleak", "bumble", "h5py", "joblib"}
LIBRARIES = RADIO_AND_FILES | {"numpy", "pydantic", "pyqtgraph", "PySide6", "scipy", "vqf"}
DASHBOARD = {"numpy", "PySide6", "pyqtgraph"}
HELP = """
import contextlib
from monitor.__main__ import main
sys.argv = ["crampwatch", "--help"]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(None):
    main()
"""
START_WINDOW = """
from PySide6 import QtWidgets
QtWidgets.QDialog.exec = lambda window: (window.show(), QtWidgets.QApplication.processEvents())
from monitor.__main__ import main
sys.argv = ["crampwatch"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
assert "monitor.dashboard.start" in sys.modules
"""


def imported_by(program: str, state: Path) -> set[str]:
    """The modules that are there when it has run."""
    code = f"import json, sys\n{textwrap.dedent(program)}\nprint(json.dumps(sorted(sys.modules)))"
    environment = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | environment | {"XDG_STATE_HOME": str(state)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def libraries(modules: set[str]) -> set[str]:
    return {name.split(".")[0] for name in modules} & LIBRARIES


def test_the_help_needs_the_commands_sentences_only(tmp_path: Path) -> None:
    modules = imported_by(HELP, tmp_path)
    assert "typer.rich_utils" in modules  # it was printed
    assert not libraries(modules)
    assert {name for name in modules if name.startswith("monitor.cli.")} <= {
        "monitor.cli.commands",
        "monitor.cli.printing",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_says(name: str) -> None:
    command: Any = whole_program().commands[name]
    assert inspect.cleandoc(command.help).split("\n\n")[0] == COMMANDS[name]
    assert command.name == name


def test_every_command_with_an_example_is_in_the_list() -> None:
    files = (ROOT / "monitor" / "cli").glob("*.py")
    examples = re.findall(r"Example: crampwatch (\S+)", "".join(path.read_text("utf-8") for path in files))
    assert set(examples) == COMMANDS.keys()


def test_the_start_window_needs_no_session_and_no_other_window(tmp_path: Path) -> None:
    modules = imported_by(START_WINDOW, tmp_path)
    assert libraries(modules) <= {"numpy", "pydantic", "PySide6"}
    assert not modules & {"monitor.session", "monitor.engine", "monitor.dashboard.window", "monitor.dashboard.wall"}


def test_the_main_window_needs_no_other_window_and_no_filters(tmp_path: Path) -> None:
    modules = imported_by("from monitor.dashboard import get_ready; get_ready()", tmp_path)
    assert "monitor.dashboard.window" in modules
    assert libraries(modules) <= DASHBOARD
    assert not [name for name in modules if name.startswith(("monitor.dashboard.scientist", "monitor.dashboard.setup"))]
    assert not modules & {"monitor.session", "monitor.dashboard.wall", "monitor.dashboard.guided"}


def test_the_wall_needs_no_plots(tmp_path: Path) -> None:
    modules = imported_by("from monitor.dashboard import get_ready; get_ready(wall=True)", tmp_path)
    assert "monitor.dashboard.wall" in modules
    assert libraries(modules) <= {"numpy", "PySide6"}


def test_a_replay_is_opened_without_radio_filters_and_other_formats(tmp_path: Path) -> None:
    program = """
        from monitor import shipped
        from monitor.replaying import Replay
        from pathlib import Path
        Replay(shipped.recording(Path("electrode-off"))).stop()
    """
    modules = imported_by(program, tmp_path)
    assert not libraries(modules) & (RADIO_AND_FILES | {"PySide6", "scipy"})
    assert "monitor.importing.formats" not in modules
