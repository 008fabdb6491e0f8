"""The documents that people read, cut into their fenced blocks and the commands that they name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path
    for pattern in (
        "*.md",
        "firmware_profiles/*.md",
        "recordings/*.md",
        "monitor/*.md",
        "monitor/guides/*.md",
        "tests/*.md",
    )
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md"
)
RUNNABLE = ("sh", "console", "python")
_FENCE = re.compile(r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. mark : what the comment on the line before it says; line : where it begins.

    Marks: "run", "run after" (goes on after the block before it), either with ": PACKAGE" that it needs.
    """

    document: Path
    line: int
    language: str
    mark: str
    body: str

    @property
    def place(self) -> str:
        return f"{self.document.relative_to(ROOT).as_posix()}:{self.line}"

    @property
    def runs(self) -> bool:
        return re.fullmatch(r"run( after)?(: \w+)?", self.mark) is not None

    @property
    def needs(self) -> str:
        """The package without which it cannot run; empty = none."""
        return self.mark.partition(": ")[2]

    @property
    def commands(self) -> list[list[str]]:
        """The lines of a shell block, without comments and prompts; a line that ends in a backslash goes on."""
        lines = self.body.replace("\\\n", " ").splitlines()
        found = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]
        return [words for words in found if words]


def blocks(document: Path) -> list[Block]:
    text = document.read_text(encoding="utf-8")
    return [
        Block(document, text[: found.start("body")].count("\n"), found["language"], found["mark"] or "", found["body"])
        for found in _FENCE.finditer(text)
    ]


def chapters(document: Path) -> list[list[Block]]:
    """The blocks that run, those that go on after another together with it."""
    found: list[list[Block]] = []
    for block in blocks(document):
        if block.mark.startswith("run after"):
            found[-1].append(block)
        elif block.runs:
            found.append([block])
    return found


def named_commands(document: Path) -> Iterator[list[str]]:
    """The arguments of every `crampwatch ...` that the document names, in a block or within a line."""
    text = document.read_text(encoding="utf-8")
    for block in blocks(document):
        if block.language in ("sh", "console"):
            yield from (words[1:] for words in block.commands if words[0] == "crampwatch")
        text = text.replace(block.body, "")
    for code in _CODE.findall(text):
        if code.startswith("crampwatch "):
            yield shlex.split(code)[1:]
