"""Shipped profiles with something changed, for tests of what no shipped profile does yet."""

from __future__ import annotations

from monitor.acquisition.link_model import Characteristic, Step
from monitor.acquisition.profile import Profile, find

BATTERY = Characteristic(
    service="0000180f-0000-1000-8000-00805f9b34fb", char="00002a19-0000-1000-8000-00805f9b34fb", props=("read",)
)
SERIAL = Characteristic(
    service="0000180a-0000-1000-8000-00805f9b34fb", char="00002a25-0000-1000-8000-00805f9b34fb", props=("read",)
)


def with_steps(profile_id: str, **phases: list[dict[str, object]]) -> Profile:
    """A profile with other steps in these phases."""
    profile = find(profile_id)
    steps = {name: tuple(Step.model_validate(step) for step in given) for name, given in phases.items()}
    return profile.model_copy(update={"step": profile.step.model_copy(update=steps)})


def with_gatt(profile_id: str, **characteristics: Characteristic) -> Profile:
    """A profile whose virtual sensor has more to offer."""
    profile = find(profile_id)
    return profile.model_copy(update={"gatt": {**profile.gatt, **characteristics}})


def with_link(profile_id: str, **changes: object) -> Profile:
    """A profile with another `[link]`."""
    profile = find(profile_id)
    return profile.model_copy(update={"link": profile.link.model_copy(update=changes)})
