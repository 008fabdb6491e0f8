"""The card says what published advice says about what is ticked, and nothing more."""

from __future__ import annotations

import re

import pytest

from monitor.errors import CrampwatchError
from monitor.warning.triage import card, triage

SIGNS = [sign.id for sign in card().signs]


def test_nothing_ticked_is_a_local_cause_more_likely_and_a_physiotherapist_a_good_start():
    for answers in ({}, dict.fromkeys(SIGNS, False)):
        text = triage(answers)
        assert "a local muscular cause is more likely; a physiotherapist's assessment is a good start" in text
        assert "not a medical device" in text


@pytest.mark.parametrize("sign", card().signs, ids=lambda sign: sign.id)
def test_every_sign_is_told_with_its_advice_and_has_a_source(sign):
    text = triage({sign.id: True})
    assert card().levels[sign.level] in text and sign.says in text
    assert "more likely" not in text
    assert len(sign.source) > 10 and sign.ask[0].isupper()


def test_the_gravest_is_told_first():
    text = triage({"twitching_one": True, "numbness": True, "dark_urine": True, "dizziness": True})
    places = [text.index(sentence) for sentence in card().levels.values()]
    assert places == sorted(places)


def test_the_signs_that_the_founding_text_names_are_there():
    named = {"breathlessness", "dizziness", "disorientation", "stomach_cramps", "weakness", "several_muscles"}
    assert named | {"dark_urine", "hot_calf", "twitching_many", "twitching_one"} <= set(SIGNS)


def test_the_card_gives_no_orders_of_its_own_and_needs_no_order_of_ticks():
    for sign in card().signs:
        assert not re.search(r"from here on|\b(do not|stop)\b|blood clot|torn", sign.says, re.IGNORECASE), sign.says


def test_twitching_says_which_account_applies():
    assert "many muscles" in triage({"twitching_many": True}) and "one calf" in triage({"twitching_one": True})


def test_a_sign_that_the_card_does_not_have_is_refused():
    with pytest.raises(CrampwatchError, match="hiccups"):
        triage({"hiccups": True})
