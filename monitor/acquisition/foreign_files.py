"""EMG from files that carry no time column: WAV, NPZ with `fs` and `x`, OpenSignals HDF5. Their clock starts at 0."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.child_reader import read_in_child
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TableError

_EXTENSIBLE = 0xFFFE
_WAV_SAMPLES = {(1, 1): "u1", (1, 2): "<i2", (1, 3): "<i4", (1, 4): "<i4", (3, 4): "<f4", (3, 8): "<f8"}
_PER_UNIT = {"counts": 1.0, "uV": 1.0, "mV": 1e3, "V": 1e6}


def wav(path: Path) -> Chunk:
    """The channels of a WAV file, in counts."""
    content = path.read_bytes()
    chunks = _riff_chunks(content)
    form, sound = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < 16:
        raise TableError(f"{path} is no WAV file; give one, or a table with time_s")
    code, n_channels, rate_hz, _, n_frame_bytes, _ = struct.unpack_from("<HHIIHH", form)
    if code == _EXTENSIBLE and len(form) >= 26:
        (code,) = struct.unpack_from("<H", form, 24)
    n_bytes = n_frame_bytes // n_channels if n_channels else 0
    dtype = _WAV_SAMPLES.get((code, n_bytes))
    if dtype is None or n_frame_bytes != n_bytes * n_channels:
        raise TableError(f"{path} is compressed or of a rare kind of WAV; save it as 16-bit PCM")
    frames = np.frombuffer(sound[: len(sound) // n_frame_bytes * n_frame_bytes], np.uint8)
    each = frames.reshape(-1, n_channels, n_bytes)
    if n_bytes == 3:  # 24 bits: as the upper three bytes of 32
        each = np.pad(each, ((0, 0), (0, 0), (1, 0)))
    samples = np.ascontiguousarray(each).view(dtype)[:, :, 0].astype(np.float64) / (256.0 if n_bytes == 3 else 1.0)
    return _chunk(path, float(rate_hz), samples, tuple(Channel(f"ch{n + 1}", "counts") for n in range(n_channels)))


def _riff_chunks(content: bytes) -> dict[bytes, bytes]:
    """The chunks of a RIFF WAVE file by name; the last may be cut short. Empty where the bytes are no such file."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return {}
    chunks, at = {}, 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        chunks.setdefault(name, content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return chunks


def plain_npz(path: Path, arrays: dict[str, NDArray[np.generic]]) -> Chunk:
    """An NPZ with the rate `fs` (Hz), the samples `x` (n,) or (n, n_channels) and, where known, their `units`."""
    fs, x = arrays["fs"], arrays["x"]
    if fs.size != 1 or fs.dtype.kind not in "iuf" or x.dtype.kind not in "iuf" or x.ndim not in (1, 2):
        raise TableError(f"{path} must hold one number 'fs' (Hz) and samples 'x' as (n,) or (n, channels) numbers")
    unit = str(arrays["units"]) if "units" in arrays else "counts"
    if unit not in _PER_UNIT:
        raise TableError(f"{path} says its samples are in {unit[:40]!r}; the known units are {', '.join(_PER_UNIT)}")
    samples = (x if x.ndim == 2 else x[:, None]).astype(np.float64) * _PER_UNIT[unit]
    shown = "counts" if unit == "counts" else "uV"
    channels = tuple(Channel(f"ch{number + 1}", shown) for number in range(samples.shape[1]))
    return _chunk(path, float(fs.item()), samples, channels)


def open_signals(path: Path) -> Chunk:
    """The EMG channels of the first device with any in an OpenSignals (biosignalsplux) HDF5 file, in counts.

    The file says what is on each channel in its `sensor` label, and the rate in `sampling rate`.
    """
    meta, arrays = read_in_child("hdf5", path)
    for device in meta["devices"]:
        emg = [channel for channel in device["channels"] if channel["sensor"].upper().endswith("EMG")]
        if emg:
            samples = np.column_stack([arrays[channel["key"]] for channel in emg])
            channels = tuple(Channel(channel["label"], "counts") for channel in emg)
            return _chunk(path, device["rate_hz"], samples, channels)
    seen = [channel["sensor"] for device in meta["devices"] for channel in device["channels"]]
    there = ", ".join(seen) or "no channel at all"
    raise TableError(f"{path} has no channel whose sensor is EMG, but {there}; choose EMG as the sensor in OpenSignals")


def _chunk(path: Path, rate_hz: float, samples: NDArray[np.generic], channels: tuple[Channel, ...]) -> Chunk:
    if not np.isfinite(rate_hz) or rate_hz <= 0:
        raise TableError(f"{path} says {rate_hz:g} samples per second; it needs a rate above 0")
    if len(samples) < 2:
        raise TableError(f"{path} holds {len(samples)} samples; export it again")
    if not len(channels):
        raise TableError(f"{path} holds no channel; export it again")
    with np.errstate(over="ignore"):
        known = samples.astype(np.float32)
    if np.isinf(known).any():
        raise TableError(f"{path} holds infinite samples; export it again")
    return Chunk(Stream("emg", rate_hz, channels, path.name), np.arange(len(known)) / rate_hz, known)
