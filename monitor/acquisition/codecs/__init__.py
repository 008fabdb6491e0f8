"""Codecs by name: each rewrites an odd packing into plain records, and back. Pure; they never raise on bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.acquisition.framing import Framer

CODECS: dict[str, Callable[[Mapping[str, object]], Framer]] = {}
"""From a codec's name to what builds it from its parameters. Raises: ProfileError if the parameters are wrong."""
