"""Killed recorders, power cuts, cut and flipped files by the thousand: what is read is right, what is lost is bounded.

    python tests/recording/damage.py [--kills 100] [--power 400] [--cuts 2000] [--flips 2000] [--seed 1]

A killed recorder may lose one append (0.25 s, here 0.6 s for a busy machine), a power cut what was written since the
last fsync, a flipped bit its block; nothing that is read may be wrong, and nothing raises where the headers are whole.
Power cuts: (a) all writes up to a random byte; (b) what was synced, and of the later 4 kB pages a random half, the
others zero.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]  # the project, this folder

from session_sample import HEADER, agree, is_part_of, session  # noqa: E402

from monitor.errors import RecordingError  # noqa: E402
from monitor.events import Event  # noqa: E402
from monitor.recording.backlog import Entry  # noqa: E402
from monitor.recording.encoder import SessionEncoder  # noqa: E402
from monitor.recording.replay import RecordingSource  # noqa: E402

N_PER_APPEND, N_APPENDS_PER_BLOCK = 10, 3
HEADERS_BYTES = 4000  # a file that is cut earlier may be none
PAGE = 4096
CHILD = """
import sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[3], sys.argv[2]]
from session_sample import HEADER, session
from monitor.recording.recorder import Recorder
recorder = Recorder(Path(sys.argv[1]), HEADER)
for number, put in enumerate(session(100_000)):
    recorder.put(*put)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    time.sleep(0.004)
"""


class Whole:
    """A recording as appends, each with how many events it brings the file to, and whether a sync follows."""

    def __init__(self) -> None:
        puts = list(session())
        self.events: list[Event] = [event for event, _, _ in puts]
        encoder = SessionEncoder(HEADER)
        self.appends: list[tuple[bytes, int, bool]] = [(encoder.take(boundary=True), 0, True)]
        for number, begin in enumerate(range(0, len(puts), N_PER_APPEND), 1):
            for event, chunks, _ in puts[begin : begin + N_PER_APPEND]:
                encoder.add(Entry(event, tuple(chunks), ()))
            synced = number % N_APPENDS_PER_BLOCK == 0
            self.appends.append((encoder.take(boundary=synced), min(begin + N_PER_APPEND, len(puts)), synced))
        self.appends.append((encoder.close(), len(puts), True))
        self.content = b"".join(content for content, _, _ in self.appends)


def read(path: Path, content: bytes) -> list[Event]:
    """What a reader finds in such a file."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    with RecordingSource(path) as source:
        found = list(source)
    for kept in path.parent.glob("*.torn*"):
        kept.unlink()
    return found


def cuts(whole: Whole, n: int, dice: random.Random, path: Path) -> dict[str, int]:
    """Cut anywhere: an exact beginning."""
    worst = 0
    for _ in range(n):
        cut = dice.randrange(HEADERS_BYTES, len(whole.content))
        found = read(path, whole.content[:cut])
        assert agree(found, whole.events[: len(found)]), cut
        worst = max(worst, round(len(whole.events) * cut / len(whole.content)) - len(found))
    assert worst <= 5 * N_PER_APPEND
    return {"n": n, "most_events_lost": worst}


def flips(whole: Whole, n: int, dice: random.Random, path: Path) -> dict[str, int]:
    """One flipped bit anywhere behind the magic: nothing wrong, at most the block is missing."""
    worst = 0
    for _ in range(n):
        broken = bytearray(whole.content)
        broken[dice.randrange(4, len(broken))] ^= 1 << dice.randrange(8)
        found = read(path, bytes(broken))
        assert is_part_of(found, whole.events)
        worst = max(worst, len(whole.events) - len(found))
    assert worst <= 2 * N_PER_APPEND * N_APPENDS_PER_BLOCK
    return {"n": n, "most_events_lost": worst}


def power_cuts(whole: Whole, n: int, dice: random.Random, path: Path) -> dict[str, int]:
    """Writes stop at a random append: what was synced is all there, and nothing of the rest is wrong."""
    worst = 0
    for number in range(n):
        at = dice.randrange(1, len(whole.appends))
        written = whole.appends[: at + 1]
        last = max(i for i, (_, _, synced) in enumerate(written[:-1]) if synced)
        safe = b"".join(content for content, _, _ in written[: last + 1])
        later = b"".join(content for content, _, _ in written[last + 1 :])
        later = later[: dice.randrange(len(later) + 1)] if number % 2 else _pages(later, len(safe), dice)
        found = read(path, safe + later)
        assert is_part_of(found, whole.events)
        n_safe = written[last][1]
        assert agree(found[:n_safe], whole.events[:n_safe]), (at, number)
        worst = max(worst, written[-1][1] - len(found))
    return {"n": n, "most_events_lost": worst}


def _pages(later: bytes, begin: int, dice: random.Random) -> bytes:
    """Some of the pages that were not synced, the others zero."""
    found, at = bytearray(later), 0
    while at < len(found):
        end = min(len(found), at + PAGE - (begin + at) % PAGE)
        if dice.random() < 0.5:
            found[at:end] = bytes(end - at)
        at = end
    return bytes(found)


def kills(n: int, dice: random.Random, folder: Path) -> dict[str, int]:
    """SIGKILL at a random moment of a live recording."""
    worst = 0
    for number in range(n):
        path = folder / f"killed{number}.xdf"
        home, here = Path(__file__).parents[2], Path(__file__).parent
        command = [sys.executable, "-c", CHILD, str(path), str(here), str(home)]
        given: list[float] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=home) as child:
            assert child.stdout
            end_s = None
            for _ in child.stdout:
                given.append(time.monotonic())
                end_s = end_s or given[0] + dice.uniform(0.3, 2.4)
                if given[-1] > end_s:
                    break
            killed_s = time.monotonic()
            child.kill()
        with RecordingSource(path) as source:
            found = list(source)
        assert agree(found, [event for event, _, _ in session(len(found))][: len(found)])
        n_old = sum(given_s < killed_s - 0.6 for given_s in given)
        assert len(found) >= n_old
        worst = max(worst, len(given) - len(found))
        path.unlink()
    return {"n": n, "most_events_lost": worst}


def main() -> None:
    """Print what was done and lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("kills", 100), ("power", 400), ("cuts", 2000), ("flips", 2000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    args = parser.parse_args()
    dice, whole = random.Random(args.seed), Whole()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.xdf"
        for what, found in (
            ("cuts", cuts(whole, args.cuts, dice, path)),
            ("flips", flips(whole, args.flips, dice, path)),
            ("power cuts", power_cuts(whole, args.power, dice, path)),
            ("kills", kills(args.kills, dice, folder)),
        ):
            print(json.dumps({what: found}), flush=True)


if __name__ == "__main__":
    try:
        main()
    except RecordingError as error:
        sys.exit(f"a damaged file was refused: {error}")
