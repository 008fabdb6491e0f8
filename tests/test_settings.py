import dataclasses
import json

import pytest

from monitor.errors import SettingsError
from monitor.settings import Settings

EVERY = [
    (f"{group.name}.{item.name}", item.metadata)
    for group in dataclasses.fields(Settings)
    if group.name != "tables"
    for item in dataclasses.fields(getattr(Settings(), group.name))
]
IDS = [name for name, _ in EVERY]


@pytest.mark.parametrize(("name", "about"), EVERY, ids=IDS)
def test_both_ends_of_a_range_are_allowed_and_what_lies_beyond_is_refused(name: str, about):
    for end in (about["low"], about["high"]):
        group, _, field = name.partition(".")
        assert Settings().changed({name: end}).to_dict()[group][field] == end
    for beyond in (about["low"] - 1e-6, about["high"] + 1e-6, float("nan"), float("inf")):
        with pytest.raises(SettingsError, match=name.partition(".")[2]):
            Settings().changed({name: beyond})


@pytest.mark.parametrize(("name", "about"), EVERY, ids=IDS)
def test_the_hash_changes_with_every_value(name: str, about):
    default = Settings().to_dict()[name.partition(".")[0]][name.partition(".")[2]]
    other = about["low"] if default != about["low"] else about["high"]
    assert Settings().changed({name: other}).hash != Settings().hash


def test_every_setting_says_where_its_default_comes_from():
    for name, about in EVERY:
        assert about["low"] < about["high"], name
        assert len(about["source"]) >= 5, name


@pytest.mark.parametrize(
    "name", ["watch_level", "trend.watchlevel", "trends.watch_level", "trend", "", "trend.", "hash.x", "to_dict.x"]
)
def test_unknown_names_are_refused_with_the_name_in_the_text(name: str):
    with pytest.raises(SettingsError, match="there is no setting"):
        Settings().changed({name: 1.0})


@pytest.mark.parametrize("value", ["0.9", None, True, [0.9]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(SettingsError):
        Settings().changed({"trend.watch_level": value})


def test_the_refusal_says_range_unit_and_value():
    with pytest.raises(SettingsError, match=r"high_pass_hz must lie between 5 and 60 Hz, got 4"):
        Settings().changed({"filters.high_pass_hz": 4})


def test_several_values_change_together_and_the_rest_stays():
    changed = Settings().changed({"trend.watch_level": 0.85, "state.warn_after_s": 8})
    assert (changed.trend.watch_level, changed.state.warn_after_s) == (0.85, 8)
    assert changed.changed({"trend.watch_level": 0.9, "state.warn_after_s": 5}) == Settings()
    assert Settings().trend.watch_level == 0.90


def test_settings_survive_json():
    changed = Settings().changed({"signs.twitch_ratio": 8.5, "baseline.usable_frames": 200})
    again = Settings.from_dict(json.loads(json.dumps(changed.to_dict())))
    assert again == changed and again.hash == changed.hash


def test_an_old_file_that_lacks_a_setting_gets_its_default():
    groups = Settings().to_dict()
    del groups["trend"]["watch_level"]
    assert Settings.from_dict(groups) == Settings()


def test_a_file_with_an_unknown_setting_is_refused():
    with pytest.raises(SettingsError, match=r"trend\.level"):
        Settings.from_dict({"trend": {"level": 1.0}})


def test_equal_settings_have_the_same_hash_in_every_process():
    assert Settings().hash == Settings.from_dict(Settings().to_dict()).hash
    assert len(Settings().hash) == 12 and int(Settings().hash, 16) >= 0


def test_a_whole_number_hashes_as_its_float():
    typed = Settings().changed({"trend.stale_frames": 30.0})
    assert typed == Settings()
    assert typed.hash == Settings().hash


def test_settings_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().trend.watch_level = 0.5  # type: ignore[misc]


def test_a_recording_of_the_time_before_the_tables_can_still_be_read():
    assert Settings.from_dict({"signs": {"quiet_2": 2.0, "twitch_ratio": 6.0}, "state": {"warn_score": 4.0}}) == (
        Settings().changed({"signs.twitch_ratio": 6.0})
    )


def test_the_hash_changes_with_every_number_of_the_tables_and_not_with_their_facts():
    data = Settings().to_dict()
    data["tables"]["facts"]["made"] = "1970-01-01"
    assert Settings.from_dict(data).hash == Settings().hash
    data["tables"]["thresholds"]["quiet"] += 0.001
    assert Settings.from_dict(data).hash != Settings().hash
    data = Settings().to_dict()
    data["tables"]["signs"]["relaxation"]["points"][-1] += 0.001
    assert Settings.from_dict(data).hash != Settings().hash
