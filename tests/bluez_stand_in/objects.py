"""What the stand-in shows on the bus: objects with one interface each, and signals of every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from dbus_fast import Message, MessageType, Variant

OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"

_SIGNATURES = {
    "Adapter": "o",
    "Address": "s",
    "AddressType": "s",
    "Alias": "s",
    "Blocked": "b",
    "Bonded": "b",
    "Connected": "b",
    "Device": "o",
    "Discovering": "b",
    "Flags": "as",
    "Includes": "ao",
    "MTU": "q",
    "ManufacturerData": "a{qv}",
    "Name": "s",
    "Notifying": "b",
    "Paired": "b",
    "Powered": "b",
    "Primary": "b",
    "RSSI": "n",
    "Roles": "as",
    "Service": "o",
    "ServicesResolved": "b",
    "Trusted": "b",
    "UUID": "s",
    "UUIDs": "as",
    "Value": "ay",
}


class BusObject:
    """One object. `calls` names the D-Bus methods; a subclass has a coroutine of that name in snake case for each."""

    interface: ClassVar[str]
    calls: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, tree: ObjectTree, path: str, **properties: object) -> None:
        self.tree = tree
        self.path = path
        self.properties = properties

    def change(self, **changed: object) -> None:
        """Set properties and tell everybody."""
        self.properties.update(changed)
        if self.path in self.tree:
            self.tree.signal(
                self.path, PROPERTIES, "PropertiesChanged", "sa{sv}as", self.interface, _typed(changed), []
            )

    def unset(self, name: str) -> None:
        """Take a property away and tell everybody."""
        if self.properties.pop(name, None) is not None:
            self.tree.signal(self.path, PROPERTIES, "PropertiesChanged", "sa{sv}as", self.interface, {}, [name])

    def interfaces(self) -> dict[str, dict[str, Variant]]:
        """The object as the object manager lists it."""
        return {self.interface: _typed(self.properties)}

    async def on_leave(self, client: str) -> None:
        """Drop what was done for a bus client (by its unique name) that has gone."""


class ObjectTree:
    """All objects by path. `send` puts a message on the bus."""

    def __init__(self, send: Callable[[Message], Any]) -> None:
        self._send = send
        self._objects: dict[str, BusObject] = {}
        self._muted = False

    def __contains__(self, path: str) -> bool:
        return path in self._objects

    def __iter__(self) -> Iterator[BusObject]:
        return iter(list(self._objects.values()))

    def get(self, path: str | None) -> BusObject | None:
        """The object at a path."""
        return self._objects.get(path or "")

    def add(self, added: BusObject) -> None:
        """Show an object."""
        self._objects[added.path] = added
        self.signal("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", added.path, added.interfaces())

    def remove(self, path: str) -> None:
        """Take an object away, and all beneath it first."""
        for beneath in sorted((other for other in self._objects if other.startswith(f"{path}/")), reverse=True):
            self._remove_one(beneath)
        self._remove_one(path)

    def managed(self) -> dict[str, dict[str, dict[str, Variant]]]:
        """The answer to GetManagedObjects."""
        return {path: shown.interfaces() for path, shown in self._objects.items()}

    def signal(self, path: str, interface: str, member: str, signature: str, *body: object) -> None:
        """Tell everybody on the bus."""
        if not self._muted:
            kind = MessageType.SIGNAL
            self._send(Message(None, path, interface, member, kind, signature=signature, body=list(body)))

    def mute(self) -> None:
        """Tell nobody anything any more."""
        self._muted = True

    def _remove_one(self, path: str) -> None:
        gone = self._objects.pop(path)
        self.signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", path, [gone.interface])


def _typed(properties: dict[str, object]) -> dict[str, Variant]:
    return {name: Variant(_SIGNATURES[name], value) for name, value in properties.items()}
