"""What a foreign stream means: only what it tells, or the team file."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.acquisition.lsl_streams import foreign_stream
from monitor.errors import LinkError
from monitor.team import Sensor

SIX = ["AccelerationX", "AccelerationY", "AccelerationZ", "GyroX", "GyroY", "GyroZ"]


def sensor(role: str = "emg", **more: object) -> Sensor:
    return Sensor.model_validate({"match": "amp", "profile": "lsl", "leg": "left", "roles": [role], **more})


@pytest.mark.parametrize("unit,scale", [("microvolts", 1.0), ("µV", 1.0), ("uV", 1.0), ("mV", 1e3), ("Volts", 1e6)])
def test_emg_comes_in_microvolts(unit: str, scale: float) -> None:
    foreign = foreign_stream(sensor(), 1000.0, ["GM", "GL"], [unit, unit])
    assert [(one.label, one.unit) for one in foreign.stream.channels] == [("GM", "uV"), ("GL", "uV")]
    np.testing.assert_allclose(foreign.samples(np.ones((3, 2))), scale)
    assert foreign.stream.source_id == "amp" and foreign.stream.name == "emg"


def test_the_team_file_picks_and_names_channels_and_tells_their_unit() -> None:
    worn = sensor(only=["2"], channels=["SOL"], options={"unit": "counts"})
    foreign = foreign_stream(worn, 500.0, ["1", "2", "3"], ["", "", ""])
    assert foreign.stream.channels[0].label == "SOL" and foreign.stream.channels[0].unit == "counts"
    np.testing.assert_array_equal(foreign.samples(np.array([[1.0, 2.0, 3.0]])), [[2.0]])


@pytest.mark.parametrize(
    "names",
    [SIX, ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"], ["ACCX", "ACCY", "ACCZ", "GYROX", "GYROY", "GYROZ"]],
)
def test_motion_is_found_by_its_names_in_any_order(names: list[str]) -> None:
    order = [5, 0, 4, 1, 3, 2]
    units = ["m/s^2"] * 3 + ["rad/s"] * 3
    foreign = foreign_stream(sensor("shank"), 100.0, [names[i] for i in order], [units[i] for i in order])
    values = np.array([[9.80665, 0.0, 0.0, np.pi, 0.0, 0.0]])[:, order]
    np.testing.assert_allclose(foreign.samples(values), [[1, 0, 0, 180, 0, 0]], rtol=1e-6)


@pytest.mark.parametrize(
    "worn,rate_hz,labels,units,told",
    [
        (sensor(), 0.0, ["GM"], ["uV"], "tells a rate of 0"),
        (sensor(), 1000.0, ["GM"], [""], "tells no unit; the team file can"),
        (sensor(), 1000.0, ["GM"], ["furlongs"], "tells the unit 'furlongs'"),
        (sensor(only=["SOL"]), 1000.0, ["GM"], ["uV"], "no channel 'SOL'; it has GM"),
        (sensor(channels=["GM", "GL"]), 1000.0, ["1"], ["uV"], "names 2 channels, and it sends 1"),
        (sensor("foot"), 100.0, SIX[:5], ["g"] * 5, "are no motion sensor's"),
        (sensor("foot"), 100.0, SIX, ["g"] * 6, "are meant"),
    ],
)
def test_what_is_missing_is_told(worn: Sensor, rate_hz: float, labels: list[str], units: list[str], told: str) -> None:
    with pytest.raises(LinkError, match=told):
        foreign_stream(worn, rate_hz, labels, units)
