"""`crampwatch capture`: record what an unknown sensor says, to begin a profile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import Radio


def capture(
    sensor: Annotated[str, typer.Argument(metavar="NAME", help="Its advertised name or address.", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="FILE.jsonl", help="What it said, as JSON lines; only you may read it.")],
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to listen once it is connected.")] = 20.0,
    write: Annotated[
        list[str] | None,
        typer.Option(
            metavar="UUID=HEX",
            help="Write this when all is subscribed to, such as a start command; may be given again.",
        ),
    ] = None,
    profile: Annotated[
        Path | None, typer.Option(metavar="OUT.toml", help="Write the beginning of a profile, too.", show_default=False)
    ] = None,
    radio: Radio = "os",
) -> None:
    """Record advertisements, GATT table and raw notifications of a sensor that no profile knows.

    Example: crampwatch capture MySensor --out mysensor.jsonl --profile mysensor.toml
    With a start command: crampwatch capture Myo --out myo.jsonl --write d5060401-a904-deb9-4748-2c7f4a124842=0103030100
    """
    import asyncio

    from monitor.acquisition.capture import capture as captured
    from monitor.acquisition.capture import new_capture_file
    from monitor.acquisition.radio import adapters_of
    from monitor.acquisition.skeleton import silence, skeleton
    from monitor.cli.new_file import check_new

    check_new(out, "the capture")
    check_new(profile, "the profile", ".toml")
    writes = [_written(text) for text in write or []]
    with new_capture_file(out) as file:
        records = asyncio.run(captured(adapters_of(radio)[0], sensor, seconds, file, writes))
    sent = sum(record["kind"] == "notification" for record in records)
    typer.echo(f"{out}: {sent} notifications, {sum(r['kind'] == 'gatt' for r in records)} characteristics", err=True)
    if not sent:
        typer.echo(silence(records), err=True)
    text = skeleton(records)
    if profile is None:
        typer.echo(text)
    else:
        profile.write_text(text, encoding="utf-8")
        typer.echo(f"{profile} is begun; next: crampwatch profiles check {profile}", err=True)


def _written(text: str) -> tuple[str, bytes]:
    char, _, digits = text.partition("=")
    try:
        return char, bytes.fromhex(digits)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not UUID=HEX", param_hint="--write") from None
