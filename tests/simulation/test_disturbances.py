"""What happens to a sensor shows in its signal at its true time, and the size of the reads does not matter."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.events import Decoded
from monitor.simulation.calf import Calf
from monitor.simulation.contact import Artefact, Contact, SensorPlan
from monitor.simulation.disturbances import DisturbedEmg, emg_of
from monitor.simulation.emg import EmgSource
from monitor.simulation.recorded import session_events
from monitor.simulation.scenario import Part, Scenario
from monitor.simulation.sessions import random_session
from monitor.simulation.wire import Wire

RATE_HZ = 1000.0


def calf_with(sensor: SensorPlan, *steps: str, seed: int = 1) -> Calf:
    played = Part.model_validate({"steps": steps or ("stand 60 s",)})
    return Calf(Scenario(name="one", title="", part=(played,), sensor=sensor), "left", seed)


def emg_uv(sensor: SensorPlan, *steps: str, seconds: float = 20.0, upper_hz: float | None = None) -> np.ndarray:
    source = emg_of(calf_with(sensor, *steps), ("GM", "GL"), rate_hz=RATE_HZ, upper_hz=upper_hz)
    return source.read(int(seconds * RATE_HZ))[1]


def told(kind: str, **more: object) -> SensorPlan:
    entry = {"kind": kind, "leg": "left", "start_s": 6.0, "end_s": 8.0, "size": 1000.0} | more
    return SensorPlan(event=(Artefact.model_validate(entry),))


def power_at(signal: np.ndarray, hertz: float) -> float:
    spectrum = np.abs(np.fft.rfft(signal)) * 2 / len(signal)
    return float(spectrum[round(hertz * len(signal) / RATE_HZ)])


def test_a_quiet_laboratory_changes_nothing():
    calf = calf_with(SensorPlan())
    assert isinstance(emg_of(calf, ("GM",), rate_hz=RATE_HZ), EmgSource)


@pytest.mark.parametrize("size", [1, 333, 4001])
def test_the_size_of_the_reads_does_not_matter(size: int):
    sensor = SensorPlan(mains_uv=20, motion_uv=60, lift_offs=300, cable_pops=300, shifts=60, rail_uv=900, step_uv=0.5)
    n = 3000 if size == 1 else 14000
    whole = emg_of(calf_with(sensor, "walk 60 s"), ("GM", "GL"), rate_hz=RATE_HZ, upper_hz=300.0).read(n)[1]
    source = emg_of(calf_with(sensor, "walk 60 s"), ("GM", "GL"), rate_hz=RATE_HZ, upper_hz=300.0)
    parts = [source.read(each)[1] for each in [size] * (n // size) + [n % size]]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_hum_has_its_amplitude_and_its_harmonics():
    hum = emg_uv(SensorPlan(mains_uv=40, mains_hz=60)) - emg_uv(SensorPlan())
    assert power_at(hum[:, 0], 60.0) == pytest.approx(40.0, rel=1e-3)
    assert power_at(hum[:, 0], 180.0) == pytest.approx(12.0, rel=1e-3)


def test_walking_shakes_the_electrodes_at_each_strike_below_20_hz():
    walking = [emg_uv(SensorPlan(motion_uv=size), "walk 60 s") for size in (0.0, 100.0)]
    shaken = (walking[1] - walking[0])[:, 0]
    strikes_s, _ = calf_with(SensorPlan(), "walk 60 s").strikes(1.0, 19.0)
    after = np.concatenate([shaken[int(1000 * at) : int(1000 * at) + 60] for at in strikes_s])
    before = np.concatenate([shaken[int(1000 * at) - 200 : int(1000 * at)] for at in strikes_s])
    assert after.std() > 10 * before.std()
    power = np.abs(np.fft.rfft(shaken)) ** 2
    assert power[: (30 * 20)].sum() > 0.8 * power.sum()


@pytest.mark.parametrize(("kind", "share"), [("lift-off", 1.0), ("cable pop", 0.4), ("mains", 0.9)])
def test_an_artefact_is_where_its_truth_is(kind: str, share: float):
    change = np.abs(emg_uv(told(kind, channel="GM")) - emg_uv(SensorPlan()))
    assert change[6000:8000, 0].max() > 900.0
    assert (change[6000:8000, 0] > 20.0).mean() > 0.9 * share
    assert change[:6000].max() == change[8001:].max() == change[:, 1].max() == 0.0


def test_a_lifted_electrode_says_nothing_of_the_muscle():
    calves = [calf_with(told("lift-off"), "raises 60 s", seed=seed) for seed in (1, 2)]
    one, other = (emg_of(calf, ("GM",), rate_hz=RATE_HZ).read(8000)[1][6100:7900] for calf in calves)
    np.testing.assert_allclose(one, other)


def test_a_shifted_electrode_changes_gain_and_spectrum_from_then_on():
    calf = calf_with(told("shift", size=0.6, scale=0.92, channel="GM"), "hold 60 s")
    time_s, plain = np.array([5.9, 6.1, 50.0]), calf_with(SensorPlan(), "hold 60 s")
    np.testing.assert_allclose(calf.rms_uv(time_s) / plain.rms_uv(time_s), [1.0, 0.6, 0.6])
    np.testing.assert_allclose(calf.spectral_scale(time_s) / plain.spectral_scale(time_s), [1.0, 0.92, 0.92])
    np.testing.assert_array_equal(calf.compression(time_s), 1.0)
    np.testing.assert_array_equal(calf.rms_uv(time_s, "GL"), plain.rms_uv(time_s, "GL"))


def test_the_amplifier_ends_at_its_rails_in_its_steps_and_at_its_frequency():
    railed = emg_uv(SensorPlan(rail_uv=100.0, step_uv=4.0), "raises 60 s")
    assert np.abs(railed).max() == 100.0
    assert set(np.unique(railed % 4.0)) <= {0.0}
    full, cut = (emg_uv(SensorPlan(mains_uv=0.001), "raises 60 s", upper_hz=upper) for upper in (None, 150.0))
    frequency = np.fft.rfftfreq(20000, 0.001)
    gain = np.abs(np.fft.rfft(cut[:, 0])) / np.abs(np.fft.rfft(full[:, 0]))
    assert np.median(gain[(frequency > 40) & (frequency < 110)]) == pytest.approx(1.0, abs=0.05)
    assert np.median(gain[frequency > 200]) < 0.02


def test_things_happen_as_often_as_asked_and_differ_between_legs():
    plan = SensorPlan(lift_offs=6.0, mains_bursts=3.0)
    found = [Contact(plan, leg, seed).artefacts(0.0, 36000.0) for seed in range(8) for leg in ("left", "right")]
    per_h = sum(item.kind == "lift-off" for items in found for item in items) / 160.0
    assert per_h == pytest.approx(6.0, abs=0.8)
    assert found[0] != found[1]
    pieces = [item for start in range(0, 36000, 500) for item in Contact(plan, "left", 0).artefacts(start, start + 500)]
    assert {item.start_s for item in pieces} == {item.start_s for item in found[0]}


def test_a_clock_drifts_stamps_scatter_and_packets_are_lost_in_bursts():
    plan = SensorPlan(drift_ppm=100, jitter_s=0.004, lost=0.05)
    wires = [Wire(plan, name, 1, 1000.0) for name in ("one", "other")]
    assert wires[0].rate_hz != wires[1].rate_hz
    assert all(abs(wire.rate_hz / 1000.0 - 1.0) <= 1e-4 for wire in wires)
    time_s = np.arange(100_000) / 1000.0
    stamps_s = wires[0].stamps_s(time_s)
    assert 0.001 < np.abs(stamps_s - time_s).max() <= 0.004
    assert np.diff(stamps_s).min() > 0
    lost = wires[0].lost(0, 2_000_000)
    assert lost.mean() == pytest.approx(0.05, abs=0.015)
    edges = np.diff(lost.astype(int))
    assert lost.sum() / (edges == 1).sum() > 40.0
    np.testing.assert_array_equal(lost[12345:34567], wires[0].lost(12345, 34567))


def test_a_recorded_session_shows_its_losses_as_nan_and_stays_on_the_clock():
    events = session_events(calf_with(SensorPlan(lost=0.1, drift_ppm=100), "walk 60 s").scenario, 1, 20.0)
    chunks = [event.chunk for event in events if isinstance(event, Decoded) and event.sensor == "sim-left-emg"]
    samples = np.concatenate([chunk.samples for chunk in chunks])
    time_s = np.concatenate([chunk.time_s for chunk in chunks])
    assert 0.01 < np.isnan(samples[:, 0]).mean() < 0.3
    assert np.all(np.diff(time_s) > 0) and time_s[-1] == pytest.approx(20.0, abs=0.01)


def test_random_sessions_have_sensors_that_are_not_perfect():
    sensors = [random_session(seed).sensor for seed in range(20)]
    assert len({sensor.motion_uv for sensor in sensors}) == 20
    calf = Calf(random_session(3), "left", 3)
    assert isinstance(emg_of(calf, ("GM",), rate_hz=RATE_HZ), DisturbedEmg)
