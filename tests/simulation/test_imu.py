import numpy as np
import pytest
from vqf import VQF

from monitor.simulation.calf import Calf
from monitor.simulation.imu import ImuSource
from monitor.simulation.scenario import scenario

G_M_S2 = 9.80665


def inclination_deg(source: ImuSource, samples: np.ndarray) -> np.ndarray:
    """Pitch about the sensor's true hinge from a 6D orientation filter."""
    gyr = np.ascontiguousarray(np.radians(samples[:, 3:]))
    w, x, y, z = VQF(1.0 / source.rate_hz).updateBatch(gyr, np.ascontiguousarray(samples[:, :3] * G_M_S2))["quat6D"].T
    up = np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
    ahead = np.cross(source.hinge, [0.2, 0.5, 0.8])
    ahead /= np.linalg.norm(ahead)
    return -np.degrees(np.arctan2(up @ ahead, up @ np.cross(ahead, source.hinge)))


@pytest.mark.parametrize("size", [1, 13, 401])
def test_the_size_of_the_reads_does_not_matter(size: int):
    calf = Calf(scenario("rested"), "right", seed=4)
    _, whole = ImuSource(calf, "foot", rate_hz=100.0).read(1700)
    source = ImuSource(calf, "foot", rate_hz=100.0)
    parts = [source.read(each)[1] for each in [size] * (1700 // size) + [1700 % size]]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_standing_feels_one_g_and_the_gyro_its_bias():
    _, samples = ImuSource(Calf(scenario("rested"), "left", seed=5), "shank", rate_hz=100.0).read(800)
    assert np.linalg.norm(samples[:, :3], axis=1) == pytest.approx(1.0, abs=0.03)
    assert np.abs(samples[:, 3:].mean(axis=0)).max() < 2.0


def test_the_mounting_is_a_rotation_and_differs_between_sensors():
    calf = Calf(scenario("rested"), "left", seed=5)
    shank, foot = (ImuSource(calf, segment, rate_hz=100.0).mounting for segment in ("shank", "foot"))
    for mounting in (shank, foot):
        np.testing.assert_allclose(mounting @ mounting.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(mounting) == pytest.approx(1.0)
    assert np.abs(shank - foot).max() > 0.1


def test_the_rates_about_the_hinge_add_up_to_the_angle():
    calf = Calf(scenario("rested"), "left", seed=6)
    turned_deg = {}
    for segment in ("shank", "foot"):
        source = ImuSource(calf, segment, rate_hz=200.0)
        time_s, samples = source.read(5_000)
        rate_dps = (samples[:, 3:] - samples[time_s < 8.0, 3:].mean(axis=0)) @ source.hinge
        turned_deg[segment] = np.cumsum(rate_dps) / 200.0
    pumping = (time_s > 7.0) & (time_s < 23.0)
    plantar_deg = (turned_deg["foot"] - turned_deg["shank"])[pumping]
    plantar_deg -= plantar_deg[0]
    assert np.abs(plantar_deg + calf.angle_deg(time_s[pumping])).max() < 1.5


@pytest.mark.parametrize("leg", ["left", "right"])
def test_the_difference_of_inclinations_is_the_ankle_angle(leg):
    """Raises, holds and walking through an orientation filter: what the sensors feel fits together."""
    calf = Calf(scenario("rested"), leg, seed=3)
    sources = [ImuSource(calf, segment, rate_hz=100.0) for segment in ("shank", "foot")]
    time_s, shank = sources[0].read(16_000)
    _, foot = sources[1].read(16_000)
    plantar_deg = inclination_deg(sources[1], foot) - inclination_deg(sources[0], shank)
    plantar_deg = (plantar_deg - np.median(plantar_deg[200:700]) + 180.0) % 360.0 - 180.0
    error_deg = plantar_deg + calf.angle_deg(time_s)
    assert np.sqrt((error_deg[200:] ** 2).mean()) < 1.0


def test_pumping_and_walking_show_the_hinge():
    calf = Calf(scenario("rested"), "left", seed=8)
    for segment, start_s, end_s in (("foot", 8.0, 23.0), ("shank", 23.0, 43.0)):
        source = ImuSource(calf, segment, rate_hz=100.0)
        source.seek(start_s)
        _, samples = source.read(int(100 * (end_s - start_s)))
        rates = samples[:, 3:] - samples[:, 3:].mean(axis=0)
        axis = np.linalg.svd(rates, full_matrices=False)[2][0]
        assert np.degrees(np.arccos(min(1.0, abs(axis @ source.hinge)))) < 6.0


def test_heel_strikes_shake_the_foot_and_the_sensor_clips_at_its_range():
    calf = Calf(scenario("rested"), "left", seed=8)
    source = ImuSource(calf, "foot", rate_hz=100.0)
    narrow = ImuSource(calf, "foot", rate_hz=100.0, acc_range_g=1.5, gyr_range_dps=250.0)
    (time_s, wide), (_, clipped) = source.read(4300), narrow.read(4300)
    np.testing.assert_array_equal(clipped, np.clip(wide, *np.repeat([[-1.5, 1.5], [-250.0, 250.0]], 3, axis=0).T))
    assert np.abs(wide[:, :3]).max() > 1.8
    strikes = calf.strikes(24.0, 42.0)[0]
    felt_g = np.linalg.norm(wide[:, :3], axis=1)
    shaken = [np.abs(felt_g[(time_s > at_s) & (time_s < at_s + 0.06)] - 1.0).max() for at_s in strikes]
    assert np.median(shaken) > 0.5
