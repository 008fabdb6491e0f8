"""What the documents say is so: their blocks run, their commands and options exist, their links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.running import whole_program
from documents import DOCUMENTS, ROOT, RUNNABLE, Block, blocks, chapters, named_commands
from typer.testing import CliRunner

import monitor
from monitor.cli import app
from monitor.shipped import guides

CHAPTERS = [chapter for document in DOCUMENTS for chapter in chapters(document)]
COMMANDS = whole_program()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_of_code_is_run_or_says_why_not(document: Path) -> None:
    for block in blocks(document):
        if block.language in RUNNABLE:
            said = block.runs or re.fullmatch(r"(not run: .+|run by tests/[\w/]+\.(py|sh)|test command)", block.mark)
            assert said, f"{block.place} has neither <!-- run --> nor <!-- not run: reason --> on the line before it"
        if block.mark.startswith("run by "):
            runner = (ROOT / block.mark.removeprefix("run by ")).read_text(encoding="utf-8")
            assert document.name in runner, block.place


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter[0].place)
def test_it_runs(chapter: list[Block], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, as it is written."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    names: dict[str, Any] = {}
    for block in chapter:
        if block.needs and importlib.util.find_spec(block.needs) is None:
            pytest.skip(f"{block.needs} is not installed")
        if block.language == "python":
            exec(compile(block.body, block.place, "exec"), names)
        else:
            _run_commands(block)


def _run_commands(block: Block) -> None:
    for program, *arguments in block.commands:
        assert program == "crampwatch", f"{block.place}: only crampwatch runs here"
        out = arguments[arguments.index(">") + 1] if ">" in arguments else None
        done = CliRunner().invoke(app, arguments if out is None else arguments[: arguments.index(">")])
        assert done.exit_code == 0, f"{block.place}: {' '.join(arguments)}\n{done.output}\n{done.exception!r}"
        if out is not None:
            Path(out).write_text(done.stdout, encoding="utf-8")


def wrong_in(words: list[str]) -> str:
    """What of a command's words does not exist; empty = all of them do."""
    command: Any = COMMANDS
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        known = command.commands.get(words[0])
        if known is None:
            return words[0]
        command, words = known, words[1:]
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return " ".join(word for word in words if word.startswith("--") and word not in options | {"--help"})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_and_options_that_are_named_exist(document: Path) -> None:
    for words in named_commands(document):
        assert not wrong_in(words), f"`crampwatch {' '.join(words)}`"


def every_command(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name), command


def test_every_command_has_help_with_an_example_of_itself() -> None:
    for path, command in every_command(COMMANDS):
        examples = re.findall(r"^Example: crampwatch (.*)$", command.help or "", re.M)
        assert examples, f"crampwatch {' '.join(path)}"
        for example in examples:
            words = shlex.split(example)
            assert tuple(words[: len(path)]) == path and not wrong_in(words), example
        for parameter in command.params:
            assert parameter.help or parameter.name == "help", f"{' '.join(path)}: {parameter.name} has no help"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_scripts_that_are_named_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"
    for script in re.findall(
        r"\b(?:tests|monitor|firmware_profiles|recordings)/[\w./-]+\.(?:py|toml|md|json|png)\b", text
    ):
        assert (ROOT / script).exists(), f"{document.name} names {script}"
    for module in re.findall(r"python -m (monitor[\w.]+)", text):
        assert importlib.util.find_spec(module) is not None, f"{document.name} names {module}"


def test_the_tour_of_the_house_names_files_that_are_there() -> None:
    tour = (ROOT / "monitor" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[\w-]+/)*[\w-]+\.(?:py|json|toml|md))`", tour)
    rooms = [ROOT / room for room in ("", "monitor", "monitor/acquisition", "monitor/acquisition/codecs")]
    assert len(named) > 30
    assert [name for name in named if not any((room / name).exists() for room in rooms)] == []


def test_the_citation_names_this_version() -> None:
    assert f"version = {{{monitor.__version__}}}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_guide_is_printed_as_it_stands() -> None:
    listed = CliRunner().invoke(app, ["guide"]).output
    for name, path in guides().items():
        assert name in listed
        printed = CliRunner().invoke(app, ["guide", name])
        assert printed.exit_code == 0 and path.read_text("utf-8").splitlines()[0] in printed.output
        assert "<!--" not in printed.output
    wrong = CliRunner().invoke(app, ["guide", "horse"])
    assert wrong.exit_code == 2 and "one of" in wrong.output
