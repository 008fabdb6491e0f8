"""Whether the golden packets of a profile decode to what they say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from monitor.acquisition.packet import Decoder, Packet
from monitor.acquisition.profile_model import Profile, Vector
from monitor.acquisition.profile_text import Fault


def vectors(profile: Profile) -> Iterator[Fault]:
    """What is wrong with the golden packets."""
    for i, vector in enumerate(profile.vectors):
        if vector.char not in profile.gatt:
            yield Fault(("vector", i, "char"), f"there is no [gatt.{vector.char}]")
        elif reason := _fault(profile, vector):
            yield Fault(("vector", i, "hex"), reason)


def _fault(profile: Profile, vector: Vector) -> str:
    decoder, char = Decoder(profile), profile.uuid(vector.char)
    for before in vector.before:
        decoder.push(char, bytes.fromhex(before))
    packets = decoder.push(char, bytes.fromhex(vector.hex))
    if error := next((packet.error for packet in packets if packet.error), None):
        return error
    packet = next((packet for packet in packets if packet.packet == vector.packet), None)
    if packet is None:
        found = ", ".join(repr(packet.packet) for packet in packets) or "nothing"
        return f"decodes to {found}, not to a packet {vector.packet!r}"
    return _difference(vector, packet)


def _difference(vector: Vector, packet: Packet) -> str:
    for expected, found in ((vector.counts, packet.counts), (vector.values, packet.streams)):
        for name, table in expected.items():
            wanted = np.array(table)
            if name not in found or found[name].shape != wanted.shape:
                return f"does not decode to {name} of shape {wanted.shape}"
            if not np.allclose(found[name].astype(np.float64), wanted, rtol=1e-3, atol=1e-4):
                return f"decodes to {name} = {found[name].tolist()}"
    wrong = {
        name: packet.fields.get(name) for name, n in vector.fields.items() if not _same(packet.fields.get(name), n)
    }
    return f"decodes to the fields {wrong}" if wrong else ""


def _same(found: object, wanted: int | float | tuple[int | float, ...]) -> bool:
    if found is None:
        return False
    have, want = np.array(found, np.float64), np.array(wanted, np.float64)
    return have.shape == want.shape and bool(np.allclose(have, want, rtol=1e-6))
