"""Throws random and damaged notifications at the decoders of all profiles: nothing may come out but our own errors.

    python tests/acquisition/fuzz_packets.py --inputs 1000000 [--seed 1]

For each profile and combination of variant and options: random bytes of any length, golden packets and random packets
with bits flipped, cut, lengthened, doubled, swapped, among what a sensor would send; lost links between.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Iterator
from itertools import count

import numpy as np
from random_packets import harmed, notified, random_notification, resolved_profiles

from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import Profile
from monitor.acquisition.sensor import SensorDecoder
from monitor.errors import CrampwatchError
from monitor.events import Link, LinkChange, Notification
from monitor.simulation.packing import Packer

BATCH = 200
FLOW = 50  # packets of a kind that are packed at once
POOL = 64  # good notifications of each profile, from which the damaged ones are made


def pool_of(profile: Profile, rng: np.random.Generator) -> list[tuple[str, bytes]]:
    """Golden packets and random ones, as they are notified."""
    good = [(profile.uuid(vector.char), bytes.fromhex(vector.hex)) for vector in profile.vectors]
    while len(good) < POOL:
        good += list(random_notification(profile, rng)) or [(profile.uuid(profile.packets[0].chars[0]), rng.bytes(20))]
    return good


def flow_of(profile: Profile) -> Iterator[tuple[str, bytes]]:
    """What a sensor sends in order, its counters going on; ends where the framing cannot carry such packets."""
    packers = [
        (profile.packet(n.packet), Packer(profile, profile.packet(n.packet), n.repetitions)) for n in profile.sim.notify
    ]
    for first in count(0, FLOW):
        sent = 0
        for spec, packer in packers:
            counts = {
                name: np.ones((FLOW * packer.samples_per_packet, len(stream.channels)), int)
                for name, stream in profile.streams_of(spec).items()
            }
            for i, packet in enumerate(packer.pack(counts, first * packer.samples_per_packet, FLOW)):
                alias = spec.chars[i % len(spec.chars)]
                for piece in notified(profile, alias, packet):
                    sent += 1
                    yield profile.uuid(alias), piece
        if not sent:
            return


def inputs(profile: Profile, n_inputs: int, rng: np.random.Generator) -> Iterator[Notification]:
    """So many notifications, each a little later than the one before: a flow, strangers, rubbish; some late."""
    pool, flow, now_s, made = pool_of(profile, rng), flow_of(profile), 0.0, 0
    chars = [characteristic.char for characteristic in profile.gatt.values()]
    late: list[tuple[str, bytes]] = []
    while made < n_inputs:
        way = rng.random()
        if way < 0.2:
            damaged = [(chars[rng.integers(len(chars))], rng.bytes(int(rng.integers(0, 245))))]
        else:
            char, payload = (next(flow, None) if way < 0.7 else None) or pool[rng.integers(len(pool))]
            damaged = [(char, bytes_) for bytes_ in (harmed(payload, rng) if rng.random() < 0.3 else [payload])]
        if rng.random() < 0.1:
            late, damaged = damaged, late
        for char, bytes_ in damaged[: n_inputs - made]:
            now_s += float(rng.exponential(0.01))
            made += 1
            yield Notification(now_s, profile.id, char, bytes_)


def fuzz(profile: Profile, n_inputs: int, rng: np.random.Generator) -> dict[str, int]:
    """Decode them; how many were packets, and how many errors. Raises: what it was meant to find."""
    decoder, sensor = Decoder(profile), SensorDecoder(profile, "fuzz")
    told = {"packets": 0, "errors": 0}
    batch: list[Notification] = []
    for number, notification in enumerate(inputs(profile, n_inputs, rng), start=1):
        batch.append(notification)
        if len(batch) < BATCH and number < n_inputs:
            continue
        found = decoder.push_many(batch)
        told["errors"] += len(found.errors)
        for packets in found.groups:
            told["packets"] += len(packets)
            for name in packets.kind.streams:
                packets.samples(name)
        sensor.push_many(batch)
        batch.clear()
        if rng.random() < 0.02:
            decoder.reconnected()
            sensor.link(LinkChange(notification.time_s, "fuzz", Link.LOST, "fuzz"))
    decoder.end()
    return told


def run(n_inputs: int, seed: int) -> dict[str, int]:
    """All profiles share the inputs evenly. Raises: AssertionError naming the profile and the error."""
    profiles = resolved_profiles()
    told = {"profiles": len(profiles), "inputs": 0, "packets": 0, "errors": 0}
    for i, profile in enumerate(profiles):
        share = n_inputs * (i + 1) // len(profiles) - n_inputs * i // len(profiles)
        try:
            found = fuzz(profile, share, np.random.default_rng([seed, i]))
        except CrampwatchError as error:
            raise AssertionError(f"{profile.key}: raised {error!r} on bytes") from error
        except (ArithmeticError, LookupError, TypeError, ValueError, MemoryError, AttributeError, Warning) as error:
            raise AssertionError(f"{profile.key} (seed {seed}): {type(error).__name__}: {error}") from error
        told["inputs"] += share
        told |= {key: told[key] + n for key, n in found.items()}
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description="Damaged notifications for all decoders.")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    warnings.simplefilter("error")
    start_s = time.perf_counter()
    told = run(given.inputs, given.seed)
    seconds = time.perf_counter() - start_s
    print(
        ", ".join(f"{n} {what}" for what, n in told.items()),
        f"in {seconds:.1f} s,",
        f"{told['inputs'] / seconds:.0f}/s",
    )


if __name__ == "__main__":
    main()
