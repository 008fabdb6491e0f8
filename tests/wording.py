"""The wording rules, and the texts of a file."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORBIDDEN = re.compile(
    r"\b(un)?safe|risk-free|all clear|diagnos|\bcures?\b|\bprevents?\b|you have|injured|healthy|syndrome|dehydrat|"
    r"will cramp|rhabdo|thrombosis|embol|blood clot|fit to play|ok to (go|play|continue)",
    re.IGNORECASE,
)


def strings(path: Path) -> list[str]:
    """All texts in a Python file but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = [
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    ]
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented
    ]


def told(data: Any) -> Iterator[str]:
    """All texts in plain data but its sources, which tell what others have written."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key != "source":
                yield from told(value)
    elif isinstance(data, list):
        for value in data:
            yield from told(value)


def texts_of(path: Path) -> list[str]:
    """What a file can say to people."""
    if path.suffix == ".py":
        return strings(path)
    text = path.read_text(encoding="utf-8")
    return list(told(tomllib.loads(text))) if path.suffix == ".toml" else text.splitlines()
