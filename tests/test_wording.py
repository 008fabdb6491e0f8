"""No text that people read says "safe" or names an illness: states, card, advice, questions, alerts, screens, page."""

from __future__ import annotations

from pathlib import Path

import pytest
from wording import FORBIDDEN, texts_of

import monitor

ROOT = Path(monitor.__file__).parent
PYTHON = sorted(path for room in ("warning", "alerts", "context", "dashboard") for path in (ROOT / room).rglob("*.py"))
DATA = [ROOT / "warning/triage.toml", ROOT / "context/advice.toml", ROOT / "context/questions.toml"]
PAGE = sorted(path for path in (ROOT / "dashboard/web/page").iterdir() if path.suffix in (".js", ".html"))


@pytest.mark.parametrize("path", [*PYTHON, *DATA, *PAGE], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_says_safe_or_names_an_illness(path: Path) -> None:
    for text in texts_of(path):
        assert not FORBIDDEN.search(text), text


def test_the_rule_bites(tmp_path: Path) -> None:
    for said in ("You are safe now", "ok to continue", "it diagnoses", "prevents cramps", "a blood clot in the leg"):
        assert FORBIDDEN.search(said), said
    data = tmp_path / "card.toml"
    data.write_text('source = "safe"\n[[sign]]\nchoices = { a = "One", b = "Two" }\nmany = true\n')
    assert texts_of(data) == ["One", "Two"]
    assert len(DATA) == 3 and len(PAGE) >= 4 and len(PYTHON) > 60
