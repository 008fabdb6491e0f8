"""`crampwatch profiles`: what the sensor profiles say, whether one is right, and what packets mean."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.option_values import options_of
from monitor.cli.verify import verify
from monitor.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from monitor.acquisition.packet import Packet
    from monitor.acquisition.profile import Profile

profiles_app = typer.Typer(help="The sensor profiles.", no_args_is_help=True)
profiles_app.command()(verify)

_JSON = typer.Option("--json", help="One JSON object a line.")
_ID = typer.Argument(metavar="ID", help="The profile's id, as `crampwatch profiles list` names it.", show_default=False)
_HEX = typer.Argument(
    metavar="HEX...", help="Packets in order; UUID=HEX changes the characteristic.", show_default=False
)
_VARIANT = typer.Option(help="The sensor's variant; left out: the default one.", show_default=False)
_OPTION = typer.Option(metavar="NAME=VALUE", help="What the profile leaves open, e.g. mode=24.", show_default=False)
_PATHS = typer.Argument(metavar="PATH...", help="Profiles, or folders of them.", show_default=False)
_CHAR = typer.Option(help="The characteristic on which the packets come.", metavar="UUID", show_default=False)


@profiles_app.command("list")
def list_(as_json: Annotated[bool, _JSON] = False) -> None:
    """All sensor profiles, the broken ones with the reason.

    Example: crampwatch profiles list
    """
    from monitor.acquisition.profile import library

    summaries = [_summary(name, entry) for name, entry in sorted(library().items())]
    if not as_json:
        from monitor.cli.profile_tables import overview
        from monitor.cli.profile_tables import show as show_table

        show_table(overview([summary for summary in summaries if "error" not in summary]))
        for summary in summaries:
            if "error" in summary:
                typer.echo(f"{summary['id']} cannot be used: {summary['error']}", err=True)
    for summary in summaries if as_json else ():
        typer.echo(json.dumps(summary))


@profiles_app.command()
def show(
    profile_id: Annotated[str, _ID],
    variant: Annotated[str | None, _VARIANT] = None,
    option: Annotated[list[str] | None, _OPTION] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """One profile: streams, packets, characteristics, commands, what it asks of the air, quirks, sources.

    Example: crampwatch profiles show npg-lite --variant band
    """
    from monitor.acquisition.profile import find

    profile = find(profile_id, variant, options_of(option))
    if as_json:
        typer.echo(profile.model_dump_json(by_alias=True))
        return
    from monitor.cli.profile_tables import described
    from monitor.cli.profile_tables import show as show_table

    for table in described(profile):
        show_table(table)


@profiles_app.command()
def check(paths: Annotated[list[Path], _PATHS]) -> None:
    """Whether profile files are right; names file, line and reason where one is not.

    Example: crampwatch profiles check my_sensor.toml
    """
    from monitor.acquisition.profile import check_profile

    files = [file for path in paths for file in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    if not files:
        raise ProfileError(f"there is no profile in {', '.join(map(str, paths))}")
    broken = False
    for file in files:
        profile, faults = check_profile(file)
        for fault in faults:
            typer.echo(fault, err=True)
        if profile is None:
            broken = True
            continue
        golden = f"{len(profile.vectors)} golden packets decode"
        typer.echo(f"{file}: {profile.id}, {len(profile.packets)} packets, {golden}")
    if broken:
        raise typer.Exit(1)


@profiles_app.command()
def schema() -> None:
    """The JSON schema of profile files, for an editor that completes and checks as you type.

    Example: crampwatch profiles schema > profile.schema.json
    """
    from monitor.acquisition.profile_schema import schema_text

    typer.echo(schema_text(), nl=False)


@profiles_app.command()
def decode(
    profile_id: Annotated[str, _ID],
    packets: Annotated[list[str], _HEX],
    char: Annotated[str | None, _CHAR] = None,
    variant: Annotated[str | None, _VARIANT] = None,
    option: Annotated[list[str] | None, _OPTION] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """What packets mean, in their order: the state is carried from one to the next.

    Example: crampwatch profiles decode myo --char d5060105-a904-deb9-4748-2c7f4a124842 090d01fefefefa0206e9fcfdfcfe0502
    """
    from monitor.acquisition.profile import find

    profile = find(profile_id, variant, options_of(option))
    notifications = list(_notifications(profile, char, packets))
    failed = False
    for packet in _decoded(profile, notifications):
        failed = failed or packet.error is not None
        if as_json:
            typer.echo(json.dumps(_as_json(profile, packet), allow_nan=False))
        else:
            _print_packet(profile, packet)
    if failed:
        from monitor.cli.other_choices import fitting_choices

        if choices := fitting_choices(profile, notifications):
            typer.echo(f"these bytes decode with {', or '.join(choices)}", err=True)
        raise typer.Exit(1)


def _notifications(profile: Profile, char: str | None, packets: list[str]) -> Iterator[tuple[str, bytes]]:
    """The characteristic and the bytes of each argument. An alias or a 16-bit number serves as well as a UUID."""
    for text in packets:
        before, equals, digits = text.rpartition("=")
        char = before if equals else char
        if char is None:
            raise typer.BadParameter("is needed to know what the packets are", param_hint="--char")
        try:
            payload = bytes.fromhex(digits)
        except ValueError:
            raise typer.BadParameter(f"{digits!r} is no even number of hexadecimal digits", param_hint="HEX") from None
        yield _full_uuid(profile, char), payload


def _full_uuid(profile: Profile, char: str) -> str:
    """An alias or a short number, 2a37, as the UUID."""
    if char in profile.gatt:
        return profile.uuid(char)
    short = re.fullmatch(r"(?:0x)?([0-9a-f]{4}|[0-9a-f]{8})", char.strip().lower())
    return f"{short[1]:0>8}-0000-1000-8000-00805f9b34fb" if short else char.strip()


def _decoded(profile: Profile, notifications: list[tuple[str, bytes]]) -> Iterator[Packet]:
    from monitor.acquisition.packet import Decoder

    decoder = Decoder(profile)
    for uuid, payload in notifications:
        yield from decoder.push(uuid, payload)
    yield from decoder.end()


def _as_json(profile: Profile, packet: Packet) -> dict[str, Any]:
    """One packet as `contract` promises it; what is not a number is null."""
    if packet.error is not None:
        return {"error": packet.error}
    streams = {
        name: {
            "unit": profile.streams[name].unit,
            "channels": list(profile.streams[name].channels),
            "samples": _numbers(samples),
            "counts": _numbers(packet.counts[name]),
        }
        for name, samples in packet.streams.items()
    }
    fields = {name: _finite(value) for name, value in packet.fields.items()}
    return {"packet": packet.packet, "lost_before": packet.lost_before, "streams": streams, "fields": fields}


def _numbers(table: NDArray) -> list[list[float | None]]:
    return [[_finite(x) for x in row] for row in table.tolist()]


def _finite(value: Any) -> Any:
    """What is no finite number is null in JSON."""
    if isinstance(value, list):
        return [_finite(x) for x in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print_packet(profile: Profile, packet: Packet) -> None:
    from monitor.cli.profile_tables import packet_tables
    from monitor.cli.profile_tables import show as show_table

    if packet.error is not None:
        typer.echo(packet.error, err=True)
        return
    lost = "losses not visible" if packet.lost_before is None else f"{packet.lost_before} samples lost before"
    fields = "".join(f", {name} {value}" for name, value in packet.fields.items())
    typer.echo(f"{packet.packet}: {lost}{fields}")
    for table in packet_tables(profile, packet):
        show_table(table)


def _summary(name: str, entry: Profile | ProfileError) -> dict[str, Any]:
    if isinstance(entry, ProfileError):
        return {"id": name, "error": str(entry)}
    entry = entry.resolved()
    emg = next((stream.rate_nominal_hz for stream in entry.streams.values() if stream.kind == "emg"), None)
    return {
        "id": entry.id,
        "vendor": entry.vendor,
        "model": entry.model,
        "kind": list(entry.kind),
        "emg_rate_nominal_hz": emg,
        "spectral_use": entry.quality.spectral_use,
        "angle_use": entry.quality.angle_use,
        "loss_visibility": entry.quality.loss_visibility,
        "confidence": entry.profile.confidence,
        "verified_on_hardware": entry.profile.verified_on_hardware,
    }
