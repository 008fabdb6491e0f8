"""Of several gateways' events of one sensor those of the gateway that has it, in a hub and when joining recordings.

A sensor has one link. The gateway that said last that it is live has it; packets of another are left out, and so is
what another says of the link meanwhile, or tells late of a time before that.
"""

from __future__ import annotations

import math
from collections.abc import Hashable

from monitor.events import Battery, Decoded, Event, Link, LinkChange, Notification


class Owners:
    """Feed it all gateways' events in order of time."""

    def __init__(self) -> None:
        self._owners: dict[str, Hashable] = {}
        self._since_s: dict[str, float] = {}  # when the owner's link became live
        self._links: dict[str, Link] = {}
        self._told: set[tuple[Hashable, str]] = set()  # gateways that have said something of a sensor's link

    def of(self, sensor: str) -> Hashable | None:
        """The gateway that has a sensor; None = nobody yet."""
        return self._owners.get(sensor)

    def passes(self, gateway: Hashable, event: Event, was_s: float | None = None) -> bool:
        """Whether an event of this gateway counts. was_s : its own time, where it comes so late that it is moved."""
        if isinstance(event, LinkChange):
            return self._link_passes(gateway, event, event.time_s if was_s is None else was_s)
        if isinstance(event, Notification | Decoded | Battery):
            return self._owners.setdefault(event.sensor, gateway) == gateway
        return True

    def live_before(self, gateway: Hashable, event: Event) -> LinkChange | None:
        """That the link is live, before the first packet of a gateway that has said nothing of this sensor's link.

        It said so before this program began to listen. Ask for events that pass.
        """
        if not isinstance(event, Notification) or (gateway, event.sensor) in self._told:
            return None
        live = LinkChange(event.time_s, event.sensor, Link.LIVE)
        self._link_passes(gateway, live, event.time_s)
        return live

    def _link_passes(self, gateway: Hashable, event: LinkChange, was_s: float) -> bool:
        self._told.add((gateway, event.sensor))
        owner, live = self._owners.get(event.sensor), self._links.get(event.sensor) is Link.LIVE
        others = owner is not None and owner != gateway
        if others and was_s < self._since_s.get(event.sensor, -math.inf):
            return False
        if event.link is Link.LIVE:
            self._owners[event.sensor], self._since_s[event.sensor] = gateway, was_s
        elif others and live:
            return False
        self._links[event.sensor] = event.link
        return True
