"""What all parts of the page share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any


def mark(answer: dict[str, Any]) -> str:
    """What stands on every figure."""
    return "simulated" if answer["simulated"] else "labelled recordings"


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """An HTML table."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns) if any(columns) else ""
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption>{f'<tr>{head}</tr>' if head else ''}{body}</table>"
