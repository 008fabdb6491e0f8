"""What an EMG sensor can show: where it is cut off, and where its band ends."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.acquisition.profile_model import Profile


@dataclass(frozen=True, slots=True)
class Limits:
    """rails : its lowest and highest sample, in its unit; corner_hz : its band's upper end (3 dB). None = not known."""

    rails: tuple[float, float] | None = None
    corner_hz: float | None = None

    @classmethod
    def of(cls, profile: Profile | None) -> Limits:
        """As a profile tells them."""
        if profile is None:
            return cls()
        rails = next((stream.saturation_in_unit for stream in profile.streams.values() if stream.kind == "emg"), None)
        band_hz = profile.quality.bandwidth_hz
        return cls(rails, None if band_hz is None else band_hz[1])

    def corner_within(self, high_hz: float) -> float | None:
        """The band's end where it lies below what is looked at; None = it does not, or is not known."""
        return self.corner_hz if self.corner_hz is not None and self.corner_hz < high_hz else None
