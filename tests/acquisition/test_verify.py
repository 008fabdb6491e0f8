"""A profile is held against a sensor: the report says what fits and what does not, and names no device."""

from __future__ import annotations

import asyncio
import json

import numpy as np
import pytest
from changed import with_gatt, with_link, with_steps
from radio_rig import Room

from monitor.acquisition import tried as tried_module
from monitor.acquisition.profile import find
from monitor.acquisition.stream_checks import stream_checks
from monitor.acquisition.tried import UNTRIED, remark, tried
from monitor.acquisition.verify import verify
from monitor.errors import LinkError
from monitor.events import Notification

MYO = find("myo")


def report_on(room, profile, name=None, seconds=1.2, ask=None):
    return asyncio.run(verify(room, profile, name, seconds, ask, simulated=True))


def found(report):
    return {check.what: check for check in report.checks}


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr("monitor.acquisition.verify._FIND_S", 1.0)
    monkeypatch.setattr("monitor.acquisition.verify._SILENT_AFTER_S", 0.2)


def test_a_virtual_sensor_passes_what_it_can_show_and_the_report_names_no_device():
    report = report_on(Room({"Myo Kim": "myo"}), MYO)
    checks = found(report)
    for what in ("advert", "GATT table", "properties", "MTU", "packets", "start", "stop"):
        assert checks[what].passed, checks[what]
    assert 170 < float(checks["emg: rate"].finding.split()[0]) < 230  # a loaded machine sends in bursts
    assert "samples lost" in checks["counter and loss"].finding
    said = json.dumps(report.to_dict()) + report.to_markdown()
    assert "Kim" not in said and "C4:00" not in said
    assert {golden["packet"] for golden in report.golden} >= {"emg", "imu"}
    assert "a virtual sensor" in report.to_markdown()


def test_what_is_missing_or_too_small_or_silent_is_a_failed_check():
    more = MYO.gatt["imu"].model_copy(update={"char": "d5060402-a904-deb9-4748-2c7f4a12ffff"})
    checks = found(report_on(Room({"Myo": "myo"}), with_gatt("myo", more=more), seconds=0.3))
    assert checks["GATT table"].passed is False and "more" in checks["GATT table"].finding
    assert found(report_on(Room({"Myo": "myo"}), with_link("myo", min_mtu=500), seconds=0.3))["MTU"].passed is False
    silent = with_link("myo", first_packet_timeout_s=0.2)
    silent = silent.model_copy(update={"step": with_steps("myo", start=[]).step})
    report = report_on(Room({"Myo": "myo"}), silent, seconds=0.2)
    assert "no packet within" in found(report)["start"].finding
    assert not report.passed


@pytest.mark.parametrize(("answer", "passed"), [(True, True), (False, False), (None, None)])
def test_an_alert_is_only_known_to_work_if_somebody_noticed_it(answer, passed):
    profile = with_steps("myo", alert=[{"op": "write", "char": "command", "hex": "03 01 02", "response": True}])
    ask = None if answer is None else lambda _: answer
    assert found(report_on(Room({"Myo": "myo"}), profile, seconds=0.2, ask=ask))["alert"].passed is passed


def test_a_sensor_that_is_not_there_is_a_sentence():
    with pytest.raises(LinkError, match=r"no Myo armband is in range"):
        report_on(Room({"kettle": "umyo"}), MYO)


def wit(value, seconds=2.0, rate_hz=10.0):
    """Notifications of a WitMotion sensor that says the same all the time."""
    frame = bytes.fromhex("5561") + np.array([value, 0, 0] + [0] * 6, "<i2").tobytes()
    uuid = find("witmotion").packets[0].chars[0]
    char = find("witmotion").uuid(uuid)
    return [Notification(n / rate_hz, "", char, frame) for n in range(int(seconds * rate_hz))]


def test_numbers_that_cannot_be_what_they_are_said_to_be_are_found():
    profile = find("witmotion")
    right = {check.what: check for check in stream_checks(profile, wit(2048))}
    wrong = {check.what: check for check in stream_checks(profile, wit(512))}
    assert right["acc: scale"].passed and not wrong["acc: scale"].passed
    assert right["gyro: scale"].passed


def test_until_there_is_a_report_a_profile_is_from_documents(tmp_path, monkeypatch):
    monkeypatch.setattr(tried_module, "_folders", lambda: (tmp_path,))
    assert remark(MYO) == UNTRIED
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "myo.json").write_text("{}")
    assert tried(MYO) and remark(MYO) == ""
