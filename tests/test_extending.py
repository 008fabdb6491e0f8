"""A new sign and a new exporter, added to a copy of the package as monitor/README.md says, in the files that it names.

The new sensor is the Calfie of firmware_profiles/README.md: tests/cli/test_profiles_readme.py adds it as one file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "monitor"
README = (PACKAGE / "README.md").read_text(encoding="utf-8")

STAGE = '''
"""Tremor of the quiet calf: how unevenly its seconds are filled."""

import numpy as np

from monitor.chunk import Channel, Stream
from monitor.per_second import PerSecond


class Tremor(PerSecond):
    """Spread of the quiet amplitude over its mean, once a second; NaN = not quiet."""

    def __init__(self, quiet: Stream) -> None:
        super().__init__(quiet, Stream("tremor", 1.0, (Channel("spread", "1"),), quiet.source_id))

    def _second(self, rows):
        quiet = rows[rows[:, -1] == 1, 0]
        return (float(quiet.std() / quiet.mean()) if len(quiet) else np.nan,)
'''
WRITER = '''
"""One JSON object per sample."""

import json


def write(content, path):
    with path.open("x", encoding="utf-8") as file:
        for chunk in content.streams:
            for time_s, row in zip(chunk.time_s.tolist(), chunk.samples.tolist(), strict=True):
                file.write(json.dumps({"time_s": time_s} | dict(zip(chunk.stream.labels, row, strict=True))) + "\\n")
    return [path]
'''
SIGN_AT_WORK = """
import itertools, json
from monitor import Settings, shipped
from monitor.keeping import session_from_header
from monitor.recording.replay import RecordingSource
from monitor.warning import score, texts

with RecordingSource(shipped.folder("recordings") / "tiring.xdf") as source:
    session = session_from_header(source.header, settings=Settings())
    events = itertools.takewhile(lambda event: event.time_s < 12, source)
    evidence = [second for event in events for _, second in session.feed(event).seconds][-1].evidence
points = score.points(evidence, session.settings.tables)
told = texts.warn(evidence, points, score.total(points), session.settings)
print(json.dumps([evidence.tremor, points["tremor"], list(told)]))
"""


class House:
    """A copy of the package that is changed; `touched` says which files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.touched = folder, set[str]()
        shutil.copytree(PACKAGE, folder / "monitor", ignore=shutil.ignore_patterns("__pycache__", "_shipped"))
        for name in ("recordings", "firmware_profiles"):
            (folder / name).symlink_to(ROOT / name)

    def add(self, name: str, text: str) -> None:
        path = self.folder / "monitor" / name
        assert not path.exists()
        path.write_text(text, encoding="utf-8")
        self.touched.add(name)

    def change(self, name: str, pattern: str, to: str) -> None:
        """Once, where the pattern is found first."""
        path = self.folder / "monitor" / name
        text, n = re.subn(pattern, to, path.read_text(encoding="utf-8"), count=1, flags=re.M | re.S)
        assert n == 1, f"{name} has nothing like {pattern}"
        path.write_text(text, encoding="utf-8")
        self.touched.add(name)

    def run(self, *arguments: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(self.folder), "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def named_for(what: str) -> set[str]:
    """The files that the README names for adding this: the code spans of its point in the list."""
    point = README.split(f"- **{what}**")[1].split("\n- **")[0]
    return {span.removeprefix("monitor/") for span in re.findall(r"`([\w/]+(?:\.\w+|/))`", point)}


def allowed(touched: set[str], named: set[str]) -> bool:
    """Every touched file is named, or is new in a folder that is named."""
    return all(name in named or f"{name.partition('/')[0]}/" in named for name in touched)


def test_a_sign(house: House) -> None:
    house.add("warning/tremor.py", STAGE)
    signs = "warning/signs.py"
    house.change(signs, r"^from monitor\.warning\.relaxation ", r"from monitor.warning.tremor import Tremor\n\g<0>")
    house.change(signs, r"^    sustained: Floats\n", r"\g<0>    tremor: float\n")
    begun = r"\g<0>\1self._tremor, self._tremor_told = Tremor(self._ticks.output), (math.nan,)\n"
    house.change(signs, r"^( +)self\._ticks = [^\n]*\n", begun)
    pushed = r"\g<0>\1self._tremor_told = _newest(self._tremor.push(quiet_ticks), self._tremor_told)\n"
    house.change(signs, r"^( +)quiet_ticks = [^\n]*\n", pushed)
    house.change(signs, r"return Signs\(([^\n]*)\)\n", r"return Signs(\1, tremor=self._tremor_told[0])\n")
    house.change("warning/evidence.py", r"^    matched: bool[^\n]*\n", r"\g<0>    tremor: float | None = None\n")
    house.change("leg_evidence.py", r"^( +)cramp=[^\n]*\n", r"\g<0>\1tremor=known(signs.tremor),\n")
    house.change("warning/score.py", r'^KEYS = \("fatigue", ', r'\g<0>"tremor", ')
    house.change("warning/score.py", r"^    return \{\n", r'\g<0>        "tremor": evidence.tremor,\n')
    house.change("settings/tables.py", r'^INVOLUNTARY = \("relaxation", ', r'\g<0>"tremor", ')
    house.change("warning/texts/of_states.py", r'^    "quiet": "quiet EMG",\n', r'\g<0>    "tremor": "tremor",\n')
    house.change(
        "warning/texts/of_states.py",
        r'^        "quiet": lambda[^\n]*\n',
        r'        "tremor": lambda: f"tremor {evidence.tremor:.1f} of the mean",\n\g<0>',
    )
    tables = house.folder / "monitor" / "warning" / "tables.json"
    told = json.loads(tables.read_text(encoding="utf-8"))
    table = {"unit": "of the mean", "source": "assumed", "knots": [0.0, 0.001], "points": [0.0, 1.0]}
    told["tables"]["signs"]["tremor"] = table
    tables.write_text(json.dumps(told), encoding="utf-8")
    house.touched.add("warning/tables.json")

    assert allowed(house.touched, named_for("A sign")), house.touched
    spread, points, sentences = json.loads(house.run("-c", SIGN_AT_WORK))
    assert 0.001 < spread < 3 and points == 1.0
    assert f"tremor {spread:.1f} of the mean: +1.0 points" in sentences


def test_an_exporter(house: House) -> None:
    house.add("exporting/jsonl.py", WRITER)
    house.change("exporting/formats.py", r"^from monitor\.exporting import edf, ", r"\g<0>jsonl, ")
    house.change("exporting/formats.py", r'^    "\.edf": edf\.write,\n', r'\g<0>    ".jsonl": jsonl.write,\n')
    assert allowed(house.touched, named_for("An exporter")), house.touched
    (house.folder / "emg.csv").write_text("time_s,GM_uV\n" + "".join(f"{i / 500},{i % 7}\n" for i in range(50)))
    house.run("-m", "monitor", "convert", "emg.csv", "emg.jsonl")
    lines = (house.folder / "emg.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 50 and json.loads(lines[1]) == {"time_s": 0.002, "GM": 1.0}


def test_a_sensor_is_one_file_and_its_manual_is_run() -> None:
    assert named_for("A sensor") >= {"firmware_profiles/", "firmware_profiles/README.md"}
    manual = (ROOT / "firmware_profiles" / "README.md").read_text(encoding="utf-8")
    assert manual.count("<!-- run by tests/cli/test_profiles_readme.py -->") == 3
