"""Of several gateways' events of one sensor those of the gateway that has it, in a hub and when joining recordings.

A sensor has one link. The gateway that said last that it is live has it; packets of another are left out, and so is
what another says of the link meanwhile.
"""

from __future__ import annotations

from collections.abc import Hashable

from monitor.events import Battery, Decoded, Event, Link, LinkChange, Notification


class Owners:
    """Feed it all gateways' events in order of time."""

    def __init__(self) -> None:
        self._owners: dict[str, Hashable] = {}
        self._links: dict[str, Link] = {}

    def of(self, sensor: str) -> Hashable | None:
        """The gateway that has a sensor; None = nobody yet."""
        return self._owners.get(sensor)

    def passes(self, gateway: Hashable, event: Event) -> bool:
        """Whether an event of this gateway counts."""
        if isinstance(event, LinkChange):
            return self._link_passes(gateway, event)
        if isinstance(event, Notification | Decoded | Battery):
            return self._owners.setdefault(event.sensor, gateway) == gateway
        return True

    def _link_passes(self, gateway: Hashable, event: LinkChange) -> bool:
        owner = self._owners.get(event.sensor)
        if event.link is Link.LIVE:
            self._owners[event.sensor] = gateway
        elif owner is not None and owner != gateway and self._links.get(event.sensor) is Link.LIVE:
            return False
        self._links[event.sensor] = event.link
        return True
