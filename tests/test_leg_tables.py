"""One leg's tables: analysed, played and converted, they say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from monitor import shipped
from monitor.acquisition.tables import IMU_CHANNELS
from monitor.chunk import Channel, Chunk, Stream
from monitor.cli import app
from monitor.importing.formats import read_file
from monitor.leg_tables import load_tables
from monitor.recording import xdf
from monitor.recording.xdf_header import signal_stream, to_xml
from monitor.replaying import Replay

SECONDS = 150.0
IMU_COLUMNS = [f"{channel.label}_{'g' if channel.unit == 'g' else 'dps'}" for channel in IMU_CHANNELS]


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lines(*arguments: object) -> list[dict]:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Path:
    """The left leg of a sample, with a lost link, a gap and an angle that stops early; on a clock that begins late."""
    folder = tmp_path_factory.mktemp("tables")
    streams = read_file(shipped.folder("recordings") / "tiring.xdf").streams
    for chunk in streams:
        role = next((role for role in ("emg", "shank", "foot") if role in chunk.stream.source_id.lower()), "emg")
        rows = chunk.time_s <= SECONDS
        time_s, samples = chunk.time_s[rows], chunk.samples[rows].copy()
        names = IMU_COLUMNS if role != "emg" else [f"{label}_uV" for label in chunk.stream.labels]
        if role == "emg":
            samples[(time_s > 60) & (time_s < 75)] = np.nan
            there = (time_s < 100) | (time_s > 108)
            time_s, samples = time_s[there], samples[there]
        np.savez(folder / f"{role}.npz", time_s=500 + time_s, **dict(zip(names, samples.T, strict=True)))
    angle_s = 500 + np.arange(0, 120, 0.01)
    np.savez(folder / "angle.npz", time_s=angle_s, ankle_deg=10 * np.sin(angle_s))
    return folder


def given(tables: Path, *roles: str) -> list[object]:
    return [part for role in roles for part in (f"--{role}", tables / f"{role}.npz")]


def bare(changes: list[dict]) -> list[dict]:
    return [{key: value for key, value in change.items() if key not in ("athlete", "leg")} for change in changes]


@pytest.mark.parametrize(
    "call",
    [
        (("emg",), ()),
        (("emg", "shank", "foot"), ("--leg", "left")),
        (("emg", "shank", "foot"), ("--leg", "left", "--calibration", "0", "40")),
        (("emg", "angle"), ("--leg", "right", "--set", "gate.on_floor=6")),
    ],
)
def test_a_replay_says_what_analyze_says(tables, call):
    roles, options = call
    arguments = [*given(tables, *roles), *options, "--json"]
    ((answer,), played) = lines("analyze", *arguments), lines("replay", *arguments, "--speed", "max")
    assert bare(played) == answer["legs"][0]["states"]
    assert {"NO_SIGNAL", "CALIBRATING"} <= {change["state"] for change in played} and len(played) >= 4
    side = answer["legs"][0]["leg"]
    assert {(change["athlete"], change["leg"]) for change in played} == {(None, side)}


def test_speed_and_start_change_nothing(tables):
    leg = load_tables(emg=tables / "emg.npz", angle=tables / "angle.npz", leg="left")
    straight, later = Replay(leg, speed=None), Replay(leg, speed=1000.0, start_s=80.0)
    straight.run()
    later.run()
    assert straight.states == later.states != []
    assert straight.duration_s == later.duration_s == pytest.approx(SECONDS, abs=0.1)


def test_a_file_of_emg_plays_as_it_is_analysed(tables):
    (answer,) = lines("analyze", tables / "emg.npz", "--json")
    assert bare(lines("replay", tables / "emg.npz", "--json", "--speed", "max")) == answer["legs"][0]["states"]


def test_a_measured_angle_in_a_recording_is_used(tables, tmp_path):
    out = tmp_path / "leg.xdf"
    arguments = [*given(tables, "emg", "angle"), "--leg", "left"]
    assert run("convert", *arguments, out).exit_code == 0
    (recorded,), (plain,) = lines("analyze", out, "--json"), lines("analyze", *arguments, "--json")
    leg = recorded["legs"][0]
    assert (leg["angle_source"], leg["leg"]) == ("recorded", "left")
    assert leg["states"] == plain["legs"][0]["states"]
    degrees = np.array([np.nan if angle is None else angle for angle in leg["track"]["ankle_deg"]])
    assert np.nanmax(degrees) == pytest.approx(10, abs=0.5)
    assert bare(lines("replay", out, "--json", "--speed", "max")) == leg["states"]


def foreign(emg: Chunk, angle: Chunk) -> bytes:
    """As another program records it: every sample stamped, no seals, no word on who wears what."""
    content = xdf.MAGIC + xdf.pack_chunk(xdf.Tag.FILE_HEADER, b"<info><version>1.0</version></info>")
    for sid, chunk in ((1, emg), (2, angle)):
        header = to_xml(signal_stream(sid, chunk.stream, "float32", False))
        header = re.sub("<crampwatch>.*</crampwatch>", "", header, flags=re.DOTALL)
        told = np.ones(len(chunk), dtype=bool)
        content += xdf.pack_chunk(xdf.Tag.STREAM_HEADER, header.encode(), sid)
        content += xdf.pack_chunk(xdf.Tag.SAMPLES, xdf.pack_samples(chunk.time_s, chunk.samples, "<f4", told), sid)
    return content


def test_an_angle_that_another_program_recorded_is_used(tmp_path):
    time_s, angle_s = np.arange(40_000) / 1000, np.arange(4000) / 100
    noise = np.random.default_rng(1).normal(0, 20, (40_000, 1))
    emg = Chunk(Stream("emg", 1000.0, (Channel("GM", "uV"),), "amplifier"), time_s, noise)
    swing = Chunk(
        Stream("gonio", 100.0, (Channel("ankle", "deg"),), "goniometer"), angle_s, 8 * np.cos(angle_s)[:, None]
    )
    there, out = tmp_path / "lab.xdf", tmp_path / "leg.xdf"
    there.write_bytes(foreign(emg, swing))
    assert "convert" in str(run("replay", there, "--json").exception)
    assert run("convert", there, out, "--leg", "right").exit_code == 0
    (answer,) = lines("analyze", out, "--json")
    leg = answer["legs"][0]
    assert (leg["angle_source"], leg["leg"]) == ("recorded", "right")
    assert np.nanmax(np.array(leg["track"]["ankle_deg"], dtype=float)) == pytest.approx(8, abs=0.5)
    assert bare(lines("replay", out, "--json", "--speed", "max")) == leg["states"]


def test_what_makes_no_sense_together_is_said(tables):
    for arguments in ((), given(tables, "shank", "foot"), [tables / "emg.npz", *given(tables, "emg")]):
        assert run("replay", *arguments, "--json").exit_code != 0
    assert run("replay", "tiring", "--leg", "left", "--json").exit_code == 2


@pytest.mark.parametrize("span", [("25", "0"), ("5", "5"), ("nan", "3"), ("0", "inf")], ids=" to ".join)
def test_a_calibration_that_has_no_length_is_refused(tables, span):
    for command in ("analyze", "replay"):
        done = run(command, tables / "emg.npz", "--calibration", *span)
        assert done.exit_code == 2 and "two times in seconds" in done.output
