"""Answers method calls on the stand-in's objects, and refuses them in BlueZ's words."""

from __future__ import annotations

import re

from bleak.exc import BleakError, BleakGATTProtocolError
from dbus_fast import Message

from bluez_stand_in.objects import OBJECT_MANAGER, BusObject, ObjectTree

BLUEZ_ERROR = "org.bluez.Error."
_FREEDESKTOP_ERROR = "org.freedesktop.DBus.Error."
_ATT_REFUSALS = {  # ATT error -> what BlueZ calls it (src/gatt-client.c, create_gatt_dbus_error)
    0x02: ("NotPermitted", "Read not permitted"),
    0x03: ("NotPermitted", "Write not permitted"),
    0x05: ("NotPermitted", "Not paired"),
    0x06: ("NotSupported", "Operation is not supported"),
    0x08: ("NotAuthorized", "Operation Not Authorized"),
    0x0D: ("InvalidArguments", "Invalid Length"),
}

Answer = tuple[str, list[object]]


class CallError(Exception):
    """A refusal: the error's name on the bus and its text."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}: {text}")
        self.name, self.text = name, text


def bluez_error(kind: str, text: str) -> CallError:
    """One of org.bluez.Error.*."""
    return CallError(BLUEZ_ERROR + kind, text)


def gatt_refusal(error: BleakError | TimeoutError) -> CallError:
    """What the radio beneath said about a GATT operation, in BlueZ's words."""
    if isinstance(error, BleakGATTProtocolError):
        unnamed = ("Failed", f"Operation failed with ATT error: 0x{error.code:02x}")
        return bluez_error(*_ATT_REFUSALS.get(error.code, unnamed))
    return bluez_error("Failed", str(error) or "Operation was cancelled")


async def answer(tree: ObjectTree, call: Message) -> Message:
    """Do what a method call asks for; the reply, which may be an error."""
    try:
        if (call.interface, call.member) == (OBJECT_MANAGER, "GetManagedObjects"):
            return Message.new_method_return(call, "a{oa{sa{sv}}}", [tree.managed()])
        signature, body = await _ask(tree.get(call.path), call) or ("", [])
    except CallError as refusal:
        return Message.new_error(call, refusal.name, refusal.text)
    return Message.new_method_return(call, signature, body)


async def _ask(asked: BusObject | None, call: Message) -> Answer | None:
    if asked is None:
        raise CallError(_FREEDESKTOP_ERROR + "UnknownObject", f'Method "{call.member}" doesn\'t exist')
    if call.interface != asked.interface or call.member not in asked.calls:
        raise CallError(_FREEDESKTOP_ERROR + "UnknownMethod", f"{call.interface}.{call.member} is not offered")
    return await getattr(asked, _snake(call.member))(call)


def _snake(member: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", member).lower()
