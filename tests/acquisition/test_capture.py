"""What an unknown sensor says is kept, and begins a profile that loads."""

from __future__ import annotations

import asyncio
import json
import stat

import pytest
from radio_rig import Room

from monitor.acquisition.capture import capture, new_capture_file
from monitor.acquisition.profile import find, load_profile
from monitor.acquisition.skeleton import silence, skeleton
from monitor.cli.capture import capture as capture_command
from monitor.errors import LinkError, RecordingError

MYO = find("myo")
START = ("d5060401-a904-deb9-4748-2c7f4a124842", bytes.fromhex("0103030100"))


def captured(path, room, name="Myo", writes=(START,), seconds=0.6):
    with new_capture_file(path) as file:
        return asyncio.run(capture(room, name, seconds, file, writes))


def test_a_capture_holds_adverts_table_values_and_notifications_and_is_the_owners_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.acquisition.capture._LISTEN_S", 0.2)
    path = tmp_path / "myo.jsonl"
    records = captured(path, Room({"Myo": "myo"}))
    assert [json.loads(line) for line in path.read_text().splitlines()] == records
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kinds = {record["kind"] for record in records}
    assert kinds >= {"advert", "gatt", "read", "subscribe", "write", "notification"}
    told = {record["char"] for record in records if record["kind"] == "gatt"}
    assert told >= {spec.char for spec in MYO.gatt.values()}
    lengths = {len(record["hex"]) // 2 for record in records if record["kind"] == "notification"}
    assert lengths == {16, 20}
    with pytest.raises(RecordingError, match="cannot write"), new_capture_file(path):
        pass


def test_a_capture_that_is_given_up_before_its_first_line_leaves_no_file(tmp_path):
    path = tmp_path / "sensor.jsonl"
    with pytest.raises(KeyboardInterrupt), new_capture_file(path):
        raise KeyboardInterrupt
    assert not path.exists()


def test_a_profile_that_was_begun_from_a_capture_loads_and_decodes_what_was_captured(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.acquisition.capture._LISTEN_S", 0.2)
    records = captured(tmp_path / "myo.jsonl", Room({"Myo": "myo"}))
    toml = tmp_path / "begun.toml"
    toml.write_text(skeleton(records), encoding="utf-8")
    profile = load_profile(toml)
    assert profile.matches("Myo", [MYO.match.service_uuids[0]])
    assert {packet.select.length for packet in profile.packets} == {16, 20}
    assert "TODO" in toml.read_text()


def test_a_sensor_that_is_not_there_or_refuses_is_a_sentence_or_a_finding(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.acquisition.capture._LISTEN_S", 0.1)
    monkeypatch.setattr("monitor.acquisition.capture._FIND_S", 0.3)
    with pytest.raises(LinkError, match="no sensor 'kettle' is in range"):
        captured(tmp_path / "a.jsonl", Room({"Myo": "myo"}), "kettle")
    imu = MYO.gatt["imu"].char
    records = captured(tmp_path / "b.jsonl", Room({"Myo": "myo"}), writes=[(imu, b"x")], seconds=0.1)
    assert [record["what"] for record in records if record["kind"] == "refused"] == ["write"]
    assert "it sent nothing" in skeleton(records)
    assert "start command" in silence(records) and MYO.gatt["command"].char in silence(records)


def test_a_capture_without_a_notification_says_what_to_try(tmp_path, monkeypatch, capsys):
    async def silent(*_):
        table = {"kind": "gatt", "char": command, "service": "s", "props": ["write"], "room": 20}
        return [table, {"kind": "subscribe", "char": imu}]

    imu, command = MYO.gatt["imu"].char, MYO.gatt["command"].char
    monkeypatch.setattr("monitor.acquisition.capture.capture", silent)
    capture_command("Myo", tmp_path / "myo.jsonl", 0.1, None, tmp_path / "myo.toml", "virtual")
    said = capsys.readouterr().err
    assert "0 notifications" in said
    assert "start command" in said and f"--write UUID=HEX. It takes commands at {command}" in said


def test_nothing_to_subscribe_to_and_nothing_to_command_are_told_apart():
    assert "nothing to subscribe to" in silence([])
    assert "asleep" in silence([{"kind": "subscribe", "char": "x"}])
