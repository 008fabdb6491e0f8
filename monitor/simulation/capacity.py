"""How fast virtual sensors can run before the virtual radio no longer keeps up."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.acquisition.framing_model import SyncFraming
from monitor.acquisition.profile import find
from monitor.acquisition.profile_model import Profile
from monitor.errors import RadioError
from monitor.simulation.kit import virtual_team
from monitor.simulation.pacer import TICK_S

NOTIFICATIONS_PER_S = 2500.0
"""What the virtual radio carries, end to end over TCP, to be relied on.

Measured on two shared cores: 6000 a second while little else ran, 4250 while other programs took more than half of
both, 2500 to 2900 with twice as much load.
One notification costs 120-160 us in the simulator and 30-40 us in the monitor.
"""


def notifications_per_s(profile: Profile, speed: float) -> float:
    """Notifications per wall second of one virtual sensor. A byte stream's frames share one per tick of the pacer."""
    total = 0.0
    for notify in profile.sim.notify:
        spec = profile.packet(notify.packet)
        per_packet = spec.n_samples_in(spec.length_with(notify.repetitions or 0)) or 1
        packets = speed * notify.true_rate_hz / per_packet
        stream = any(isinstance(profile.framing_of(alias), SyncFraming) for alias in spec.chars)
        total += min(packets, 1 / TICK_S) if stream else packets
    return total


def largest_speed(sensors: Iterable[tuple[Profile, int]]) -> float:
    """The largest speed, whole numbers above 1, at which so many sensors of each profile can run.

    Below 1 the radio cannot carry them even in real time.
    """
    counted = tuple(sensors)

    def load(speed: float) -> float:
        return sum(count * notifications_per_s(profile, speed) for profile, count in counted)

    if load(1.0) > NOTIFICATIONS_PER_S:
        return NOTIFICATIONS_PER_S / load(1.0)
    speed = 1.0
    while load(speed + 1) <= NOTIFICATIONS_PER_S and speed < 1000:
        speed += 1
    return speed


def refuse_too_fast(athletes: int, speed: float) -> None:
    """Raises: RadioError where the virtual radio cannot carry so many virtual athletes at this speed."""
    sensors = [sensor for athlete in virtual_team(athletes).athletes for sensor in athlete.sensors]
    largest = largest_speed(
        (find(sensor.profile, sensor.variant, sensor.options, sensor.match), 1) for sensor in sensors
    )
    if speed > largest:
        raise RadioError(
            f"the virtual radio cannot carry {athletes} athlete(s) at {speed:g} x;"
            f" the largest that works is {largest:g}"
        )
