"""The door to liblsl: loaded late, set up so that a squad's streams fit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from monitor.errors import NetworkError

OPEN_TO_ALL = "LSL has no authentication: whoever is in this network can read its streams, and send under any name"
_OWN_FILES = (Path("lsl_api.cfg"), Path.home() / "lsl_api" / "lsl_api.cfg", Path("/etc/lsl_api/lsl_api.cfg"))
# liblsl gives each outlet a port of 32 unless told otherwise; it logs to the terminal
_SETUP = "[ports]\nPortRange = 512\n[log]\nlevel = -2\n"


def lsl() -> Any:
    """The module pylsl; a configuration of the user's own is left as it is. Raises: NetworkError where it lacks."""
    try:
        import pylsl
    except (ImportError, RuntimeError, OSError) as error:
        raise NetworkError(
            f"LSL needs pylsl and its library liblsl: pip install 'crampwatch[lsl]' ({error})"
        ) from error
    if "LSLAPICFG" not in os.environ and not any(path.exists() for path in _OWN_FILES):
        pylsl.set_config_content(_SETUP)  # of no effect once anything has used the library
    return pylsl
