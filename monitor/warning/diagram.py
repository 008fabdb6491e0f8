"""The table of states drawn: `python -m monitor.warning.diagram [--dot]` prints Mermaid, or Graphviz's dot."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from monitor.warning.transitions import TABLE, State, Transition


def mermaid() -> str:
    """A Mermaid state diagram."""
    arrows = [f"    {row.source} --> {row.target}: {_label(row)}" for row in _moves()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.CALIBRATING}", *arrows]) + "\n"


def dot() -> str:
    """A Graphviz digraph."""
    arrows = [f'    {row.source} -> {row.target} [label="{_label(row)}"];' for row in _moves()]
    return "\n".join(["digraph states {", f"    start -> {State.CALIBRATING};", *arrows, "}"]) + "\n"


def _moves() -> list[Transition]:
    return [row for row in TABLE if row.source != row.target]


def _label(row: Transition) -> str:
    """Its rank among the rows of its state, and what must be true."""
    rank = [other for other in TABLE if other.source == row.source].index(row) + 1
    return f"{rank}. {' and '.join(row.when) or 'none of these'}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the drawing."""
    chosen = sys.argv[1:] if arguments is None else arguments
    sys.stdout.write(dot() if "--dot" in chosen else mermaid())
    return 0


if __name__ == "__main__":
    sys.exit(main())
