"""When packets do not decode: would they with another variant or option of the profile?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import starmap

from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import Profile
from monitor.acquisition.profile_loading import combinations


def fitting_choices(profile: Profile, notifications: Sequence[tuple[str, bytes]]) -> list[str]:
    """The words of the command line with which all of these decode: those that change the fewest choices.

    notifications: (characteristic UUID, bytes) in order.
    """
    here = _choice(profile.variant, profile.options)
    others = [chosen.items() - here.items() for chosen in combinations(profile.whole)]
    fitting = [changes for changes in others if changes and _all_decode(profile, here | dict(changes), notifications)]
    fewest = min(map(len, fitting), default=0)
    return [" ".join(starmap(_words, sorted(changes))) for changes in fitting if len(changes) == fewest]


def _choice(variant: str | None, options: Mapping[str, str]) -> dict[str, str]:
    return dict(options) if variant is None else {**options, "variant": variant}


def _words(name: str, value: str) -> str:
    return f"--variant {value}" if name == "variant" else f"--option {name}={value}"


def _all_decode(profile: Profile, chosen: dict[str, str], notifications: Sequence[tuple[str, bytes]]) -> bool:
    options = {name: value for name, value in chosen.items() if name != "variant"}
    decoder = Decoder(profile.whole.resolved(chosen.get("variant"), options))
    packets = [packet for uuid, payload in notifications for packet in decoder.push(uuid, payload)]
    return all(packet.error is None for packet in [*packets, *decoder.end()])
