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
    (peers,) = KEPT["parts"]["peers"]["answers"]
    assert not [row["path"] for row in peers if "missing" in row]


def test_the_kept_slopes_are_as_right_and_as_quick_as_promised() -> None:
    (peers,) = KEPT["parts"]["peers"]["answers"]
    found = {(row["path"], row["rate_hz"]): row for row in peers}
    assert abs(found["crampwatch", 1000.0]["slope_error_pct"]) < 3.0
    assert abs(found["crampwatch, mapped back", 500.0]["slope_error_pct"]) < 5.0
    others = [row for row in peers if not row["path"].startswith("crampwatch")]
    assert min(row["n"] for row in peers) >= 20 and min(row["times_ours"] for row in others) > 1.0


def test_the_kept_squad_lost_nothing_and_the_wall_was_in_time() -> None:
    for name in ("network", "outage"):
        (squad,) = KEPT["parts"][name]["answers"]
        assert squad["sensors"] == 60
        lost = ("blocks_missing", "packets_left_out", "packets_not_in_their_order")
        assert [squad[each] for each in lost] == [0, 0, 0]
        assert name == "outage" or squad["latency_p99_ms"] <= 150.0


def test_what_the_kept_leg_holds_does_not_grow_after_half_an_hour() -> None:
    (held_mb,) = KEPT["parts"]["memory"]["answers"]
    early, late = sorted(held_mb, key=int)
    assert int(early) > 30 and int(late) >= 2 * int(early) and held_mb[late] < 1.05 * held_mb[early]


def test_a_file_of_a_trial_is_not_gone_on_with(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    out.write_text(json.dumps(KEPT | {"quick": True}), encoding="utf-8")
    command = [sys.executable, "-m", "tests.benchmarks", "--only", "memory", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=100)
    assert done.returncode == 2 and "of a trial" in done.stderr


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
