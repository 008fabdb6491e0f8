"""Torn, flipped, hostile and unwritable files: what is read is right, and what is wrong is said in one sentence."""

from __future__ import annotations

import errno
import os
import random
import stat
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from session_sample import HEADER, agree, is_part_of, session

from monitor.errors import RecordingError
from monitor.events import Marker
from monitor.recording import xdf
from monitor.recording.backlog import Entry
from monitor.recording.encoder import SessionEncoder
from monitor.recording.recorder import Recorder
from monitor.recording.replay import RecordingSource
from monitor.recording.xdf import Tag, pack_chunk, pack_length
from monitor.recording.xdf_read import open_recording

N_PER_APPEND, N_APPENDS_PER_BLOCK = 10, 3


@pytest.fixture(scope="module")
def whole() -> tuple[bytes, list]:
    """A whole recording of about 20 appends in 7 blocks, and its events."""
    puts = list(session())
    encoder = SessionEncoder(HEADER)
    content = encoder.take(boundary=True)
    for number, begin in enumerate(range(0, len(puts), N_PER_APPEND), 1):
        for put in puts[begin : begin + N_PER_APPEND]:
            encoder.add(Entry(put[0], tuple(put[1]), ()))
        content += encoder.take(boundary=number % N_APPENDS_PER_BLOCK == 0)
    return content + encoder.close(), [event for event, _, _ in puts]


def read(path: Path, content: bytes) -> list:
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    with RecordingSource(path) as source:
        return list(source)


def test_a_cut_anywhere_leaves_an_exact_beginning(whole, tmp_path):
    content, events = whole
    dice = random.Random(3)
    for cut in [*dice.sample(range(len(content)), 90), *range(len(content) - 5, len(content))]:
        try:
            found = read(tmp_path / "a.xdf", content[:cut])
        except RecordingError as error:
            assert cut < 4000, f"cut at {cut}: {error}"  # the first block is not whole
            continue
        assert agree(found, events[: len(found)])
        n_whole = round(len(events) * cut / len(content))
        assert len(found) >= n_whole - 5 * N_PER_APPEND, cut


def test_a_torn_end_is_cut_off_and_the_original_kept(whole, tmp_path):
    content, _ = whole
    path, torn = tmp_path / "a.xdf", content[: len(content) // 2]
    found = read(path, torn)
    assert (tmp_path / "a.xdf.torn").read_bytes() == torn
    assert stat.S_IMODE((tmp_path / "a.xdf.torn").stat().st_mode) == 0o600
    assert torn.startswith(path.read_bytes()) and len(path.read_bytes()) < len(torn)
    with RecordingSource(path) as again:
        assert agree(list(again), found)
        assert again.notes == ()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.xdf", "a.xdf.torn"]


def test_a_file_without_a_torn_end_is_left_alone(whole, tmp_path):
    read(tmp_path / "a.xdf", whole[0])
    assert [file.name for file in tmp_path.iterdir()] == ["a.xdf"]
    assert (tmp_path / "a.xdf").read_bytes() == whole[0]


@pytest.mark.parametrize("n_flips", [1, 4])
def test_flipped_bits_take_their_block_and_nothing_else(whole, tmp_path, n_flips):
    content, events = whole
    dice = random.Random(n_flips)
    block = N_PER_APPEND * N_APPENDS_PER_BLOCK
    for _ in range(60):
        broken = bytearray(content)
        for at in (dice.randrange(4, len(content)) for _ in range(n_flips)):
            broken[at] ^= 1 << dice.randrange(8)
        try:
            found = read(tmp_path / "a.xdf", bytes(broken))
        except RecordingError as error:
            assert n_flips > 1, error
            continue
        assert is_part_of(found, events)
        assert len(found) >= len(events) - 2 * block * n_flips


def test_what_damage_has_taken_is_told(whole, tmp_path):
    content, events = whole
    broken = bytearray(content)
    broken[len(content) // 2] ^= 1
    path = tmp_path / "a.xdf"
    found = read(path, bytes(broken))
    with open_recording(path) as recording:
        [gap] = recording.gaps
        assert "damaged in 1 place" in recording.notes[0]
    found_s = {event.time_s for event in found}
    lost = [event.time_s for event in events if event.time_s not in found_s]
    assert 0 < len(lost) <= N_PER_APPEND * N_APPENDS_PER_BLOCK
    assert gap.start_s - 0.3 <= min(lost) and max(lost) <= gap.end_s + 0.3


def test_the_first_block_may_be_lost_with_all_headers(whole, tmp_path):
    content, events = whole
    broken = bytearray(content)
    broken[500] ^= 4
    path = tmp_path / "a.xdf"
    assert agree(read(path, bytes(broken)), events)  # the first block holds headers alone
    with open_recording(path) as recording:
        assert recording.header == HEADER
        assert next(recording.chunks("uMyo <7> emg")).stream.labels == ("GM", "GL")


CHILD = """
import itertools, sys
from pathlib import Path
import time
sys.path.insert(0, sys.argv[2])
from session_sample import HEADER, session
from monitor.recording.recorder import Recorder
recorder = Recorder(Path(sys.argv[1]), HEADER)
for number, put in enumerate(session(100_000)):
    recorder.put(*put)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    time.sleep(0.004)
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_recorder_loses_one_append_at_most(tmp_path, seed):
    path = tmp_path / "a.xdf"
    arguments = [sys.executable, "-c", CHILD, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout
        given = []
        end_s = None
        for _ in child.stdout:
            given.append(time.monotonic())
            end_s = end_s or given[0] + random.Random(seed).uniform(0.8, 2.4)
            if given[-1] > end_s:
                break
        killed_s = time.monotonic()
        child.kill()
    with RecordingSource(path) as source:
        found = list(source)
    expected = [event for event, _, _ in session(len(found))]
    assert agree(found, expected[: len(found)])
    n_old = sum(given_s < killed_s - 0.6 for given_s in given)  # 0.25 s and a busy machine
    assert len(found) >= n_old > 0


class FailingDisk:
    """Stands in for `os.write`: takes n_bytes more, then fails until it is mended."""

    def __init__(self, monkeypatch, n_bytes: int, number: int = errno.ENOSPC) -> None:
        self.left, self.number = n_bytes, number
        self.real = os.write
        monkeypatch.setattr("monitor.recording.append_file.os.write", self)

    def __call__(self, file: int, content: memoryview) -> int:
        if self.left <= 0:
            raise OSError(self.number, os.strerror(self.number))
        part = content[: self.left]
        self.left -= len(part)
        return self.real(file, part)


def wait_for(condition) -> None:
    end_s = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end_s, "it did not come to pass"
        time.sleep(0.02)


def test_a_full_disk_is_said_and_nothing_is_lost_once_there_is_room(tmp_path, monkeypatch):
    puts = list(session())
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    disk = FailingDisk(monkeypatch, 5000)
    for put in puts[:100]:
        recorder.put(*put)
    wait_for(lambda: "the disk is full" in recorder.status)
    begin_s = time.monotonic()
    for put in puts[100:]:
        recorder.put(*put)
    assert time.monotonic() - begin_s < 0.3
    disk.left = 1 << 40
    wait_for(lambda: "full" not in recorder.status)
    recorder.close()
    with RecordingSource(tmp_path / "a.xdf") as source:
        assert agree(list(source), [event for event, _, _ in puts])


def test_what_finds_no_room_in_memory_is_counted_and_said(tmp_path, monkeypatch):
    recorder = Recorder(tmp_path / "a.xdf", HEADER, memory_bytes=20_000)
    disk = FailingDisk(monkeypatch, 0, errno.ENODEV)
    recorder.put(Marker(0.0, "first"), [], [])
    wait_for(lambda: "the drive was removed" in recorder.status)
    for number in range(1, 101):
        recorder.put(Marker(float(number), "x" * 100), [], [])
    n_lost = int(recorder.status.split()[-4])
    assert 30 < n_lost < 90 and recorder.status.endswith("events are lost")
    disk.left = 1 << 40
    wait_for(lambda: "removed" not in recorder.status)
    recorder.put(Marker(500.0, "last"), [], [])
    recorder.close()
    with RecordingSource(tmp_path / "a.xdf") as source:
        assert [event.time_s for event in source] == [float(n) for n in range(101 - n_lost)] + [500.0]
        assert source.notes == (f"{n_lost} events from {101 - n_lost}.0 to 100.0 s were not recorded: the disk failed",)


def test_a_disk_that_stays_full_holds_up_nobody_for_long(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.recording.recorder.CLOSE_S", 0.5)
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    FailingDisk(monkeypatch, 0)
    for put in list(session())[:50]:
        recorder.put(*put)
    recorder.close()
    assert recorder.status == "a.xdf 0.0 MB, the disk is full, 50 events are lost"


def test_a_disk_that_is_full_from_the_start_is_one_sentence(tmp_path, monkeypatch):
    FailingDisk(monkeypatch, 100)
    with pytest.raises(RecordingError, match=r"cannot record to .*: the disk is full"):
        Recorder(tmp_path / "a.xdf", HEADER)
    assert list(tmp_path.iterdir()) == []


def test_a_deleted_file_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.recording.recorder.CLOSE_S", 0.5)
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    (tmp_path / "a.xdf").unlink()
    for put in list(session())[:50]:
        recorder.put(*put)
    wait_for(lambda: "the file was deleted" in recorder.status)
    recorder.close()


def header(xml: str, sid: int = 7) -> bytes:
    return b"XDF:" + pack_chunk(Tag.STREAM_HEADER, xml.encode(), sid)


def info(**fields: object) -> str:
    known = {"name": "x", "type": "EMG", "channel_count": 2, "nominal_srate": 100, "channel_format": "float32"} | fields
    return "<info>" + "".join(f"<{name}>{text}</{name}>" for name, text in known.items()) + "</info>"


def samples(content: bytes) -> bytes:
    return header(info()) + pack_chunk(Tag.SAMPLES, content, 7)


def text_samples(content: bytes) -> bytes:
    return header(info(channel_format="string", type="Markers")) + pack_chunk(Tag.SAMPLES, content, 7)


BOMB = '<!DOCTYPE a [<!ENTITY b "' + "x" * 1000 + '">]><info><name>&b;&b;</name></info>'
HOSTILE = {
    "empty": b"",
    "no XDF": b"RIFF" + bytes(100),
    "magic alone": b"XDF:",
    "zeros": b"XDF:" + bytes(5000),
    "huge length": b"XDF:\x08" + struct.pack("<Q", 1 << 62) + bytes(100),
    "entities": header(BOMB),
    "no XML": header("<info><name>"),
    "deep XML": header("<a>" * 100_000),
    "no format": header(info(channel_format="complex128")),
    "no number": header(info(nominal_srate="fast")),
    "not a number": header(info(nominal_srate="nan")),
    "minus rate": header(info(nominal_srate=-1)),
    "many channels": header(info(channel_count=2_000_000_000)),
    "half a channel": header(info(channel_count=0.5)),
    "many samples": samples(pack_length(1 << 40) + bytes(1000)),
    "too few bytes": samples(pack_length(3) + bytes(20)),
    "too many bytes": samples(pack_length(1) + bytes(90)),
    "odd stamp": samples(pack_length(1) + b"\x03" + bytes(16)),
    "endless time": samples(
        pack_length(2) + (b"\x08" + struct.pack("<d", 0) + bytes(8)) + (b"\x08" + struct.pack("<d", 1e300) + bytes(8))
    ),
    "many texts": text_samples(pack_length(1 << 31) + bytes(1000)),
    "long text": text_samples(pack_length(1) + b"\x00" + pack_length(1 << 31) + bytes(100)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_sentence(tmp_path, name):
    with pytest.raises(RecordingError) as caught:
        read(tmp_path / "a.xdf", HOSTILE[name])
    assert "\n" not in str(caught.value) and "a.xdf" in str(caught.value)


def sealed(line: bytes) -> bytes:
    """A file with a good seal around a journal's line that nobody has written."""
    encoder = SessionEncoder(HEADER)
    encoder._texts[xdf.JOURNAL_SID].append(xdf.pack_text(1.0, line))
    return encoder.close()


@pytest.mark.parametrize(
    "line",
    [
        b"[3",
        b"[" * 100_000,
        b'["cry"]',
        b'[1,"AA=="]',
        b'["decoded","s",99,5]',
        b'["link","s","flying",""]',
        b"{}",
        b"1" * 9999,
    ],
)
def test_a_line_that_is_no_event_is_one_sentence(tmp_path, line):
    with pytest.raises(RecordingError):
        read(tmp_path / "a.xdf", sealed(line))


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(RecordingError, match="cannot open"):
        open_recording(tmp_path / "none.xdf")
    with pytest.raises(RecordingError, match="cannot open"):
        open_recording(tmp_path)
