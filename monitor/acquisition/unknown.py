"""Why bytes are no packet, in words: cut by a small MTU, of another variant, too long, of no known kind."""

from __future__ import annotations

from monitor.acquisition.packet_model import PacketSpec
from monitor.acquisition.profile_model import Profile

_HEADER_BYTES = 3  # of a notification in the MTU


def why_unknown(profile: Profile, alias: str, payload: bytes) -> str:
    """The reason, without the profile's name."""
    n = len(payload)
    specs = [spec for spec in profile.packets if alias in spec.chars]
    lengths = sorted({spec.shortest for spec in specs})
    known = f"known are packets of {', '.join(map(str, lengths))} bytes"
    if other := _variant(profile, n):
        return f"{n} bytes on {alias} fit the variant {other!r}, not {profile.variant!r}: is it the right one?"
    if any(spec.n_samples_in(n) is not None for spec in specs):
        return f"{n} bytes on {alias} that begin with {payload[:4].hex(' ')} are of no known kind"
    cut = [spec for spec in specs if spec.shortest > n and _may_begin(spec, payload)]
    if n + _HEADER_BYTES < profile.link.min_mtu and cut and profile.framing_of(alias) is None:
        whole = min(cut, key=lambda spec: spec.shortest)
        return (
            f"{n} bytes on {alias} are a cut packet: {whole.id!r} has {whole.shortest}; the MTU is too small, "
            f"it must be {profile.link.min_mtu}"
        )
    if n > lengths[-1] and all(spec.select.length is not None for spec in specs):
        return f"{n} bytes on {alias} are too long; {known}"
    return f"{n} bytes on {alias} are a cut packet or of no known kind; {known} (is the MTU too small?)"


def _variant(profile: Profile, n: int) -> str | None:
    """Another variant whose packets have this length, where this one's have not."""
    lengths = profile.chosen.lengths if profile.chosen else {}
    if profile.variant is None or n in lengths.get(profile.variant, ()):
        return None
    return next((variant for variant, known in lengths.items() if n in known), None)


def _may_begin(spec: PacketSpec, payload: bytes) -> bool:
    """Whether bytes carry as much of the tags at its start as they have."""
    for tag in spec.select.tags:
        part = payload[tag.at : tag.at + len(tag.mark)] if tag.at >= 0 else b""
        mask = bytes.fromhex(tag.mask) if tag.mask else b"\xff" * len(tag.mark)
        if any(byte & m != mark & m for byte, mark, m in zip(part, tag.mark, mask, strict=False)):
            return False
    return True
