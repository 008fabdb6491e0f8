"""The lower end of every dependency's range, as constraints for pip.

python tests/lowest.py > lowest.txt
python3.11 -m venv .lowest && .lowest/bin/pip install -c lowest.txt -e '.[test]'
.lowest/bin/python -m pytest -q -n 2 --dist loadfile
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
_BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,]+\])?(?:>=|==)(?P<version>[\w.]+)")


def lowest(project: Mapping[str, Any]) -> Iterator[str]:
    """A line a package. Raises: ValueError for one without a lower bound, or with two."""
    bounds: dict[str, str] = {}
    for text in (
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ):
        bound = _BOUND.match(text)
        if bound is None or bounds.setdefault(bound["name"], bound["version"]) != bound["version"]:
            raise ValueError(f"{text!r} has no lower bound, or another one than elsewhere")
    yield from (f"{name}=={version}" for name, version in sorted(bounds.items()))


if __name__ == "__main__":
    print(*lowest(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]), sep="\n")
