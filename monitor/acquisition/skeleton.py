"""A profile's beginning, made from a capture: it loads and streams raw bytes; what they mean is left to be said."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

_MOST_PACKETS = 6


def skeleton(records: Sequence[dict[str, Any]]) -> str:
    """TOML, with a comment wherever somebody who knows the sensor has to say more."""
    return "\n".join([*_head(records), *_gatt(records), *_steps(records), *_packets(records), *_tail(records), ""])


def silence(records: Sequence[dict[str, Any]]) -> str:
    """What to say of a capture in which nothing came: why that may be, and what to try."""
    subscribed = sum(record["kind"] == "subscribe" for record in records)
    if not subscribed:
        return "it sent nothing: it has nothing to subscribe to, or refused it (the file says which)"
    takes = {"write", "write-without-response"}
    chars = dict.fromkeys(r["char"] for r in records if r["kind"] == "gatt" and takes.intersection(r["props"]))
    if not chars:
        return "it sent nothing and takes no commands: is it asleep? Move it or press its button, then capture again"
    return (
        "it sent nothing. Most sensors need a start command: look it up in the maker's documents and give it as "
        f"--write UUID=HEX. It takes commands at {', '.join(chars)}"
    )


def _head(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    advert = next((record for record in records if record["kind"] == "advert"), {})
    name = advert.get("name") or "sensor"
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "sensor"
    mtu = max([record["room"] + 3 for record in records if record["kind"] == "gatt"], default=23)
    longest = max((len(record["hex"]) // 2 for record in records if record["kind"] == "notification"), default=20)
    services = sorted(advert.get("services", []))
    yield "#:schema ./profile.schema.json"
    yield "# Begun from a capture. What says TODO has to be looked up or measured; `crampwatch profiles check` helps."
    yield "schema = 1"
    yield f'\n[profile]\nid = "{slug if slug[0].isalpha() else "s-" + slug}"\nvendor = "TODO"\nmodel = {_text(name)}'
    yield 'kind = ["emg"] # TODO: emg, imu\nconfidence = "community"\nverified_on_hardware = false'
    yield 'sources = ["a capture of one sensor"]\nnotes = "TODO"'
    prefix = name.rstrip("0123456789-_ ") or name
    yield f"\n[match]\nname_prefixes = [{_text(prefix)}]\nservice_uuids = {_list(services)}"
    yield f"service_advertised = {str(bool(services)).lower()}"
    yield f"\n[link] # the capture was made with an MTU of {mtu}"
    yield f"min_mtu = {max(23, longest + 3)}\nfirst_packet_timeout_s = 3.0\nstall_timeout_s = 1.0"


def _gatt(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    known = {"read", "write", "write-without-response", "notify", "indicate"}
    for char, alias in _aliases(records).items():
        record = next(r for r in records if r["kind"] == "gatt" and r["char"] == char)
        props = [prop for prop in record["props"] if prop in known]
        yield f'\n[gatt.{alias}]\nservice = "{record["service"]}"\nchar = "{char}"\nprops = {_list(props)}'


def _steps(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    aliases = _aliases(records)
    for char in dict.fromkeys(char for char, _ in _kinds(records)):
        yield f'\n[[step.start]]\nop = "subscribe"\nchar = "{aliases[char]}"'
    yield '\n# TODO: commands, if it needs any\n# [[step.start]]\n# op = "write"\n# char = "..."\n# hex = "01"'


def _packets(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    aliases = _aliases(records)
    for number, (char, length) in enumerate(_kinds(records)):
        yield f'\n[[packet]]\nid = "packet{number}"\nchars = ["{aliases[char]}"]\nselect = {{ length = {length} }}'
        field = f'{{ name = "bytes", type = "u8", offset = 0, shape = {length} }}'
        yield f'endian = "little" # TODO\nheader_fields = [{field}]'


def _tail(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    kinds = _kinds(records)
    if not kinds:
        yield "\n# TODO: it sent nothing. Does it need a start command? capture --write UUID=HEX"
        return
    (char, length), aliases = kinds[0], _aliases(records)
    sent = [record for record in records if record["kind"] == "notification" and record["char"] == char]
    sent = [record for record in sent if len(record["hex"]) // 2 == length]
    span_s = sent[-1]["t"] - sent[0]["t"]
    rate_hz = round((len(sent) - 1) / span_s, 2) if span_s > 0 else 1.0
    channels = [f"b{n}" for n in range(length)]
    yield "\n# TODO: the real streams (emg, acc, gyro ...) in place of this one; the rate is that of the packets."
    yield f'[stream.raw]\nkind = "status"\npackets = ["packet0"]\nfields = ["bytes"]\nchannels = {_list(channels)}'
    yield f'unit = "counts"\nscale = 1\ncalibrated = "no"\nrate_nominal_hz = {rate_hz}\nrate_tolerance_pct = 20.0'
    yield 'clock = "count"'
    yield '\n[quality] # TODO\nspectral_use = "none"\nangle_use = "none"\nloss_visibility = "rate-only"'
    yield f"\n[sim]\nadvert_name = {_text(_name(records))}"
    yield f'\n[[sim.notify]]\npacket = "packet0"\ntrue_rate_hz = {rate_hz}'
    row = ", ".join(str(byte) for byte in bytes.fromhex(sent[0]["hex"]))
    yield f'\n[[vector]]\nchar = "{aliases[char]}"\nhex = "{sent[0]["hex"]}"\npacket = "packet0"\nkind = "source"'
    yield f'source = "a capture of one sensor"\ncounts.raw = [[{row}]]'


def _name(records: Sequence[dict[str, Any]]) -> str:
    return next((record["name"] for record in records if record["kind"] == "advert" and record["name"]), "sensor")


def _kinds(records: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    """The characteristics and lengths of what it sent, the commonest first."""
    sent = Counter((r["char"], len(r["hex"]) // 2) for r in records if r["kind"] == "notification" and r["hex"])
    return [kind for kind, _ in sent.most_common(_MOST_PACKETS)]


def _aliases(records: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A name for each characteristic that sends or takes something: its part of the UUID that differs."""
    useful = {"write", "write-without-response", "notify", "indicate"}
    chars = [r["char"] for r in records if r["kind"] == "gatt" and useful.intersection(r["props"])]
    return {char: f"c{number}_{char[4:8]}" for number, char in enumerate(dict.fromkeys(chars))}


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_text(text) for text in texts) + "]"
