"""Faults that a review found, so that they stay away."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from signals import muscle

from monitor.analysis import analyse, analyse_recording
from monitor.chunk import Channel, Chunk, Stream
from monitor.cli.running import recorder
from monitor.emg_path import EmgPath
from monitor.errors import RecordingError, TableError, WiringError
from monitor.events import Decoded, Heartbeat
from monitor.leg_tables import load_tables
from monitor.recording.header import session_header
from monitor.recording.recorder import Recorder
from monitor.session import Session
from monitor.settings import Settings
from monitor.simulation.recorded import session_events, simulated_team, write_session
from monitor.simulation.scenario import scenario
from monitor.stored import StoredBaseline
from monitor.warning.evidence import Evidence
from monitor.warning.score import points
from monitor.warning.state import State, StateMachine

SETTINGS = Settings()


def evidence(time_s: float, **changed: object) -> Evidence:
    usual = {"packets": True, "good": True, "quality": (), "calibration_fraction": 1.0, "compression": 1.0}
    usual |= {"stale": False, "baseline_hz": 110.0, "quiet_ratio": 1.0, "twitches_per_min": 0.0}
    usual |= {"twitch_baseline_per_min": 0.5, "shortened_share": 0.0}
    return Evidence(time_s=time_s, **(usual | changed))  # type: ignore[arg-type]


def test_fatigue_of_half_an_hour_ago_gives_no_points() -> None:
    old = evidence(0.0, compression=0.79, stale=True)
    assert points(old, SETTINGS.tables)["fatigue"] is None
    assert (points(evidence(0.0, compression=0.79), SETTINGS.tables)["fatigue"] or 0.0) > 0


def test_a_warning_ends_when_the_resting_calf_is_calm_whatever_the_fatigue_was() -> None:
    machine = StateMachine("A7", "left", SETTINGS)
    machine.begin(0.0)
    risky = {"compression": 0.79, "quiet_ratio": 3.0, "twitches_per_min": 20.0, "relaxation_z": 4.0}
    for second in range(1, 12):
        machine.push(evidence(second, **risky))
    assert machine.state == State.WARN
    for second in range(12, 12 + 62):
        machine.push(evidence(second, compression=0.79, stale=True))
    assert machine.state != State.WARN


def test_seconds_in_a_row_do_not_hold_across_a_gap() -> None:
    machine = StateMachine("A7", "left", SETTINGS)
    machine.begin(0.0)
    risky = {"compression": 0.79, "quiet_ratio": 3.0, "twitches_per_min": 20.0, "relaxation_z": 4.0}
    for second in range(1, 5):
        machine.push(evidence(second, **risky))
    for second in range(5, 65):
        machine.push(evidence(second, packets=False, good=False))
    for second in range(65, 68):
        machine.push(evidence(second, **risky))
    assert not machine.memory.risk


def test_one_bad_electrode_leaves_the_signs_of_the_other_channel() -> None:
    emg = Stream("emg", 1000.0, (Channel("GM", "uV"), Channel("GL", "uV")), "test")
    path = EmgPath(emg, None, SETTINGS)
    time_s = np.arange(60_000) / 1000
    samples = np.stack([muscle(60.0, 3.0, seed) for seed in (3, 4)], axis=1)
    samples[30_000:, 1] = 7.0  # GL falls off
    path.push(Chunk(emg, time_s, samples))
    nothing = np.empty(0)
    seconds = [path.close(float(second), nothing, nothing, False) for second in range(1, 60)]
    assert math.isfinite(seconds[-1].signs.quiet_ratio) and seconds[-1].signs.quiet_ratio == pytest.approx(1.0, abs=0.1)
    assert math.isfinite(seconds[-1].signs.twitches_per_min)


def test_a_sensor_of_200_hz_says_nothing_about_the_spectrum() -> None:
    emg = Stream("emg", 200.0, (Channel("GM", "uV"),), "test")
    path, rng = EmgPath(emg, None, SETTINGS), np.random.default_rng(3)
    time_s = np.arange(24_000) / 200
    burst = np.where(time_s % 4 > 2, 200.0, 3.0)[:, None]
    path.push(Chunk(emg, time_s, rng.standard_normal((len(time_s), 1)) * burst))
    nothing = np.empty(0)
    seconds = [path.close(float(second), nothing, nothing, False) for second in range(1, 120)]
    assert not path.spectral
    assert all(math.isnan(second.compression[0]) for second in seconds)
    assert seconds[-1].compression[1] > 0, "contractions are counted all the same"


def test_an_angle_that_was_never_known_is_no_angle(tmp_path: Path) -> None:
    path = tmp_path / "short.xdf"
    write_session(scenario("tiring"), 1, 0.4, path)
    for leg in analyse_recording(path)["legs"]:
        assert leg["angle_source"] == "none" and leg["position_gated"] is False
        assert leg["ankle"]["shortened_s"] is None
        assert leg["angle_note"]


def _header() -> dict:
    team = simulated_team().model_dump(mode="json")
    facts = {"title": "x", "settings": SETTINGS.to_dict(), "team": team, "profiles": {}, "speed": 1.0}
    return session_header(**facts, simulated=True, epoch_s=0.0)


@pytest.mark.parametrize("time_s", [3e6, math.inf, math.nan])
def test_a_recording_that_jumps_in_time_is_damaged_and_hangs_nothing(tmp_path: Path, time_s: float) -> None:
    recorded = Recorder(tmp_path / "jump.xdf", _header())
    for event in session_events(scenario("tiring"), 1, 3.0):
        recorded.put(event, (), ())
    recorded.put(Heartbeat(time_s), (), ())
    recorded.close()
    with pytest.raises(RecordingError, match="damaged"):
        analyse_recording(tmp_path / "jump.xdf")


def test_a_table_with_a_gap_of_days_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gap.csv"
    rows = [f"{time_s:.3f},{i % 7}" for i, time_s in enumerate(np.r_[np.arange(3000), 2e8 + np.arange(3000)] / 1000)]
    path.write_text("time_s,GM_uV\n" + "\n".join(rows))
    with pytest.raises(TableError, match="gap"):
        analyse(load_tables(emg=path))


def test_a_stream_that_changes_its_form_is_refused() -> None:
    session = Session(simulated_team(), {}, SETTINGS)
    for n_channels in (2, 3):
        stream = Stream("emg", 1000.0, tuple(Channel(str(c), "uV") for c in range(n_channels)), "x")
        event = Decoded(0.0, "sim-left-emg", Chunk(stream, np.array([0.1]), np.zeros((1, n_channels))))
        if n_channels == 2:
            session.feed(event)
    with pytest.raises(WiringError, match="changes its form"):
        session.feed(event)


@pytest.mark.parametrize(
    "wrong", [{"floor_uv": "x"}, {"floor_uv": math.nan}, {"quiet_uv": [1.0, 2.0]}, {"labels": ["a"] * 3}]
)
def test_stored_baselines_are_checked(wrong: dict) -> None:
    file = Path(__file__).parents[1] / "recordings" / "virtual-athlete.json"
    good = json.loads(file.read_text())["legs"][0]["emg"]
    StoredBaseline.from_dict(good)
    with pytest.raises((ValueError, TypeError)):
        StoredBaseline.from_dict(good | wrong)


def test_a_recording_that_is_not_whole_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "failure", property(lambda self: "the disk is full"))
    with (
        pytest.raises(RecordingError, match="not whole: the disk is full"),
        recorder(tmp_path / "x.xdf", _header) as file,
    ):
        file.put(Heartbeat(0.5), (), ())


@pytest.mark.parametrize(("factor", "serves"), [(1.0, True), (0.99, True), (1.011, True), (0.5, False)])
def test_a_stored_baseline_serves_where_the_rate_is_measured_a_little_off(factor: float, serves: bool) -> None:
    file = Path(__file__).parents[1] / "recordings" / "virtual-athlete.json"
    stored = StoredBaseline.from_dict(json.loads(file.read_text())["legs"][0]["emg"])
    emg = Stream("emg", 1137.3 * factor, (Channel("GM", "uV"),), "test")
    frequency_hz = EmgPath(emg, None, SETTINGS).compression.frequency_hz
    fit = stored.fit_for(("GM",), frequency_hz)
    assert (fit is not None) == serves
    if fit is not None:
        score_hz = np.asarray(stored.frequency_hz)[list(stored.fit.score_bins)]
        assert np.abs(frequency_hz[list(fit.score_bins)] - score_hz).max() < 4.0
    assert stored.fit_for(("GL",), frequency_hz) is None
