"""Holds a profile against a sensor: advert, GATT table, MTU, order of the start, counter, rate, loss, scale, alert."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from monitor.acquisition.farewell import LINK_ERRORS
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.radio import Radio, RadioSpec, open_radio
from monitor.acquisition.sightings import Sighting, Sightings
from monitor.acquisition.steps import Dialogue, found
from monitor.acquisition.stream_checks import Check, golden_candidates, stream_checks
from monitor.acquisition.supervisor import LEFT_OVER_S, signal_chars
from monitor.errors import LinkError
from monitor.events import Notification

_FIND_S = 15.0
_SILENT_AFTER_S = 1.0  # a sensor that was stopped may send what is on its way
_ABOUT = {  # of the Device Information Service, what says nothing of whose sensor it is
    "model": "00002a24-0000-1000-8000-00805f9b34fb",
    "firmware": "00002a26-0000-1000-8000-00805f9b34fb",
    "hardware": "00002a27-0000-1000-8000-00805f9b34fb",
}

Ask = Callable[[str], bool]


@dataclass
class Report:
    """What was found. It names no device: no name, no address, no serial number. about: model, firmware, hardware."""

    profile: str
    variant: str | None
    options: dict[str, str]
    simulated: bool
    seconds: float
    about: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    golden: list[dict[str, Any]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """No check failed."""
        return all(check.passed is not False for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"passed": self.passed}

    def to_markdown(self) -> str:
        """For people."""
        what = "a virtual sensor" if self.simulated else "a real sensor"
        lines = [f"# {self.profile}{f', {self.variant}' if self.variant else ''}: {what}, {self.seconds:g} s", ""]
        lines += [f"- {name}: {text}" for name, text in self.about.items()]
        lines += ["", "| check | result | finding |", "|---|---|---|"]
        lines += [f"| {check.what} | {check.word} | {check.finding} |" for check in self.checks]
        return "\n".join([*lines, "", f"{len(self.golden)} candidates for golden packets are in the JSON beside.", ""])


async def verify(
    spec: RadioSpec,
    profile: Profile,
    name: str | None,
    seconds: float,
    ask: Ask | None,
    *,
    variant: str | None = None,
    options: Mapping[str, str] | None = None,
    simulated: bool = False,
) -> Report:
    """Check one sensor in range. name: its name or address, None = the first that fits the profile.

    variant, options : what the profile leaves open; without a variant the sensor's name decides.
    ask : puts a yes-or-no question to whoever holds the sensor; None = nobody is there.
    Raises: RadioError; LinkError if no such sensor is in range or its link cannot be made.
    """
    async with open_radio(spec) as radio:
        sighting = await _find(radio, profile, name)
        open_ = profile.whole.variants or profile.whole.choices
        resolved = profile.whole.resolved(variant, options, sighting.name) if open_ else profile
        report = Report(resolved.id, resolved.variant, dict(resolved.options), simulated, seconds)
        report.checks.append(_advert(resolved, sighting))
        client = radio.client(sighting.device, lambda: None, resolved.link.connect_timeout_s)
        try:
            await client.connect()
            await _Inspection(client, resolved, report, ask).make(seconds)
        except LINK_ERRORS as error:
            raise LinkError(f"the link failed: {str(error) or 'no answer in time'}") from error
        finally:
            with contextlib.suppress(*LINK_ERRORS):
                await client.disconnect()
    return report


class _Inspection:
    """One connected sensor under inspection."""

    def __init__(self, client: BleakClient, profile: Profile, report: Report, ask: Ask | None) -> None:
        self._client, self._profile, self._report, self._ask = client, profile, report, ask
        self._packets: list[Notification] = []
        self._remarks: list[str] = []
        self._loop = asyncio.get_running_loop()
        self._dialogue = Dialogue(client, profile, self._hear, on_remark=self._remarks.append)

    async def make(self, seconds: float) -> None:
        """All checks that need the link."""
        steps, checks = self._profile.step, self._report.checks
        checks.extend(_table(self._client, self._profile))
        checks.append(_mtu(self._client, self._profile))
        self._report.about = await _about(self._client)
        with contextlib.suppress(*LINK_ERRORS):  # what is left over of an earlier stream; stopping it is tried below
            await self._dialogue.run([step for step in steps.stop if step.op == "write"])
        await asyncio.sleep(LEFT_OVER_S)
        self._packets.clear()
        checks.append(await self._start())
        await asyncio.sleep(seconds)
        checks.extend(stream_checks(self._profile, self._packets))
        self._report.golden = golden_candidates(self._profile, self._packets)
        checks.append(await self._alert())
        checks.append(await self._stop())

    def _hear(self, char: str, payload: bytearray) -> None:
        self._packets.append(Notification(self._loop.time(), "", char, bytes(payload)))

    async def _start(self) -> Check:
        steps, begun_s = self._profile.step, self._loop.time()
        error = await _error_of(self._dialogue.run((*steps.setup, *steps.start)))
        if error is not None:
            return Check("start", False, f"a step failed: {error}")
        limit_s, told = self._profile.link.first_packet_timeout_s, signal_chars(self._profile)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while not any(packet.char in told for packet in self._packets):
                    await asyncio.sleep(0.01)
        first_s = next((packet.time_s for packet in self._packets if packet.char in told), None)
        if first_s is None:
            return Check("start", False, f"no packet within {limit_s:g} s")
        remarks = f"; {'; '.join(self._remarks)}" if self._remarks else ""
        return Check("start", not self._remarks, f"first packet after {first_s - begun_s:.2f} s{remarks}")

    async def _alert(self) -> Check:
        if not self._profile.step.alert:
            return Check("alert", None, "the profile knows none")
        error = await _error_of(self._dialogue.run(self._profile.step.alert))
        if error is not None:
            return Check("alert", False, f"a step failed: {error}")
        if self._ask is None:
            return Check("alert", None, "the command was taken; nobody was there to see it")
        seen = self._ask("Did the sensor vibrate or blink just now?")
        return Check("alert", seen, "was noticed" if seen else "the command was taken and nothing was noticed")

    async def _stop(self) -> Check:
        error = await _error_of(self._dialogue.run(self._profile.step.stop))
        if error is not None:
            return Check("stop", False, f"a step failed: {error}")
        if not self._profile.step.stop:
            return Check("stop", None, "the profile knows none: it stops with the link")
        await asyncio.sleep(_SILENT_AFTER_S)
        heard = len(self._packets)
        await asyncio.sleep(_SILENT_AFTER_S)
        more = len(self._packets) - heard
        return Check("stop", more == 0, "silent" if more == 0 else f"{more} packets after it was stopped")


async def _find(radio: Radio, profile: Profile, name: str | None) -> Sighting:
    sightings = Sightings()

    def hear(device: BLEDevice, heard: AdvertisementData) -> None:
        sightings.hear(device, heard)

    def fits(sighting: Sighting) -> bool:
        if name is not None:
            return bool({name, name.upper()} & sighting.names)
        heard = sighting.heard
        return profile.matches(sighting.name, heard.service_uuids, heard.manufacturer_data.keys())

    async with radio.scanner(hear):
        try:
            async with asyncio.timeout(_FIND_S):
                return await sightings.first(fits)
        except TimeoutError:
            which = f"no sensor {name!r}" if name else f"no {profile.model}"
            raise LinkError(f"{which} is in range; is it switched on and not connected to a phone?") from None


def _advert(profile: Profile, sighting: Sighting) -> Check:
    match, heard = profile.match, sighting.heard
    named = match.fits(sighting.name or "")
    services = {uuid.lower() for uuid in heard.service_uuids}
    announced = not services.isdisjoint(match.service_uuids)
    facts = [
        "the name fits" if named else "the name does not fit",
        f"{'a' if announced else 'no'} service of the profile is announced",
        f"{len(heard.manufacturer_data)} manufacturer records",
    ]
    wanted = announced == match.service_advertised or not match.service_uuids
    return Check("advert", (named or not match.names) and wanted, ", ".join(facts))


def _table(client: BleakClient, profile: Profile) -> Iterator[Check]:
    missing = [alias for alias, spec in profile.gatt.items() if not spec.optional and found(client, spec) is None]
    yield Check(
        "GATT table", not missing, f"missing: {', '.join(missing)}" if missing else "all that is needed is there"
    )
    wrong = []
    for alias, spec in profile.gatt.items():
        here = found(client, spec)
        if here is not None and (lacks := set(spec.props) - set(here.properties)):
            wrong.append(f"{alias} lacks {', '.join(sorted(lacks))}")
    yield Check("properties", not wrong, "; ".join(wrong) or "as the profile says")


def _mtu(client: BleakClient, profile: Profile) -> Check:
    rooms = [found.max_write_without_response_size for found in client.services.characteristics.values()]
    mtu = max(rooms, default=20) + 3
    return Check("MTU", mtu >= profile.link.min_mtu, f"{mtu}; the profile needs {profile.link.min_mtu}")


async def _about(client: BleakClient) -> dict[str, str]:
    """Model, firmware and hardware, as far as it tells."""
    told = {}
    for name, char in _ABOUT.items():
        if client.services.get_characteristic(char) is not None:
            with contextlib.suppress(*LINK_ERRORS):
                told[name] = bytes(await client.read_gatt_char(char)).decode("utf-8", "replace").strip("\x00 ")
    return told


async def _error_of(work: Awaitable[None]) -> str | None:
    try:
        await work
    except LINK_ERRORS as error:
        return str(error) or "no answer in time"
    return None
