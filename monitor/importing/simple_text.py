"""Plain numbers in a text: BioSPPy's simple format, Motion Analysis' ANC, and rows without any header."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of
from monitor.importing.rows import lines_of, numbers

BIOSPPY_MARK = "# Simple Text Format"
ANC_MARK = "File_Type:"


def read_biosppy(path: Path, asked: Asked) -> Content:
    """BioSPPy: rate, resolution and labels in the header; ADC counts."""
    lines = lines_of(path)
    facts = dict(re.findall(r"^# ([^:\n]+):=\s*(.*?)\s*$", "\n".join(lines[:30]), re.MULTILINE))
    body = [line for line in lines if line.strip() and not line.startswith("#")]
    rate_hz = next((float(value) for key, value in facts.items() if key.startswith("Sampling Rate")), None)
    labels = [label.strip() for label in facts.get("Labels", "").split(",") if label.strip()]
    if rate_hz is None or not body:
        raise TableError(f"{path} lacks its sampling rate or its rows; export it again")
    delimiter = "\t" if "\t" in body[0] else ","
    n_columns = len(body[0].strip().split(delimiter))
    rows = numbers(path, body, len(lines) - len(body) + 1, delimiter, range(n_columns))
    labels = labels if len(labels) == n_columns else [f"ch{n + 1}" for n in range(n_columns)]
    columns = [
        Column(label, "counts" if "Resolution" in facts else "", rows[:, n], "emg" if "EMG" in label.upper() else "")
        for n, label in enumerate(labels)
    ]
    return Content(path, "BioSPPy text", streams_of(columns, rate_hz, path.name))


def read_anc(path: Path, asked: Asked) -> Content:
    """Motion Analysis analog text: counts of an ADC with a range for each channel (mV), every channel at one rate."""
    lines = lines_of(path)
    at = {line.split("\t")[0]: n for n, line in enumerate(lines[:30])}
    if not {"Name", "Rate", "Range"} <= at.keys():
        raise TableError(f"{path} lacks its lines Name, Rate or Range; export it again")
    names = [name for name in lines[at["Name"]].split("\t")[1:] if name.strip()]
    body = [line for line in lines[at["Range"] + 1 :] if line.strip()]
    rows = numbers(path, body, at["Range"] + 2, "\t", range(len(names) + 1))
    time_s = rows[:, 0]
    if len(time_s) < 3 or not (np.diff(time_s) > 0).all():
        raise TableError(f"the times of {path} do not rise; export it again")
    rate_hz = (len(time_s) - 1) / float(time_s[-1] - time_s[0])
    columns = [Column(name, asked.unit, rows[:, n + 1], "emg") for n, name in enumerate(names)]
    note = "its numbers are an ADC's within the range of each channel; name the EMG channels with --map"
    return Content(path, "Motion Analysis ANC", streams_of(columns, rate_hz, path.name), notes=(note,))


def read_rows(path: Path, asked: Asked) -> Content:
    """Rows of numbers without a header: the rate must be given, and the unit of what is EMG."""
    lines = [line for line in lines_of(path) if line.strip()]
    delimiter = next((sign for sign in ("\t", ",", ";") if lines and sign in lines[0]), ",")
    n_columns = len(lines[0].rstrip(delimiter + " ").split(delimiter)) if lines else 0
    rate_hz = asked.rate_of(str(path))
    rows = numbers(path, lines, 1, delimiter, range(n_columns))
    columns = [Column(f"ch{n + 1}", "", rows[:, n], "emg") for n in range(n_columns)]
    note = "the file names no channel; which are EMG says --map, and their unit --unit"
    return Content(path, "rows of numbers", streams_of(columns, rate_hz, path.name), notes=(note,))
