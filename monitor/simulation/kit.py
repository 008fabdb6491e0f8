"""The virtual athletes' equipment: per leg a uMyo on the calf and a WitMotion on shank and foot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from monitor.acquisition.profile import find
from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import emg_of
from monitor.simulation.imu import ImuSource
from monitor.simulation.orientation import OrientationSource
from monitor.simulation.radio import VirtualController, VirtualRadio
from monitor.simulation.scenario import Scenario
from monitor.simulation.sensor import VirtualSensor
from monitor.simulation.wearing import SampleSource
from monitor.team import Athlete, LegSide, Sensor, Team

EMG_PROFILE = "umyo"
IMU_PROFILE = "witmotion"
_SIDES: tuple[LegSide, ...] = ("left", "right")


@dataclass(frozen=True, slots=True)
class LegSignals:
    """What a sensor on one segment of a simulated leg measures."""

    calf: Calf
    segment: Literal["shank", "foot"]
    seed: int
    upper_hz: float | None = None  # where the EMG amplifier ends

    def emg(self, rate_hz: float, n_channels: int) -> SampleSource:
        """EMG over GM and GL in turn, uV."""
        labels = tuple(f"{('GM', 'GL')[number % 2]}{number // 2 or ''}" for number in range(n_channels))
        return emg_of(self.calf, labels, rate_hz=rate_hz, seed=self.seed, upper_hz=self.upper_hz)

    def imu(self, rate_hz: float) -> SampleSource:
        """Acceleration in g and angular rate in deg/s."""
        return ImuSource(self.calf, self.segment, rate_hz=rate_hz, seed=self.seed)

    def quat(self, rate_hz: float) -> SampleSource:
        """Orientation w x y z, as the sensor's own filter gives it."""
        return OrientationSource(ImuSource(self.calf, self.segment, rate_hz=rate_hz, seed=self.seed))


@dataclass(frozen=True, slots=True)
class Item:
    """One sensor of the equipment and where it sits."""

    athlete: int
    leg: LegSide
    place: Literal["calf", "shank", "foot"]

    @property
    def name(self) -> str:
        """The advertised name: "uMyo-1L", "WT1LS", "WT1LF"."""
        side = self.leg[0].upper()
        return (
            f"uMyo-{self.athlete}{side}" if self.place == "calf" else f"WT{self.athlete}{side}{self.place[0].upper()}"
        )

    @property
    def address(self) -> str:
        """A random static address of its own."""
        place = ("calf", "shank", "foot").index(self.place)
        return f"C4:00:00:{self.athlete:02X}:{_SIDES.index(self.leg):02X}:{place:02X}"

    @property
    def profile_id(self) -> str:
        """The profile that it speaks."""
        return EMG_PROFILE if self.place == "calf" else IMU_PROFILE

    @property
    def sensor(self) -> Sensor:
        """Its entry in the team."""
        if self.place == "calf":
            return Sensor(match=self.name, profile=self.profile_id, leg=self.leg, roles=("emg",), channels=("GM",))
        return Sensor(match=self.name, profile=self.profile_id, leg=self.leg, roles=(self.place,))


def items(athlete: int) -> Iterator[Item]:
    """The six sensors of one athlete, counted from 1."""
    for leg in _SIDES:
        for place in ("calf", "shank", "foot"):
            yield Item(athlete, leg, place)


def virtual_team(n_athletes: int) -> Team:
    """The team that wears the virtual equipment: A1, A2, ..."""
    athletes = [
        Athlete(name=f"A{number}", sensors=tuple(item.sensor for item in items(number)))
        for number in range(1, n_athletes + 1)
    ]
    return Team(athletes=tuple(athletes))


def virtual_sensors(
    radio: VirtualRadio, scenario: Scenario, n_athletes: int, seed: int, start_s: float = 0.0
) -> list[VirtualSensor]:
    """The virtual athletes' sensors on a virtual radio, still off; the seed makes each leg its own."""
    sensors = []
    for number in range(1, n_athletes + 1):
        calves = {leg: Calf(scenario, leg, seed + number - 1) for leg in _SIDES}
        for item in items(number):
            controller, profile = VirtualController(item.name, radio), find(item.profile_id, name=item.name)
            band_hz = profile.quality.bandwidth_hz
            segment = "foot" if item.place == "foot" else "shank"
            signals = LegSignals(calves[item.leg], segment, seed, band_hz[1] if band_hz else None)
            sensors.append(
                VirtualSensor(profile, signals, item.name, item.address, controller, controller, start_s=start_s)
            )
    return sensors
