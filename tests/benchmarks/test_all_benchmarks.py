"""One command runs the benchmarks; the README's table is made from what it kept."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KEPT = json.loads((HERE / "RESULTS.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def benchmarks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("all_benchmarks", HERE / "__main__.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_readme_has_the_table_of_the_kept_results(benchmarks: ModuleType) -> None:
    assert benchmarks.markdown(KEPT) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_all_parts_are_kept_whole_and_none_failed(benchmarks: ModuleType) -> None:
    assert list(KEPT["parts"]) == list(benchmarks.PARTS) and not KEPT["quick"]
    assert not [name for name, found in KEPT["parts"].items() if "failed" in found]


def test_a_part_runs_and_its_rows_are_printed_and_kept(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--only", "memory", "recording", "--out", str(out)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=100).stdout
    assert len(told.splitlines()) == 4 and "MB after 4 min" in told
    assert list(json.loads(out.read_text(encoding="utf-8"))["parts"]) == ["memory", "recording"]


def test_a_part_that_fails_says_so_in_its_row(benchmarks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = benchmarks.Part("-c raise(SystemExit('no'+chr(32)+'broker'))", benchmarks.engine)
    monkeypatch.setattr(benchmarks, "PARTS", {"engine": broken})
    found = benchmarks.run("engine", quick=False)
    rows = list(benchmarks.rows_of({"parts": {"engine": found}}))
    assert [row[1] for row in rows] == ["failed: no broker"]
