"""What the rules of quality say of every public EMG channel beside the project, and what its index says.

    python tests/benchmarks/quality_table.py [--data ../shared/data] [--faults]

Exit code 1 if a channel that the index calls good, unplugged or railed is called anything else. Good: at least 80 % of
it is; unusable: less than half of it is good, with the most frequent reason. Live: the code at its last instant.
--faults: each good recording again with a fault added: a hum, a clipped amplifier, white noise, zeros, another gain.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from public_recordings import Recorded, recordings

from monitor.chunk import Chunk
from monitor.conditioning.faults import Quality
from monitor.conditioning.hindsight import quality_of
from monitor.conditioning.quality import ChannelQuality
from monitor.settings import QualitySettings

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data"
GOOD_SHARE, BAD_SHARE = 0.8, 0.5


def judged(emg: Chunk) -> tuple[float, Quality, Quality]:
    """The good share of a recorded channel, its verdict (LOST = neither good nor bad), the live code at its end."""
    codes = Counter(quality_of(emg, QualitySettings())[:, 0].tolist())
    good = codes.pop(Quality.GOOD, 0) / len(emg)
    verdict = Quality.GOOD if good >= GOOD_SHARE else Quality.LOST
    if good < BAD_SHARE:
        verdict = Quality(codes.most_common(1)[0][0])
    live = ChannelQuality(emg.stream, None, QualitySettings()).push(emg)
    return good, verdict, Quality(int(live.samples[-1, 0])) if len(live) else Quality.LOST


def _levels(emg: Chunk) -> tuple[np.ndarray, float, np.ndarray]:
    """Samples about their mean, their RMS in the loudest second, the times."""
    samples = emg.samples[:, 0].astype(np.float64)
    samples = samples - samples.mean()
    n = min(len(samples), round(emg.stream.rate_hz))
    power = np.concatenate([[0.0], np.cumsum(samples**2)])
    loudest = np.sqrt((power[n:] - power[:-n]).max() / n)
    return samples, float(loudest), emg.time_s


def hum(hz: float) -> Callable[[Chunk], np.ndarray]:
    def added(emg: Chunk) -> np.ndarray:
        samples, rms, time_s = _levels(emg)
        return samples + 1.5 * rms * np.sqrt(2) * np.sin(2 * np.pi * hz * time_s)

    return added


def clipped(emg: Chunk) -> np.ndarray:
    samples, *_ = _levels(emg)
    limit = np.quantile(np.abs(samples), 0.85)
    return np.clip(samples, -limit, limit)


def noisy(emg: Chunk) -> np.ndarray:
    samples, rms, _ = _levels(emg)
    return samples + 3 * rms * np.random.default_rng(1).standard_normal(len(samples))


def zeros(emg: Chunk) -> np.ndarray:
    samples, *_ = _levels(emg)
    samples[len(samples) // 5 :] = 0.0
    return samples


def gained(emg: Chunk) -> np.ndarray:
    return emg.samples[:, 0] * np.where(emg.time_s > emg.time_s[-1] / 2, 1.6, 0.6)


FAULTS: dict[str, tuple[Callable[[Chunk], np.ndarray], set[Quality]]] = {
    "50 Hz": (hum(50.02), {Quality.MAINS}),
    "60 Hz": (hum(59.97), {Quality.MAINS}),
    "clipped": (clipped, {Quality.RAILED, Quality.LOST}),  # a calf at rest does not clip
    "white noise": (noisy, {Quality.NO_CONTACT}),
    "zeros": (zeros, {Quality.FLAT}),
    "gain": (gained, {Quality.GOOD}),
}


def with_fault(recorded: Recorded, fault: str) -> Chunk:
    """The same recording, spoilt."""
    emg = recorded.emg
    return Chunk(emg.stream, emg.time_s, FAULTS[fault][0](emg)[:, None])


def rows(found: Iterable[Recorded], faults: bool) -> Iterable[tuple[str, str, Chunk, set[Quality] | None]]:
    for recorded in found:
        if not faults:
            yield (
                str(recorded),
                recorded.said,
                recorded.emg,
                None if recorded.expected is None else {recorded.expected},
            )
        elif recorded.expected == Quality.GOOD:
            for fault, (_, expected) in FAULTS.items():
                yield str(recorded), fault, with_fault(recorded, fault), expected


def main() -> None:
    parser = argparse.ArgumentParser(description="The rules of quality on public recordings.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--faults", action="store_true")
    given = parser.parse_args()
    n_wrong = n_judged = 0
    print(f"{'recording':50} {'index says':20} {'good':>5} {'verdict':12} {'live, at its end':16}")
    for name, said, emg, expected in rows(recordings(given.data), given.faults):
        good, verdict, live = judged(emg)
        wrong = expected is not None and verdict not in expected
        n_wrong, n_judged = n_wrong + wrong, n_judged + (expected is not None)
        mark = "  <-- wrong" if wrong else ""
        print(f"{name[-50:]:50} {said:20} {100 * good:4.0f}% {verdict.name:12} {live.name:16}{mark}")
    print(f"{n_judged - n_wrong} of {n_judged} channels as expected")
    sys.exit(1 if n_wrong else 0)


if __name__ == "__main__":
    main()
