"""`crampwatch licences`: the packages that it stands on, and their bill of materials."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def licences(
    sbom: Annotated[
        Path | None,
        typer.Option(metavar="FILE.json", help="Write a CycloneDX bill of materials.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Which packages Crampwatch needs here, their versions and licences; exit code 1 if one is not to be used.

    Accepted are permissive licences, and LGPL and MPL for libraries that stay as they are.

    Example: crampwatch licences --sbom bom.json
    """
    import dataclasses

    from monitor.cli.new_file import check_new, write_new
    from monitor.licences import bill_of_materials, packages

    check_new(sbom, "the bill of materials", ".json")
    found = packages()
    for package in found:
        if as_json:
            typer.echo(json.dumps(dataclasses.asdict(package) | {"accepted": package.accepted}))
        else:
            mark = "" if package.accepted else "  <- not among the accepted licences"
            extra = " (optional)" if package.optional else ""
            typer.echo(f"{package.name} {package.version}: {package.licence or 'not told'}{extra}{mark}")
    if sbom is not None:
        write_new(sbom, "the bill of materials", json.dumps(bill_of_materials(found), indent=1) + "\n")
    if not all(package.accepted for package in found):
        raise typer.Exit(1)
