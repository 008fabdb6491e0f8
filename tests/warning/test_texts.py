"""Every sentence stands in one place and keeps to the wording rules."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from monitor.warning import texts
from monitor.warning.triage import card, triage

WARNING = Path(texts.__file__).parents[1]
FORBIDDEN = re.compile(
    r"\b(un)?safe|risk-free|all clear|diagnos\w+ (is|of)|you have|injured|healthy|syndrome|dehydrat|will cramp|"
    r"rhabdo|thrombosis|embol|fit to play|ok to (go|play|continue)",
    re.IGNORECASE,
)


def strings(path: Path) -> list[str]:
    """All texts in a file but its docstrings."""
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


@pytest.mark.parametrize("path", sorted(WARNING.rglob("*.py")), ids=lambda path: path.name)
def test_no_text_says_safe_or_names_an_illness(path: Path):
    for text in strings(path):
        assert not FORBIDDEN.search(text), text


def test_the_card_keeps_to_the_same_rules():
    everything = [triage({sign.id: True for sign in card().signs}), triage({}), card().title, card().intro]
    for text in everything + [sign.ask for sign in card().signs]:
        assert not FORBIDDEN.search(text), text


def test_sentences_for_people_stand_in_texts_alone():
    """What else is long enough to be a sentence is a reason for a programmer or a settings' source."""
    for path in sorted(WARNING.glob("*.py")):
        if path.name in ("triage.py", "diagram.py", "transitions.py"):
            continue
        long = [text for text in strings(path) if text.count(" ") >= 6]
        assert not long, (path.name, long)


def test_the_rule_bites():
    assert FORBIDDEN.search("You are safe now") and FORBIDDEN.search("ok to continue")
