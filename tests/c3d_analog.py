"""The analog channels of a C3D file, enough of the format for the recordings that the tests use."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np

_DEC = 85  # VAX floats: words swapped, four times as large


def analog_channels(path: Path) -> tuple[float, dict[str, np.ndarray]]:
    """The rate in Hz and the samples of each channel by its label, in the file's own unit (format: c3d.org)."""
    content = path.read_bytes()
    parameters_at = (content[0] - 1) * 512
    dec = content[parameters_at + 3] == _DEC
    n_points, n_analog, first, last = struct.unpack_from("<4H", content, 2)
    data_block, per_frame = struct.unpack_from("<2H", content, 16)
    scale, rate_hz = _floats(content[12:16], dec)[0], _floats(content[20:24], dec)[0]
    known = _analog_parameters(content, parameters_at + 4, dec)
    as_float, n_words = scale < 0, 4 * n_points + n_analog
    size = (4 if as_float else 2) * n_words
    frames = content[(data_block - 1) * 512 :][: (last - first + 1) * size]
    frames = frames[: len(frames) // size * size]
    words = _floats(frames, dec) if as_float else np.frombuffer(frames, "<i2")
    analog = words.reshape(-1, n_words)[:, 4 * n_points :].reshape(-1, n_analog // per_frame).astype(np.float64)
    n = analog.shape[1]
    samples = (analog - known["OFFSET"][:n]) * known["SCALE"][:n] * known["GEN_SCALE"][0]
    return float(rate_hz * per_frame), dict(zip(known["LABELS"], samples.T, strict=False))


def _analog_parameters(content: bytes, at: int, dec: bool) -> dict[str, Any]:
    """The parameters of the group ANALOG."""
    groups: dict[int, str] = {}
    found: dict[tuple[int, str], Any] = {}
    while True:
        length, group = struct.unpack_from("2b", content, at)
        if not length or not group:
            break
        name = content[at + 2 : at + 2 + abs(length)].decode("latin-1").upper()
        after = at + 2 + abs(length)
        (step,) = struct.unpack_from("<h", content, after)
        if group < 0:
            groups[-group] = name
        else:
            found[group, name] = _parameter(content, after + 2, dec)
        if not step:
            break
        at = after + step
    return {name: value for (group, name), value in found.items() if groups.get(group) == "ANALOG"}


def _parameter(content: bytes, at: int, dec: bool) -> Any:
    kind, n_sizes = struct.unpack_from("bB", content, at)
    sizes = list(content[at + 2 : at + 2 + n_sizes])
    raw = content[at + 2 + n_sizes :][: abs(kind) * int(np.prod(sizes))]
    if kind == -1:
        width = sizes[0] if sizes else 1
        return [raw[i : i + width].decode("latin-1").strip() for i in range(0, len(raw), width)]
    return _floats(raw, dec) if kind == 4 else np.frombuffer(raw, "<i2" if kind == 2 else "i1")


def _floats(raw: bytes, dec: bool) -> np.ndarray:
    if not dec:
        return np.frombuffer(raw, "<f4")
    words = np.frombuffer(raw, "<u2").reshape(-1, 2)[:, ::-1]
    return np.ascontiguousarray(words).view("<f4").ravel() / 4
