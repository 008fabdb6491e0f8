"""The parameters that a profile gives a codec, checked once when the profile is read."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.errors import ProfileError


def known(codec: str, params: Mapping[str, object], *names: str) -> None:
    """Raises: ProfileError if there is a parameter that the codec does not know."""
    for name in sorted(set(params) - set(names)):
        raise ProfileError(f"the codec {codec} has no parameter {name!r}; it has {', '.join(names) or 'none'}")


def whole(codec: str, params: Mapping[str, object], name: str, low: int, high: int, default: int | None = None) -> int:
    """A whole number from low to high. Raises: ProfileError if it is missing or none."""
    number = params.get(name, default)
    if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
        raise ProfileError(f"the codec {codec} needs {name} as a whole number from {low} to {high}, got {number!r}")
    return number
