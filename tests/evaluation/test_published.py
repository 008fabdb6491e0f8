"""The published figures: README, page and answer say the same."""

from __future__ import annotations

import json
from pathlib import Path

from monitor.evaluation.bought import KITS
from monitor.evaluation.definitions import FROZEN_ON
from monitor.evaluation.page import page
from monitor.evaluation.readme import kits_markdown, markdown
from monitor.settings import Settings

ROOT = Path(__file__).parent.parent.parent
ANSWER = json.loads((ROOT / "recordings" / "evaluation.json").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_the_tables_of_the_answer() -> None:
    assert markdown(ANSWER).strip() in README


def test_the_page_is_made_of_the_answer() -> None:
    assert (ROOT / "recordings" / "evaluation.html").read_text(encoding="utf-8") == page(ANSWER)


def test_the_answer_is_of_these_definitions_and_settings_or_says_so() -> None:
    assert ANSWER["definitions"] == FROZEN_ON and ANSWER["simulated"] and not ANSWER["failures"]
    assert ANSWER["config_hash"] == Settings().hash or "made with older settings" in README


def test_what_to_buy_is_the_table_of_the_kept_kits() -> None:
    kits = json.loads((ROOT / "recordings" / "kits.json").read_text(encoding="utf-8"))
    assert kits_markdown(kits).strip() in README and list(kits["kits"]) == list(KITS)
    assert kits["config_hash"] == Settings().hash or "made with older settings" in README
