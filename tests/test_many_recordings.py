"""Many items, few workers: the order, the same answers, and what a worker's death costs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batch_work import always_dies, dies_once, doubled, fails, hears_ctrl_c, refuses
from typer.testing import CliRunner

from monitor.analysis import analyse_files
from monitor.analysis_table import write_table
from monitor.batch import Lost, Workers, in_order
from monitor.cli import app
from monitor.cli.analyze import _answer
from monitor.errors import NetworkError, RecordingError
from monitor.kept_answers import Keeping

HERE = Path(__file__).parent


def test_one_process_and_two_give_the_same_in_order() -> None:
    alone = list(in_order(doubled, range(7), Workers()))
    assert alone == [2.0 * number for number in range(7)]
    assert list(in_order(doubled, range(7), Workers(jobs=2))) == alone


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has no such mask")
def test_a_process_never_hears_ctrl_c_and_this_one_does() -> None:
    assert list(in_order(hears_ctrl_c, range(3), Workers(jobs=2))) == [False] * 3
    assert hears_ctrl_c(0)


def test_a_process_that_dies_costs_time_and_no_answer(tmp_path: Path) -> None:
    items = [(number, tmp_path) for number in range(6)]
    assert list(in_order(dies_once, items, Workers(jobs=2))) == list(range(6))


def test_an_item_that_kills_every_process_is_given_up_alone() -> None:
    answers = list(in_order(always_dies, range(4), Workers(jobs=2)))
    assert isinstance(answers[1], Lost) and "died" in answers[1].why
    assert [answers[number] for number in (0, 2, 3)] == [0, 2, 3]


FAULT = "a fault in the program: KeyError('no such\\nstream') (batch_work.py, line "


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_that_nobody_foresaw_costs_its_own_answer_alone(jobs: int) -> None:
    answers = list(in_order(fails, range(4), Workers(jobs)))
    assert isinstance(answers[1], Lost) and answers[1].why.startswith(FAULT)
    assert [answers[number] for number in (0, 2, 3)] == [0, 2, 3]
    with pytest.raises(RecordingError, match="cannot keep"):
        list(in_order(refuses, range(2), Workers(jobs)))


def recording(path: Path, seed: int) -> Path:
    """Bursts of noise, a table of 20 s at 500 Hz."""
    time_s = np.arange(10_000) / 500
    noise = np.random.default_rng(seed).standard_normal(len(time_s))
    emg = noise * np.where(np.sin(2 * np.pi * time_s / 2.5) > 0, 100.0, 4.0)
    np.savez(path, time_s=time_s, GM_uV=emg)
    return path


@pytest.fixture
def calls(tmp_path: Path) -> list[dict[str, Path]]:
    return [{"emg": recording(tmp_path / f"{number}.npz", number)} for number in range(3)]


WORK = partial(
    _answer,
    more={"leg": "left", "calibration_s": None},
    span_s=(None, None),
    settings=None,
    command=("t",),
    newest=False,
)


def test_what_is_kept_is_taken_up_and_the_same(calls: list[dict[str, Path]], tmp_path: Path) -> None:
    keeping = Keeping(WORK, tmp_path / "kept", "as usual")
    first = [keeping(call) for call in calls]
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()}
    assert len(times) == 3
    assert [keeping(call) for call in calls] == json.loads(json.dumps(first))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()} == times, "nothing was made again"
    recording(calls[0]["emg"], seed=9)
    assert keeping(calls[0]) != first[0], "another file under the same name"
    assert Keeping(WORK, tmp_path / "kept", "otherwise").folder == keeping.folder
    assert len(list((tmp_path / "kept").iterdir())) == 4


def test_a_kept_answer_names_the_files_of_the_call(calls: list[dict[str, Path]], tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    other.symlink_to(calls[0]["emg"])
    rows = partial(as_a_season, of=WORK)
    for work in (WORK, rows):
        keeping = Keeping(work, tmp_path / "kept", "season" if work is rows else "analysis")
        for call in (calls[0], {"emg": other}):
            answer = keeping(call)
            named = [answer, *answer["inputs"], *answer.get("rows", [])]
            assert {each["file"] for each in named} == {str(call["emg"])}
    assert len(list((tmp_path / "kept").iterdir())) == 2, "the same file under two names is analysed once"


def as_a_season(call: dict[str, Path], of: Callable[[dict[str, Path]], dict[str, Any]]) -> dict[str, Any]:
    return of(call) | {"rows": [{"file": str(call["emg"])}]}


def test_a_failure_is_tried_again_and_a_broken_answer_made_anew(calls: list[dict[str, Path]], tmp_path: Path) -> None:
    keeping = Keeping(WORK, tmp_path / "kept", "as usual")
    missing = {"emg": tmp_path / "none.npz"}
    assert "error" in keeping(missing)
    answer = keeping(calls[0])
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_text(kept.read_text()[:-100])
    assert keeping(calls[0])["legs"] == answer["legs"]


def test_a_recording_that_breaks_the_program_is_listed_and_the_others_go_on(
    calls: list[dict[str, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(call: dict[str, Path], *_: object, **more: Any) -> dict[str, Any]:
        return {}["no such stream"] if call == calls[0] else analyse_files(call, **more)

    monkeypatch.setattr("monitor.analysis.analyse_files", breaks)
    names = [str(call["emg"]) for call in calls]
    done = CliRunner().invoke(app, ["analyze", *names, "--json", "--table", str(tmp_path / "t.csv")])
    assert done.exit_code == 1
    first, *others = (json.loads(line) for line in done.stdout.splitlines())
    assert first["error"].startswith(f"{names[0]}: a fault in the program: KeyError('no such stream')")
    assert [answer["file"] for answer in others] == names[1:] and all("legs" in answer for answer in others)
    assert (tmp_path / "t.csv").read_text().count("\n") == 3
    assert "1 of 3 recordings failed" in done.stderr


def test_tracks_are_kept_only_where_they_are_written(
    calls: list[dict[str, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A match's track is tens of megabytes: of thousands no memory holds them."""
    held: list[object] = []
    monkeypatch.setattr("monitor.cli.analyze._write", lambda answers, *_: held.append(answers))
    files = [str(call["emg"]) for call in calls[:2]]
    for option in ("--table", "--features"):
        done = CliRunner().invoke(app, ["analyze", *files, "--json", option, str(tmp_path / "t.csv")])
        assert done.exit_code == 0 and all(json.loads(line)["legs"][0]["track"] for line in done.stdout.splitlines())
    tracks = [[leg["track"] for answer in answers for leg in answer["legs"]] for answers in held]
    assert not any(tracks[0]) and all(tracks[1])


def test_a_season_lists_a_recording_that_breaks_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(call: dict[str, Path], settings: object) -> dict[str, Any]:
        return {"file": "b.xdf", "rows": []} if call["emg"].name == "b.xdf" else [][0]

    monkeypatch.setattr("monitor.season_rows.session_rows", breaks)
    for name in ("a.xdf", "b.xdf"):
        (tmp_path / name).touch()
    done = CliRunner().invoke(app, ["season", str(tmp_path)])
    assert done.exit_code == 1 and "a.xdf: a fault in the program: IndexError" in done.stderr
    assert done.stdout.startswith("0 sessions")


class Cluster:
    """A dask scheduler and two workers on this machine, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)])}
        at = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--scheduler-file", at, "--port", "0", "--host", "127.0.0.1")
        self.workers = [
            self._start("worker", "--scheduler-file", at, "--nthreads", "1", "--no-nanny", "--no-dashboard")
            for _ in range(2)
        ]
        end_s = time.monotonic() + 60.0
        while not at.exists():
            assert time.monotonic() < end_s, "the scheduler does not start"
            time.sleep(0.05)
        self.address: str = json.loads(at.read_text())["address"]

    def _start(self, what: str, *arguments: object) -> subprocess.Popen[bytes]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": self._environment}
        no_page = ("--no-dashboard",) if what == "scheduler" else ()
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + what, *map(str, (*arguments, *no_page))], **quiet
        )

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed", reason="a cluster needs dask: pip install 'crampwatch[cluster]'")
    running = Cluster(tmp_path_factory.mktemp("dask"))
    yield running
    running.stop()


def test_two_dask_workers_give_the_same_table_bit_for_bit(
    cluster: Cluster, calls: list[dict[str, Path]], tmp_path: Path
) -> None:
    tables = {}
    for name, workers in (("alone", Workers()), ("cluster", Workers(cluster=cluster.address))):
        answers = list(in_order(WORK, calls, workers))
        write_table(tmp_path / f"{name}.csv", answers)
        tables[name] = (tmp_path / f"{name}.csv").read_bytes()
    assert tables["alone"] == tables["cluster"]
    assert tables["alone"].count(b"\n") == 4


def test_a_killed_dask_worker_costs_time_and_no_answer(cluster: Cluster, tmp_path: Path) -> None:
    items = [(number, tmp_path) for number in range(6)]
    assert list(in_order(dies_once, items, Workers(cluster=cluster.address))) == list(range(6))
    assert sum(worker.poll() is not None for worker in cluster.workers) == 1
    assert cluster.workers and -next(w.returncode for w in cluster.workers if w.returncode) == signal.SIGKILL


def test_a_fault_on_a_dask_worker_costs_its_own_answer_alone(cluster: Cluster) -> None:
    first, second = in_order(fails, range(2), Workers(cluster=cluster.address))
    assert first == 0 and isinstance(second, Lost) and second.why.startswith(FAULT)


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("monitor.batch._CONNECT_S", 0.5)
    with pytest.raises(NetworkError, match="no dask scheduler answers"):
        list(in_order(doubled, [1], Workers(cluster="tcp://127.0.0.1:9")))
