"""Throws random and damaged notifications at the decoders of all profiles: nothing may come out but our own errors.

    python tests/acquisition/fuzz.py --inputs 1000000 [--seed 1]

For each profile and combination of variant and options: random bytes of any length, golden packets and random packets
with bits flipped, cut, lengthened, doubled, swapped; batches of them, with lost links between.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Iterator

import numpy as np
from random_packets import harmed, random_notification, resolved_profiles

from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import Profile
from monitor.acquisition.sensor import SensorDecoder
from monitor.errors import CrampwatchError
from monitor.events import Link, LinkChange, Notification

BATCH = 200
POOL = 64  # good notifications of each profile, from which the damaged ones are made


def pool_of(profile: Profile, rng: np.random.Generator) -> list[tuple[str, bytes]]:
    """Golden packets and random ones, as they are notified."""
    good = [(profile.uuid(vector.char), bytes.fromhex(vector.hex)) for vector in profile.vectors]
    while len(good) < POOL:
        good += list(random_notification(profile, rng)) or [(profile.uuid(profile.packets[0].chars[0]), rng.bytes(20))]
    return good


def inputs(profile: Profile, count: int, rng: np.random.Generator) -> Iterator[Notification]:
    """So many notifications, each a little later than the one before."""
    pool, now_s, made = pool_of(profile, rng), 0.0, 0
    chars = [characteristic.char for characteristic in profile.gatt.values()]
    while made < count:
        if rng.random() < 0.3:
            damaged = [(chars[rng.integers(len(chars))], rng.bytes(int(rng.integers(0, 245))))]
        else:
            char, payload = pool[rng.integers(len(pool))]
            damaged = [(char, bytes_) for bytes_ in harmed(payload, rng)]
        for char, bytes_ in damaged[: count - made]:
            now_s += float(rng.exponential(0.01))
            made += 1
            yield Notification(now_s, profile.id, char, bytes_)


def fuzz(profile: Profile, count: int, rng: np.random.Generator) -> dict[str, int]:
    """Decode them; how many were packets, and how many errors. Raises: what it was meant to find."""
    decoder, sensor = Decoder(profile), SensorDecoder(profile, "fuzz")
    told = {"packets": 0, "errors": 0}
    batch: list[Notification] = []
    for number, notification in enumerate(inputs(profile, count, rng), start=1):
        batch.append(notification)
        if len(batch) < BATCH and number < count:
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


def run(count: int, seed: int) -> dict[str, int]:
    """All profiles share the inputs evenly. Raises: AssertionError naming the profile and the error."""
    profiles = resolved_profiles()
    told = {"profiles": len(profiles), "inputs": 0, "packets": 0, "errors": 0}
    for i, profile in enumerate(profiles):
        share = count * (i + 1) // len(profiles) - count * i // len(profiles)
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
