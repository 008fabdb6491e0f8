"""Every sentence stands in one place."""

from __future__ import annotations

from pathlib import Path

from wording import strings

from monitor.warning import texts

WARNING = Path(texts.__file__).parents[1]


def test_sentences_for_people_stand_in_texts_alone():
    """What else is long enough to be a sentence is a reason for a programmer or a settings' source."""
    for path in sorted(WARNING.glob("*.py")):
        if path.name in ("triage.py", "diagram.py", "transitions.py"):
            continue
        long = [text for text in strings(path) if text.count(" ") >= 6]
        assert not long, (path.name, long)
