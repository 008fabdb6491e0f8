"""What other libraries find in a file: JSON facts and arrays. Run in a child process alone (`child_reader`)."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.errors import TableError

Found = tuple[dict[str, Any], dict[str, NDArray[Any]]]

_EXTRAS = {
    "edf": ("edfio", "edf"),
    "bdf": ("edfio", "edf"),
    "c3d": ("ezc3d", "c3d"),
    "parquet": ("pyarrow", "parquet"),
    "hdf5": ("h5py", ""),
    "mat": ("scipy", ""),
    "mat_session": ("scipy", ""),
}


def needs(library: str) -> None:
    """Raises: TableError with the command that installs what reading takes, if it is missing."""
    package, extra = _EXTRAS[library]
    if importlib.util.find_spec(package) is None:
        wanted = f"'crampwatch[{extra}]'" if extra else package
        raise TableError(f"reading a {library} file needs {package}: pip install {wanted}")


def read_edf(path: str) -> Found:
    """Signals s0, s1, ... of an EDF file with label, unit and rate; annotations; when it began."""
    import edfio

    return _edf(edfio.read_edf(path))


def read_bdf(path: str) -> Found:
    """The same of a BDF file."""
    import edfio

    return _edf(edfio.read_bdf(path))


def _edf(file: Any) -> Found:
    if file.reserved[3:5] == "+D":
        raise ValueError("it is discontinuous (EDF+D); save it as EDF+C")
    signals = [
        {"label": signal.label, "unit": signal.physical_dimension, "rate_hz": signal.sampling_frequency}
        for signal in file.signals
    ]
    notes = [[note.onset, note.duration, note.text] for note in file.annotations]
    try:
        start = file.startdatetime.isoformat()
    except ValueError:  # anonymised files have no date
        start = None
    arrays = {f"s{number}": signal.data for number, signal in enumerate(file.signals)}
    return {"signals": signals, "annotations": notes, "start": start}, arrays


def read_c3d(path: str) -> Found:
    """Analog channels (n, n_analog) and the points that are angles (n, 3, n_angles), with labels, units and rates."""
    import ezc3d

    file = ezc3d.c3d(path)
    parameters, header = file["parameters"], file["header"]
    analogs = file["data"]["analogs"][0].T
    labels = _strings(parameters["ANALOG"].get("LABELS"))[: analogs.shape[1]]
    units = _strings(parameters["ANALOG"].get("UNITS"))[: analogs.shape[1]]
    point = parameters["POINT"]
    angles = set(_strings(point.get("ANGLES")))
    names = _strings(point.get("LABELS"))
    chosen = [number for number, name in enumerate(names) if name in angles or name.lower().endswith("angles")]
    unit = _strings(point.get("ANGLE_UNITS"))
    meta = {
        "labels": labels + [f"analog {n + 1}" for n in range(len(labels), analogs.shape[1])],
        "units": units + [""] * (analogs.shape[1] - len(units)),
        "analog_hz": float(header["analogs"]["frame_rate"]),
        "point_hz": float(header["points"]["frame_rate"]),
        "angles": [names[number] for number in chosen],
        "angle_unit": unit[0] if unit else "",
    }
    points = file["data"]["points"][:3].transpose(2, 0, 1)[:, :, chosen]
    return meta, {"analogs": analogs, "angles": points}


def _strings(parameter: Any) -> list[str]:
    return [] if parameter is None else [str(text).strip() for text in parameter["value"]]


def read_mat(path: str) -> Found:
    """Every numeric array of a MAT file up to version 7, text as facts; fields of structures as `name.field`."""
    from scipy.io import loadmat

    arrays: dict[str, NDArray[Any]] = {}
    texts: dict[str, Any] = {}
    for name, value in loadmat(path, struct_as_record=False, squeeze_me=True).items():
        if not name.startswith("__"):
            _mat(name, value, arrays, texts)
    return {"texts": texts}, arrays


def read_mat_session(path: str) -> Found:
    """What Crampwatch wrote of the session into a MAT file of its own, as text; nothing of other files."""
    from scipy.io import loadmat

    found = loadmat(path, variable_names=["crampwatch"], squeeze_me=True)
    return {name: str(text) for name, text in found.items() if not name.startswith("__")}, {}


def _mat(name: str, value: Any, arrays: dict[str, NDArray[Any]], texts: dict[str, Any]) -> None:
    if hasattr(value, "_fieldnames"):
        for field in value._fieldnames:
            _mat(f"{name}.{field}", getattr(value, field), arrays, texts)
    elif isinstance(value, str):
        texts[name] = value
    elif isinstance(value, np.ndarray) and value.dtype.kind in "UO":
        texts[name] = [item for item in value.ravel().tolist() if isinstance(item, str)]
    elif np.asarray(value).dtype.kind in "iufb":
        arrays[name] = np.asarray(value)


def read_parquet(path: str) -> Found:
    """Each column of a Parquet file as floats; null is NaN."""
    import pyarrow.parquet
    import pyarrow.types

    table = pyarrow.parquet.read_table(path)
    arrays, kinds = {}, {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        kinds[name] = str(column.type)
        if pyarrow.types.is_floating(column.type) or pyarrow.types.is_integer(column.type):
            arrays[name] = np.asarray(column.to_numpy(), dtype=np.float64)
    known = {key.decode("utf-8", "replace"): text.decode("utf-8", "replace") for key, text in _metadata(table).items()}
    return {"names": table.column_names, "kinds": kinds, "crampwatch": known.get("crampwatch", "")}, arrays


def _metadata(table: Any) -> dict[bytes, bytes]:
    return dict(table.schema.metadata or {})


def read_hdf5(path: str) -> Found:
    """The devices of an OpenSignals (biosignalsplux) HDF5 file: rate, and of each channel sensor, label and numbers."""
    import h5py

    devices, arrays = [], {}
    with h5py.File(path, "r") as file:
        for name, device in file.items():
            if not hasattr(device, "keys") or "raw" not in device:
                continue
            channels = []
            for channel in sorted(device["raw"], key=lambda text: (len(text), text)):
                values, facts = device["raw"][channel], device["raw"][channel].attrs
                if "sensor" not in facts:
                    continue
                key = f"s{len(arrays)}"
                arrays[key] = np.asarray(values).ravel()
                said = {"sensor": _text(facts["sensor"]), "label": _text(facts.get("label", channel))}
                channels.append(said | {"key": key})
            rate_hz = float(np.asarray(device.attrs["sampling rate"]).item())
            devices.append({"name": name, "rate_hz": rate_hz, "channels": channels})
    return {"devices": devices}, arrays


def _text(attribute: object) -> str:
    return attribute.decode("utf-8", "replace") if isinstance(attribute, bytes) else str(attribute)
