"""Codecs by name: each rewrites an odd packing into plain records, and back. Pure; they never raise on bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.acquisition.codecs.ascii_number import ascii_number
from monitor.acquisition.codecs.bitalino import bitalino
from monitor.acquisition.codecs.ganglion_v2 import ganglion_v2
from monitor.acquisition.codecs.ganglion_v3 import ganglion_v3
from monitor.acquisition.codecs.movesense_gsp import movesense_gsp
from monitor.acquisition.codecs.polar_pmd import polar_pmd
from monitor.acquisition.codecs.shimmer3r import shimmer3r
from monitor.acquisition.codecs.sig_hr import sig_hr
from monitor.acquisition.codecs.sig_rsc import sig_rsc
from monitor.acquisition.framing import Framer

CODECS: dict[str, Callable[[Mapping[str, object]], Framer]] = {
    "ascii_number": ascii_number,
    "bitalino": bitalino,
    "ganglion_v2": ganglion_v2,
    "ganglion_v3": ganglion_v3,
    "movesense_gsp": movesense_gsp,
    "polar_pmd": polar_pmd,
    "shimmer3r": shimmer3r,
    "sig_hr": sig_hr,
    "sig_rsc": sig_rsc,
}
"""From a codec's name to what builds it from its parameters. Raises: ProfileError if the parameters are wrong."""
