"""Our own readers under inputs that nobody made: each gives a result or one plain sentence, in bounded memory.

    python tests/recording/fuzz_files.py [--inputs 1000000] [--seed 1]

Nine of ten inputs go to the parts that read bytes (chunks, samples, texts, headers, journal lines, stamps), one of ten
is a whole file: a mutated recording, or a mutated text of another program. Prints inputs, refusals and memory.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]  # the project, this folder

from session_sample import EMG, HEADER, session  # noqa: E402

from monitor.chunk import Chunk  # noqa: E402
from monitor.errors import CrampwatchError  # noqa: E402
from monitor.importing.asked import Asked  # noqa: E402
from monitor.importing.formats import read_file  # noqa: E402
from monitor.recording import xdf  # noqa: E402
from monitor.recording.backlog import Entry  # noqa: E402
from monitor.recording.encoder import SessionEncoder  # noqa: E402
from monitor.recording.journal import JournalReader, exact_stamps, packed_stamps  # noqa: E402
from monitor.recording.replay import RecordingSource  # noqa: E402
from monitor.recording.xdf_header import from_xml, signal_stream, to_xml  # noqa: E402

MORE_MEMORY_KB = 300_000
ASKED = Asked(unit="uV", rate_hz=1000.0)
TEXTS = {
    "openbci.txt": "%OpenBCI Raw EXG Data\n%Number of channels = 2\n%Sample Rate = 250 Hz\nx, y\n"
    + "".join(f"{n % 256}, 1.5, 2.5, 0.0, 0.1, 1.0, 155793605{3000 + 4 * n}, 12:00\n" for n in range(12)),
    "open_signals.txt": "# OpenSignals Text File Format\n"
    '# {"00:07": {"sensor": ["EMG"], "column": ["nSeq", "DI", "CH1"], "sampling rate": 1000, "device": "x"}}\n'
    "# EndOfHeader\n" + "".join(f"{n}\t0\t{3000 + n}\t\n" for n in range(12)),
    "trigno.csv": "Label: A: EMG 1 Sampling frequency: 1.0e+003 Number of points: 9 start: 0.0 Unit: V Domain Unit: s\n"
    "X[s],A\n" + "".join(f"{n / 1000},{n}e-6\n" for n in range(12)),
    "dot.csv": "sep=,\nOutputRate:,60Hz\n\nPacketCounter,SampleTimeFine,Quat_W,Quat_X,Quat_Y,Quat_Z\n"
    + "".join(f"{n},{n * 16667},1,0,0,0\n" for n in range(12)),
    "bio.txt": "# Simple Text Format\n# Sampling Rate (Hz):= 1000.00\n# Resolution:= 12\n# Labels:= EMG\n"
    + "".join(f"{n}\n" for n in range(12)),
    "rows.txt": "".join(f"{n}, 1, 2\n" for n in range(12)),
    "plain.csv": "time_s,GM_uV\n" + "".join(f"{n / 1000},{n}\n" for n in range(12)),
    "gait.anc": "File_Type:\tx\nName\ta\tb\nRate\t1000\t1000\nRange\t1\t1\n"
    + "".join(f"{n / 1000}\t1\t2\n" for n in range(12)),
}
_ODD = [b"\xff" * 4, b"\0" * 8, b"\x08" + b"\xff" * 8, b"nan", b"1e999", b"-1", b"<a>" * 50, b"[" * 500, b"99999999999"]


def mutated(content: bytes, dice: random.Random) -> bytes:
    """Some flips, cuts, repeats and odd values."""
    found = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(found) + 1)
        match dice.randrange(5):
            case 0:
                found[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del found[at : at + dice.randint(1, 20)]
            case 2:
                found[at:at] = dice.choice(_ODD)
            case 3:
                found[at:at] = found[at : at + dice.randint(1, 60)]
            case _:
                found[at : at + 4] = dice.randbytes(4)
    return bytes(found)


def parts() -> list[tuple[bytes, Callable[[bytes], object]]]:
    """A good input and its reader, for each part."""
    time_s, rng = np.arange(20) / 1000.25, np.random.default_rng(0)
    rows = rng.standard_normal((20, 2)).astype(np.float32)
    told = np.zeros(20, dtype=bool)
    told[::7] = True
    samples = xdf.pack_samples(time_s, rows, "<f4", told)
    texts = xdf.pack_strings([(float(n), b"text %d" % n) for n in range(9)])
    chunks = xdf.pack_chunk(xdf.Tag.SAMPLES, samples, 7) + xdf.BOUNDARY_CHUNK
    header = to_xml(signal_stream(7, EMG, "float32", True)).encode()
    stamps = packed_stamps(time_s + 1e-12, time_s)
    empty = Chunk.empty(EMG)
    lines = [b'["source",1,"a","b"]', b'[1,"AAAA"]', b'["decoded","a",7,0,"eJw="]', b'["link","a","live",""]']
    return [
        (samples, lambda b: xdf.read_samples(b, "<f4", 2, 0.0, 0.001)),
        (texts, lambda b: list(xdf.read_strings(b, 1, 0.0, 0.0))),
        (chunks, lambda b: list(xdf.walk(b))),
        (header, lambda b: from_xml(7, b.decode("utf-8", "replace"))),
        (stamps, lambda b: _stamps(b, time_s)),
        *((line, lambda b: JournalReader(lambda *_: empty).event(0.0, b.decode("utf-8", "replace"))) for line in lines),
    ]


def _stamps(packed: bytes, time_s: np.ndarray) -> None:
    with contextlib.suppress(ValueError):
        exact_stamps(time_s, packed.decode("ascii", "replace"))


def recording() -> bytes:
    """A short whole recording."""
    encoder = SessionEncoder(HEADER)
    content = encoder.take(boundary=True)
    for event, chunks, _ in session(12):
        encoder.add(Entry(event, tuple(chunks), ()))
    return content + encoder.close()


def run(n: int, seed: int, folder: Path) -> dict[str, float]:
    """Read n inputs. Raises whatever a reader raises that is no sentence."""
    dice, pieces, whole, names = random.Random(seed), parts(), recording(), sorted(TEXTS)
    before_kb, began_s, refused = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic(), 0
    warnings.simplefilter("ignore")  # numbers beyond any range
    for number in range(n):
        content = b""
        try:
            if number % 10:
                good, reader = pieces[dice.randrange(len(pieces))]
                content = mutated(good, dice)
                reader(content)
            elif number % 20:
                content = mutated(whole, dice)
                read_recording(folder / "a.xdf", content)
            else:
                name = dice.choice(names)
                content = mutated(TEXTS[name].encode(), dice)
                (folder / name).write_bytes(content)
                read_file(folder / name, ASKED)
        except CrampwatchError:
            refused += 1
        except Exception as error:
            (folder.parent / f"crash-{seed}-{number}").write_bytes(content)
            raise AssertionError(f"input {number} of seed {seed} raised {error!r}: {content[:300]!r}") from error
    more_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert more_kb < MORE_MEMORY_KB, f"{more_kb} kB more memory"
    return {"inputs": n, "refused": refused, "more_memory_mb": more_kb / 1000, "seconds": time.monotonic() - began_s}


def read_recording(path: Path, content: bytes) -> None:
    """Events and streams of a file."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    with RecordingSource(path) as source:
        for _ in source:
            pass


def main() -> None:
    """Print what was read and refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz") as name:
        print(json.dumps(run(args.inputs, args.seed, Path(name))))


if __name__ == "__main__":
    main()
