"""What goes wrong in a soak of the whole product, and when: the same for the same seed.

Times are wall seconds since the field began. In each round every kind of fault comes once, in an order of its own; the
next begins when the one before has had time to be over.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass

GATEWAYS = ("gw1", "gw2")
HUB = "hub"
FIRST_S = 10.0  # until everybody is there and the clocks are known
SENSOR_LOSS, BROKER_KILLED, GATEWAY_KILLED, DISK_FULL = "sensor loss", "broker killed", "gateway killed", "disk full"
CLOCK_STEP, DELAY, PARTITION, SLOW_DISPLAY = "clock step", "network delay", "partition", "slow display"
LASTS_S = {
    SENSOR_LOSS: 3.0,
    BROKER_KILLED: 3.0,
    GATEWAY_KILLED: 1.0,  # and the start of the next
    DISK_FULL: 3.0,
    CLOCK_STEP: 0.5,
    DELAY: 3.0,
    PARTITION: 2.5,  # below the 3 s after which a hub goes on without a gateway
    SLOW_DISPLAY: 3.0,
}


@dataclass(frozen=True)
class Fault:
    """whom : a gateway, a sensor, or the hub; empty = the broker."""

    kind: str
    whom: str
    begin_s: float
    end_s: float


@dataclass(frozen=True)
class Plan:
    """speed : session seconds per wall second, of the sensors. every_s : wall seconds from one fault to the next."""

    seed: int
    seconds: float
    speed: float
    every_s: float
    sensors: tuple[str, ...]
    faults: tuple[Fault, ...]

    def sensors_of(self, gateway: str) -> list[str]:
        """Those that are near this gateway."""
        return [name for i, name in enumerate(self.sensors) if GATEWAYS[i % len(GATEWAYS)] == gateway]

    def absences(self, sensor: str) -> list[tuple[float, float]]:
        """When nobody hears it, session seconds of the field."""
        speed = self.speed
        return [(f.begin_s * speed, f.end_s * speed) for f in self.faults if (f.kind, f.whom) == (SENSOR_LOSS, sensor)]

    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Plan:
        """From JSON."""
        told = json.loads(text)
        faults = tuple(Fault(**fault) for fault in told["faults"])
        return cls(**told | {"sensors": tuple(told["sensors"]), "faults": faults})


def plan_of(seed: int, session_s: float, speed: float, every_s: float, n_sensors: int) -> Plan:
    """The faults of `session_s` seconds of session time; after the last one everything is given time to be well."""
    rng = random.Random(seed)
    sensors = tuple(f"uMyo-{number}" for number in range(1, n_sensors + 1))
    seconds, faults, kinds, n = session_s / speed, [], [], 0
    while (begin_s := FIRST_S + n * every_s) + every_s <= seconds:
        if not kinds:
            kinds = rng.sample(sorted(LASTS_S), len(LASTS_S))
        kind, n = kinds.pop(), n + 1
        at_s = round(begin_s + rng.uniform(0.0, 0.1) * every_s, 2)
        faults.append(Fault(kind, _whom(kind, rng, sensors), at_s, round(at_s + LASTS_S[kind], 2)))
    return Plan(seed, seconds, speed, every_s, sensors, tuple(faults))


def _whom(kind: str, rng: random.Random, sensors: tuple[str, ...]) -> str:
    if kind == BROKER_KILLED:
        return ""
    if kind == SENSOR_LOSS:
        return rng.choice(sensors)
    return HUB if kind in (SLOW_DISPLAY, DISK_FULL) else rng.choice(GATEWAYS)
