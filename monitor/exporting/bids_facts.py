"""What the files of a data set say: the tables and JSON objects of EMG-BIDS and Motion-BIDS, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import monitor
from monitor.chunk import Chunk
from monitor.exporting.grid import Grid
from monitor.muscles import muscle_of

_MOTION_TYPES = {"g": "ACCEL", "deg/s": "GYRO", "deg": "JNTANG"}
_MOTION_UNITS = {"g": "g", "deg/s": "deg/s", "deg": "deg", "1": "n/a"}
_LAST = {"w": "quat_w", "x": "x", "y": "y", "z": "z"}
_COUNTED = ("ACCEL", "ANGACCEL", "GYRO", "JNTANG", "LATENCY", "MAGN", "MISC", "ORNT", "POS", "VEL")
EVENTS = {
    "StimulusPresentation": {"SoftwareName": "n/a"},
    "onset": {"Description": "Seconds after the first sample of the recording.", "Units": "s"},
    "duration": {"Description": "Seconds; n/a for a moment.", "Units": "s"},
    "trial_type": {"Description": "What a person noted, or `state X`: what Crampwatch said of this leg from then on."},
}
PARTICIPANTS = {
    "participant_id": {"Description": "A pseudonym; Crampwatch keeps no names."},
    "species": {"Description": "Binomial species name."},
}
README = """# {title}

Surface EMG of the calf and motion of the lower leg, exported by Crampwatch {version}. A training aid.

One BDF+ per EMG device, since every device has its own clock; one table per motion sensor. The files' beginnings are in
`scans.tsv`. Samples that were lost on the way from the sensor are 0 in the BDF+ and annotated `{lost}` (of one channel
alone: `{lost}@@LABEL`), and `n/a` in the motion tables. The key `Crampwatch` in the JSON files brings the session's
streams, notes and states back as they were: `crampwatch convert FOLDER session.xdf`.
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who wears a sensor, on which leg and as what; empty = not told."""

    athlete: str
    side: str
    role: str
    sensor: str = ""


def seats_of(header: dict[str, Any]) -> dict[str, Seat]:
    """By source_id, from the team in a recording's header."""
    team = header.get("team") or {}
    return {
        sensor["match"]: Seat(
            athlete["name"], sensor["leg"], next((r for r in sensor["roles"] if r != "emg"), ""), sensor["match"]
        )
        for athlete in team.get("athletes", [])
        for sensor in athlete["sensors"]
    }


def dataset(title: str, simulated: bool) -> dict[str, Any]:
    """dataset_description.json."""
    return {
        "Name": f"{title} (simulated)" if simulated else title,
        "BIDSVersion": "1.11.1",
        "DatasetType": "raw",
        "License": "n/a",
        "Authors": ["n/a"],
        "Keywords": ["EMG", "calf", "fatigue", "motion"],
        "GeneratedBy": [{"Name": "Crampwatch", "Version": monitor.__version__, "Description": "its exporter"}],
    }


def _device(profile: dict[str, Any], source: str) -> dict[str, Any]:
    about = profile.get("profile") if isinstance(profile.get("profile"), dict) else profile
    about = about or {}
    return {
        "Manufacturer": about.get("vendor") or "n/a",
        "ManufacturersModelName": about.get("model") or "n/a",
        "SoftwareVersions": f"Crampwatch {monitor.__version__}",
        "DeviceSerialNumber": source.removeprefix("serial:"),
    }


def _task(task: str) -> dict[str, Any]:
    return {
        "TaskName": task,
        "TaskDescription": "Sport or exercise while calf EMG and motion of the lower leg were recorded.",
        "Instructions": "n/a",
        "InstitutionName": "n/a",
        "InstitutionAddress": "n/a",
        "InstitutionalDepartmentName": "n/a",
    }


def emg_json(chunk: Chunk, grid: Grid, task: str, profile: dict[str, Any], mains_hz: float | None) -> dict[str, Any]:
    """_emg.json: everything required and recommended; what nobody has told says n/a."""
    return (
        _task(task)
        | _device(profile, chunk.stream.source_id)
        | {
            "EMGPlacementScheme": "Other",
            "EMGPlacementSchemeDescription": "SENIAM recommendation, placed by the wearer and not measured.",
            "EMGReference": "Bipolar",
            "EMGGround": "n/a",
            "SamplingFrequency": grid.rate_hz,
            "PowerLineFrequency": "n/a" if mains_hz is None else mains_hz,
            "RecordingType": "continuous",
            "RecordingDuration": len(grid.samples) / grid.rate_hz,
            "EMGChannelCount": len(chunk.stream.channels),
            "SoftwareFilters": "n/a",
            "HardwareFilters": "n/a",
            "ElectrodeManufacturer": "n/a",
            "ElectrodeManufacturersModelName": "n/a",
            "ElectrodeMaterial": "n/a",
            "ElectrodeType": "n/a",
            "SkinPreparation": "n/a",
        }
    )


def channel_rows(chunk: Chunk, grid: Grid, side: str) -> list[dict[str, Any]]:
    """_channels.tsv of EMG."""
    rows = []
    for channel in chunk.stream.channels:
        muscle, place = muscle_of(channel.label)
        rows.append(
            {
                "name": channel.label,
                "type": "EMG",
                "units": "uV" if channel.unit == "uV" else "n/a",
                "signal_electrode": channel.label,
                "reference": "bipolar",
                "group": side or "n/a",
                "target_muscle": f"{muscle} ({side})" if side and muscle != "n/a" else muscle,
                "placement_scheme": "other",
                "placement_description": place,
                "interelectrode_distance": "n/a",
                "sampling_frequency": f"{grid.rate_hz:.9g}",
                "low_cutoff": "n/a",
                "high_cutoff": "n/a",
                "notch": "n/a",
                "status": "good",
            }
        )
    return rows


def electrode_rows(chunk: Chunk, side: str) -> list[dict[str, Any]]:
    """_electrodes.tsv: one pair per channel; nobody measures where a wearer puts them."""
    return [
        {
            "name": channel.label,
            "x": "n/a",
            "y": "n/a",
            "z": "n/a",
            "coordinate_system": f"{side or 'unknown'}LowerLeg",
            "type": "n/a",
            "material": "n/a",
            "impedance": "n/a",
            "group": side or "n/a",
        }
        for channel in chunk.stream.channels
    ]


def coordinates(side: str) -> dict[str, Any]:
    """_coordsystem.json."""
    return {
        "EMGCoordinateSystem": "Other",
        "EMGCoordinateUnits": "n/a",
        "EMGCoordinateSystemDescription": f"The {side or 'unknown'} lower leg. No coordinates were measured; see"
        " placement_description in channels.tsv.",
    }


def motion_json(chunk: Chunk, grid: Grid, task: str, system: str, profile: dict[str, Any]) -> dict[str, Any]:
    """_motion.json: required and recommended."""
    kinds = [_motion_type(chunk, channel.unit) for channel in chunk.stream.channels]
    counts = {f"{kind}ChannelCount": kinds.count(kind) for kind in _COUNTED}
    return (
        _task(task)
        | _device(profile, chunk.stream.source_id)
        | counts
        | {
            "SamplingFrequency": chunk.stream.rate_hz,
            "SamplingFrequencyEffective": grid.rate_hz,
            "RecordingType": "continuous",
            "RecordingDuration": len(grid.samples) / grid.rate_hz,
            "MotionChannelCount": len(kinds),
            "TrackedPointsCount": 1,
            "TrackingSystemName": system,
            "SubjectArtefactDescription": "n/a",
            "MissingValues": "n/a",
        }
    )


def motion_rows(chunk: Chunk, grid: Grid, seat: Seat) -> list[dict[str, Any]]:
    """_channels.tsv of motion."""
    point = " ".join(part for part in (seat.side, seat.role) if part) or chunk.stream.source_id
    return [
        {
            "name": channel.label,
            "component": _component(chunk, channel.label),
            "type": _motion_type(chunk, channel.unit),
            "tracked_point": point,
            "units": _MOTION_UNITS.get(channel.unit, channel.unit or "n/a"),
            "sampling_frequency": f"{grid.rate_hz:.9g}",
        }
        for channel in chunk.stream.channels
    ]


def _motion_type(chunk: Chunk, unit: str) -> str:
    return "ORNT" if chunk.stream.name == "quat" else _MOTION_TYPES.get(unit, "MISC")


def _component(chunk: Chunk, label: str) -> str:
    last = label.rsplit("_", 1)[-1].lower()
    if chunk.stream.name == "quat":
        return f"quat_{last}" if last in _LAST else "n/a"
    return last if last in ("x", "y", "z") else "n/a"
