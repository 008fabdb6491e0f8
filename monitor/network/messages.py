"""The topics, and the small messages beside the blocks: JSON, checked, bounded.

crampwatch/1/gateway/NAME/block     blocks (QoS 1)
crampwatch/1/gateway/NAME/beat      each 0.5 s (QoS 0, so that none waits anywhere): `GatewayBeat`
crampwatch/1/gateway/NAME/status    retained; the last will says "lost": `Status`
crampwatch/1/gateway/NAME/alert     a hub asks: let this sensor draw attention to itself (its name, QoS 0)
crampwatch/1/hub/NAME/beat          each 0.5 s (QoS 0): `HubBeat`
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor.errors import NetworkError

ROOT = "crampwatch/1"
BEAT_S = 0.5
MOST_SENSORS = 1000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
Name = Annotated[str, Field(pattern=rf"^{_NAME.pattern}$")]
SensorName = Annotated[str, Field(min_length=1, max_length=4000)]
Dbm = Annotated[float, Field(ge=-200, le=100)]
Count = Annotated[int, Field(ge=0, lt=2**63)]
Run = Annotated[int, Field(ge=0, lt=2**64)]


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)

    def text(self) -> bytes:
        """As JSON."""
        return self.model_dump_json().encode()

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Raises: NetworkError where it is none."""
        if len(content) > 200_000:
            raise NetworkError(f"a message of {len(content)} bytes is none")
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise NetworkError(f"a message that came cannot be read: {place} {first['msg']}") from error


class GatewayBeat(_Message):
    """now_s : the gateway's session clock as this is sent; epoch_s : Unix time at its 0.

    oldest, next : counters of the oldest block that it still keeps and of the next that it will make. held, heard : the
    sensors that it has, and those that it hears beside them, with their signal strength in dBm.
    """

    run: Run
    now_s: float
    epoch_s: float
    oldest: Count
    next: Count
    held: list[SensorName] = Field(default_factory=list, max_length=MOST_SENSORS)
    heard: dict[SensorName, Dbm] = Field(default_factory=dict, max_length=MOST_SENSORS)


class Status(_Message):
    """Where a gateway stands. profiles : the key of the firmware profile of each sensor, by its name.

    simulated : its sensors are virtual.
    """

    run: Run
    state: Literal["online", "lost", "ended"]
    simulated: bool = False
    profiles: dict[SensorName, str] = Field(default_factory=dict, max_length=MOST_SENSORS)


class Got(_Message):
    """What a hub has of a gateway: all blocks of a run before `next`; origin_s: the hub's session time at its 0.

    lacks : it has later ones, so that one may have been lost. leads : the hub's clock is this gateway's.
    """

    run: Run
    next: Count
    lacks: bool = False
    origin_s: float | None = None
    leads: bool = False


class HubBeat(_Message):
    """run : of this start of the hub. got : by the name of the gateway. ends : it says farewell."""

    run: Run
    ends: bool = False
    got: dict[Name, Got] = Field(default_factory=dict, max_length=MOST_SENSORS)


def checked_name(name: str) -> str:
    """The same name. Raises: NetworkError where it cannot stand in a topic."""
    if not _NAME.fullmatch(name):
        raise NetworkError(f"{name!r} is no name of a gateway or hub; letters, digits, - and _ make one")
    return name


def topic(kind: Literal["gateway", "hub"], name: str, what: str) -> str:
    """One topic, or with "+" in place of the name those of all."""
    return f"{ROOT}/{kind}/{name}/{what}"


def parts_of(topic_name: str) -> tuple[str, str, str]:
    """(kind, name, what) of a topic. Raises: NetworkError for any other."""
    kind, _, rest = topic_name.removeprefix(f"{ROOT}/").partition("/")
    name, _, what = rest.partition("/")
    if kind not in ("gateway", "hub") or not _NAME.fullmatch(name):
        raise NetworkError(f"{topic_name!r} is no topic of Crampwatch")
    return kind, name, what
