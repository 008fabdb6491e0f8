"""`analyze` as people and scripts use it."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from monitor.cli.analyze import analyze, verdict_sentence

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
IMU_HEADER = "time_s,acc_x_g,acc_y_g,acc_z_g,gyr_x_dps,gyr_y_dps,gyr_z_dps"

app = typer.Typer()
app.command()(analyze)


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """An hour-old clock: EMG of work and rest at 1000 Hz, IMUs and an angle at 100 Hz, one minute."""
    rng = np.random.default_rng(0)
    time_s = 3600 + np.arange(60_000) / 1000
    gm = rng.normal(size=60_000) * np.where(np.arange(60_000) % 4000 < 2000, 100, 1)
    rows = (
        f"{t:.3f},{x:.1f},{'' if i < 500 else f'{x:.1f}'}\n" for i, (t, x) in enumerate(zip(time_s, gm, strict=True))
    )
    (tmp_path / "emg.csv").write_text("time_s,GM_uV,GL_mV\n" + "".join(rows), encoding="utf-8")
    slow_s = 3600 + np.arange(6000) / 100
    imu = "".join(f"{t:.2f},0,0,1,0,0,0\n" for t in slow_s)
    for name in ("shank", "foot"):
        (tmp_path / f"{name}.csv").write_text(f"{IMU_HEADER}\n{imu}", encoding="utf-8")
    (tmp_path / "angle.csv").write_text(
        "time_s,ankle_deg\n" + "".join(f"{t:.2f},5\n" for t in slow_s), encoding="utf-8"
    )
    return tmp_path


def test_json_has_the_promised_keys(tables):
    done = run("--emg", tables / "emg.csv", "--leg", "left", "--json")
    assert done.exit_code == 0, done.output
    (line,) = done.stdout.splitlines()
    answer = json.loads(line)
    assert set(answer) >= {"crampwatch", "config_hash", "file", "duration_s", "legs"}
    assert answer["file"].endswith("emg.csv")
    assert answer["duration_s"] == pytest.approx(60)
    (leg,) = answer["legs"]
    assert set(leg) >= {"athlete", "leg", "angle_source", "position_gated", "channels", "ankle", "states", "track"}
    assert (leg["leg"], leg["angle_source"], leg["position_gated"]) == ("left", "none", False)
    assert set(leg["ankle"]) == {"rms_residual_deg", "shortened_s", "exposure_s_per_min", "knee"}
    assert set(leg["track"]) == {
        "time_s", "mdf_hz", "compression", "quiet_ratio", "twitches_per_min", "score", "ankle_time_s", "ankle_deg",
    }  # fmt: skip
    assert set(leg["fatigue"]) >= {
        "all",
        "plantarflexed",
        "matched_by",
        "quadrant",
        "recovered",
        "notes",
        "each_second",
    }
    assert leg["fatigue"]["matched_by"] == "effort" and any("less sure" in note for note in leg["fatigue"]["notes"])
    assert all(len(course) == 60 for course in leg["fatigue"]["each_second"].values())
    gm, gl = leg["channels"]
    assert set(gm) >= {
        "label", "rate_hz", "spectral_use", "good_fraction", "quality", "mdf_start_hz", "mdf_end_hz", "mdf_change_pct",
        "mdf_change_ci", "gate", "compression_end", "slope_pct_per_min", "slope_ci", "rms_change_pct", "fatigue",
    }  # fmt: skip
    assert set(gm["quality"]) == {"railed_s", "no_contact_s", "mains_s", "motion_s", "lost_s"}
    assert (gm["label"], gm["rate_hz"], gm["gate"], gm["fatigue"]) == ("GM", pytest.approx(1000), "emg", "no")
    assert gl["quality"]["lost_s"] == pytest.approx(0.5)
    assert gl["good_fraction"] == pytest.approx(1 - 0.5 / 60)


def test_a_span_counts_from_the_start_of_the_recording(tables):
    answer = json.loads(run(tables / "emg.csv", "--from", 10, "--to", 20, "--json").stdout)
    assert (answer["from_s"], answer["to_s"], answer["duration_s"]) == (10, 20, pytest.approx(60))
    assert answer["legs"][0]["channels"][0]["contraction_s"] == pytest.approx(4, abs=0.3)


def test_all_tables_of_a_leg_together(tables):
    arguments = [part for name in ("emg", "shank", "foot", "angle") for part in (f"--{name}", tables / f"{name}.csv")]
    done = run(*arguments, "--leg", "right", "--calibration", 0, 30, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["legs"][0]["leg"] == "right"


def test_a_failing_file_does_not_stop_the_others(tables):
    (tables / "bad.csv").write_text("time_s,GM_uV\n0,1\n1,oops\n", encoding="utf-8")
    done = run(tables / "bad.csv", tables / "emg.csv", tables / "missing.csv", "--json")
    assert done.exit_code == 1
    bad, good, missing = map(json.loads, done.stdout.splitlines())
    assert set(bad) == {"file", "error"}
    assert "oops" in bad["error"]
    assert good["legs"]
    assert missing == {
        "file": str(tables / "missing.csv"),
        "error": f"there is no file {tables / 'missing.csv'}; check its name",
    }


def test_without_json_errors_go_to_standard_error(tables):
    done = run(tables / "missing.csv", tables / "emg.csv")
    assert done.exit_code == 1
    assert "missing.csv" in done.stderr
    assert "missing.csv" not in done.stdout
    assert "GM: MDF" in done.stdout
    assert "fatigue no" in done.stdout
    assert "Hz" in done.stdout


def test_a_span_outside_the_recording_is_told(tables):
    done = run(tables / "emg.csv", "--from", 100)
    assert done.exit_code == 1
    assert "60.0 s" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["--from", "5"], ["a.csv", "--emg", "b.csv"], ["a.csv", "b.csv", "--shank", "s.csv"],
        ["a.csv", "--from", "9", "--to", "3"], ["a.csv", "--leg", "middle"], ["a.csv", "--from", "-1"],
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(arguments):
    assert run(*arguments).exit_code == 2


def test_an_imu_given_as_emg_is_told(tables):
    done = run(tables / "shank.csv", "--json")
    assert done.exit_code == 1
    assert "EMG table" in json.loads(done.stdout)["error"]


def test_the_sentence():
    channel = {
        "label": "GM", "spectral_use": "good", "rate_hz": 1000.0, "mdf_start_hz": 125.4, "mdf_end_hz": 108.8,
        "mdf_change_pct": -13.24, "mdf_change_ci": [-17.0, -9.0], "fatigue": "yes",
    }  # fmt: skip
    assert verdict_sentence(channel) == "GM: MDF 125.4 -> 108.8 Hz (-13.2 %, 95 % -17.0 .. -9.0): fatigue yes"
    unsure = verdict_sentence(channel | {"mdf_change_ci": None, "fatigue": "unknown"})
    assert unsure.endswith("too short for an interval): fatigue unknown")
    assert "too little contraction" in verdict_sentence(channel | {"mdf_change_pct": None, "fatigue": "unknown"})
    assert "cannot show it" in verdict_sentence(channel | {"spectral_use": "none", "fatigue": "unknown"})


@pytest.mark.skipif(not DATA.is_dir(), reason="the recorded test files are not beside this checkout")
def test_a_recorded_file():
    done = run(DATA / "emg_sustained" / "S8_EMG_bicep_sustained.wav", "--from", 11, "--to", 44, "--json")
    (channel,) = json.loads(done.stdout)["legs"][0]["channels"]
    assert (channel["fatigue"], channel["gate"], channel["rate_hz"]) == ("yes", "span", 10000)
    assert channel["mdf_change_pct"] == pytest.approx(-13.2, abs=4)
