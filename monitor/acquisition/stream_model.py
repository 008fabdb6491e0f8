"""The part of the profile language that says what counts mean: kinds, units, scales, rates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from monitor.acquisition.link_model import Text
from monitor.acquisition.packet_model import Strict

StreamKind = Literal[
    "emg",
    "envelope",
    "acc",
    "gyro",
    "linear_acc",
    "mag",
    "quat",
    "euler",
    "battery",
    "heart_rate",
    "rr",
    "speed",
    "cadence",
    "stride",
    "distance",
    "temperature",
    "status",
]
Electric = Literal["uV", "mV", "V", "counts"]
Motion = Literal["g", "m/s^2", "deg/s", "deg", "uT", "1", "s", "m/s", "1/min", "m"]
Unit = Literal[Electric, Motion, "%", "bpm", "degC", "kJ"]
Number = Annotated[float, Field(strict=True)]


class StreamSpec(Strict):
    """One signal: unit value = (count - centre) * scale.

    fields: the packet fields of the channels, in order (empty: the field that has the stream's name).
    scale: a number, or [numerator, denominator]. calibrated: whether the unit is true, or nominal by the data sheets.
    clock: what stamps it: `counter`; `time` (the sensor's own); `count` (regular, without either); `arrival` (now and
    then); or another stream of the same sensor, beside whose packets it comes irregularly. saturation: the lowest and
    the highest count that the sensor can give.
    """

    kind: StreamKind
    packets: tuple[str, ...] = Field(min_length=1)
    fields: tuple[str, ...] = ()
    channels: tuple[Text, ...] = Field(min_length=1)
    unit: Unit
    scale: Number | tuple[Number, Number]
    centre: Number = 0.0
    calibrated: Literal["true", "nominal", "no"]
    normalise: bool = False
    rate_nominal_hz: float = Field(gt=0)
    rate_tolerance_pct: float = Field(gt=0, le=100)
    clock: str
    saturation: tuple[int, int] | None = None

    @property
    def gain(self) -> float:
        """Unit per count."""
        return self.scale[0] / self.scale[1] if isinstance(self.scale, tuple) else self.scale

    @property
    def saturation_in_unit(self) -> tuple[float, float] | None:
        """The rails in the stream's unit: at or beyond them the sensor clips. None = not known."""
        if self.saturation is None:
            return None
        low, high = sorted((count - self.centre) * self.gain for count in self.saturation)
        return low, high
