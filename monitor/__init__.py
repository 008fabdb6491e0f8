"""Crampwatch: early calf-cramp warning from wearable EMG and ankle angle. A training aid, not a medical device.

The names below are the stable Python interface (`crampwatch guide python`); what is not named here may change at any
time. They are imported when they are first used, so that `import monitor` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.api import Analysis, LegAnalysis, analyze, open_recording, read_file
    from monitor.chunk import Channel, Chunk, Stream
    from monitor.errors import CrampwatchError
    from monitor.settings import Settings
    from monitor.stage import Stage

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "Channel",
    "Chunk",
    "CrampwatchError",
    "LegAnalysis",
    "Settings",
    "Stage",
    "Stream",
    "analyze",
    "open_recording",
    "read_file",
]

_ROOMS = {
    "monitor.api": ("Analysis", "LegAnalysis", "analyze", "open_recording", "read_file"),
    "monitor.chunk": ("Channel", "Chunk", "Stream"),
    "monitor.errors": ("CrampwatchError",),
    "monitor.settings": ("Settings",),
    "monitor.stage": ("Stage",),
}


def __getattr__(name: str) -> Any:
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(import_module(room), name)
    raise AttributeError(f"module 'monitor' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
