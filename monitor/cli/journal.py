"""The context journal in the terminal: a question a line, a number answers, Enter skips, q ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from monitor.context.journal import Journal, Question


def journal_of(choice: str | None) -> Journal | None:
    """None = none; "ask" = asked where somebody sits at the terminal, else none; else a file. Raises: JournalError."""
    from monitor.context.journal import load_journal

    if choice != "ask":
        return None if choice is None else load_journal(Path(choice))
    return asked() if sys.stdin is not None and sys.stdin.isatty() else None


def asked() -> Journal:
    """Ask every question; all are optional."""
    from monitor.context.journal import Journal, questions

    typer.echo("Context: a number answers (several: 1 3), Enter skips, q ends. Nothing is sent anywhere.", err=True)
    answers: dict[str, list[str]] = {}
    for question in questions().values():
        chosen = _ask(question)
        if chosen is None:
            break
        if chosen:
            answers[question.key] = chosen
    return Journal.from_dict(answers)


def _ask(question: Question) -> list[str] | None:
    """The keys that were chosen, none = skipped; None = no more questions."""
    keys = list(question.choices)
    shown = "  ".join(f"{number} {text}" for number, text in enumerate(question.choices.values(), 1))
    while True:
        typer.echo(f"{question.text}  {shown}", err=True)
        line = sys.stdin.readline()
        words = line.replace(",", " ").split()
        if not line or words == ["q"]:
            return None
        if all(word.isdigit() and 1 <= int(word) <= len(keys) for word in words) and (question.many or len(words) <= 1):
            return [keys[int(word) - 1] for word in words]
        typer.echo(f"a number from 1 to {len(keys)}, or Enter", err=True)
