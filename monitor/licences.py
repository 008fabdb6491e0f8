"""What Crampwatch stands on: every package that it needs, with version and licence, and a bill of materials of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

DISTRIBUTION = "crampwatch"
_ACCEPTED = re.compile(
    r"^(MIT|MIT-0|0?BSD|ISC|Apache|PSF|Python|Zlib|CC0|HPND|MPL|Mozilla|LGPL|Unlicense)\b|Lesser General", re.I
)
_LONGEST_NAME = 60
_UNTOLD = {"ezc3d": "MIT"}  # says none in its metadata; the file LICENSE of its sources does


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package. licence : as it says itself, "" = it does not; optional : only an extra asks for it."""

    name: str
    version: str
    licence: str
    optional: bool

    @property
    def accepted(self) -> bool:
        """Whether one may use and pass it on beside Apache-2.0 code: permissive, or LGPL/MPL as a library."""
        return any(
            bool(_ACCEPTED.search(way)) and all(_ACCEPTED.search(part) for part in re.split(r"\s+AND\s+", way))
            for way in re.split(r"\s+OR\s+", self.licence.strip("() "))
        )


def packages() -> list[Package]:
    """Crampwatch itself, what it needs, and those of its extras that are installed, each with all that it needs."""
    found: dict[str, Package] = {}
    for optional in (False, True):
        _walk(DISTRIBUTION, found, optional=optional)
    return list(found.values())


def _walk(name: str, found: dict[str, Package], *, optional: bool) -> None:
    """Add a package and what it needs. optional : follow the extras of Crampwatch, too."""
    key = _key(name)
    known = key in found
    if known and key != DISTRIBUTION:
        return
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return
    if not known:
        found[key] = Package(installed.metadata["Name"], installed.version, licence_of(installed), optional)
    for needed in _needed(installed, extras=optional and key == DISTRIBUTION):
        _walk(needed, found, optional=optional)


def _needed(installed: Distribution, *, extras: bool) -> Iterator[str]:
    """Names of the packages that it asks for; what is not installed here is not needed here."""
    for requirement in installed.requires or []:
        if extras or "extra ==" not in requirement:
            name = re.match(r"[\w.-]+", requirement)
            if name is not None:
                yield name[0]


def licence_of(installed: Distribution) -> str:
    """Its SPDX expression, else the short name that it gives, else its classifier; "" = it says none."""
    about = installed.metadata
    for said in (*(about.get_all("License-Expression") or ()), *(about.get_all("License") or ())):
        if said and len(said) <= _LONGEST_NAME and "\n" not in said:
            return said
    classified = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    named = " OR ".join(line.rpartition("::")[2].strip() for line in classified)
    return named or _UNTOLD.get(_key(about["Name"]), "")


def bill_of_materials(found: list[Package]) -> dict[str, Any]:
    """A CycloneDX 1.6 document, as plain data: the same packages give the same bytes, so it can be compared."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(found[0]) | {"type": "application"}},
        "components": [_component(each) for each in sorted(found[1:], key=lambda each: _key(each.name))],
    }


def _component(package: Package) -> dict[str, Any]:
    purl = f"pkg:pypi/{_key(package.name)}@{package.version}"
    known = {"licenses": [{"license": {"name": package.licence}}]} if package.licence else {}
    scope = {"scope": "optional"} if package.optional else {}
    head = {"type": "library", "bom-ref": purl, "name": package.name, "version": package.version}
    return head | scope | known | {"purl": purl}


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
