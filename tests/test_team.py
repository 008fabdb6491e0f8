import tomllib
from pathlib import Path

import pytest

from monitor.errors import TeamError
from monitor.team import Team, load_team, team_text

GOOD = """
[[athletes]]
name = "A7"

[[athletes.sensors]]
match = "uMyo-1L"
profile = "umyo"
leg = "left"
roles = ["emg"]
channels = ["GM"]

[[athletes.sensors]]
match = "WT1LS"
profile = "witmotion"
leg = "left"
roles = ["shank"]
"""
SENSOR = '\n[[athletes.sensors]]\nmatch = "{match}"\nprofile = "p"\nleg = "{leg}"\nroles = [{roles}]\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "club.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path):
    team = load_team(written(tmp_path, GOOD))
    (athlete,) = team.athletes
    assert athlete.name == "A7"
    assert [(sensor.match, sensor.leg, sensor.roles, sensor.channels) for sensor in athlete.sensors] == [
        ("uMyo-1L", "left", ("emg",), ("GM",)),
        ("WT1LS", "left", ("shank",), ()),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (GOOD.replace('leg = "left"', 'leg = "middle"', 1), r"at athletes\.0\.sensors\.0\.leg: .*'left' or 'right'"),
        (GOOD.replace('roles = ["shank"]', 'roles = ["thigh"]'), r"at athletes\.0\.sensors\.1\.roles\.0"),
        (GOOD.replace('roles = ["shank"]', "roles = []"), r"at athletes\.0\.sensors\.1\.roles"),
        (GOOD.replace('profile = "umyo"\n', ""), r"at athletes\.0\.sensors\.0\.profile: this key is missing"),
        (GOOD.replace('name = "A7"', 'name = ""'), r"at athletes\.0\.name"),
        (GOOD + 'colour = "red"\n', r"at athletes\.0\.sensors\.1\.colour: this key is not known"),
        (GOOD + "options = { mode = 24 }\n", r"options\.mode: a text in quotes is needed"),
        ("speed = 3\n" + GOOD, "at speed"),
        ("", "at athletes: this key is missing"),
        ('[[athletes]]\nname = "A7"\nsensors = []\n', r"at athletes\.0\.sensors"),
        (GOOD + SENSOR.format(match="uMyo-1L", leg="right", roles='"emg"'), "one sensor stands at two places"),
        (GOOD + SENSOR.format(match="x", leg="left", roles='"emg"'), "'A7' has two emg sensors on the left leg"),
        (GOOD + GOOD.replace("1L", "2L"), "two athletes have the same name"),
        (GOOD.replace('channels = ["GM"]', 'channels = ["GM", "GM"]'), "one name stands twice in channels"),
        (GOOD.replace('channels = ["GM"]', 'only = ["ch1", "ch1"]'), "one name stands twice in only"),
    ],
)
def test_a_wrong_file_names_itself_the_place_and_the_reason(tmp_path: Path, text: str, place: str):
    with pytest.raises(TeamError, match=place) as error:
        load_team(written(tmp_path, text))
    assert "club.toml" in str(error.value) and "\n" not in str(error.value)


def test_broken_toml_is_said_to_be_none_with_its_line(tmp_path: Path):
    with pytest.raises(TeamError, match=r"club\.toml is no TOML.*line 3"):
        load_team(written(tmp_path, "\n\nname = =\n"))


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_what_is_no_readable_file_is_one_sentence(tmp_path: Path, name: str):
    with pytest.raises(TeamError, match="cannot read the team file"):
        load_team(tmp_path / name)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    path = tmp_path / "club.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TeamError, match="cannot read"):
        load_team(path)


def test_the_same_role_on_both_legs_is_fine(tmp_path: Path):
    assert len(load_team(written(tmp_path, GOOD + SENSOR.format(match="r", leg="right", roles='"emg"'))).athletes) == 1


def test_one_sensor_may_play_two_roles_but_not_one_twice(tmp_path: Path):
    load_team(written(tmp_path, GOOD.replace('roles = ["emg"]', 'roles = ["emg", "foot"]')))
    with pytest.raises(TeamError, match="two emg"):
        load_team(written(tmp_path, GOOD.replace('roles = ["emg"]', 'roles = ["emg", "emg"]')))


def test_a_team_survives_a_recordings_header_and_its_own_text(tmp_path: Path):
    team = load_team(written(tmp_path, GOOD.replace('channels = ["GM"]', 'only = ["ch1"]\nchannels = ["GM"]')))
    assert Team.model_validate(tomllib.loads(team_text(team))) == team
    assert Team.model_validate(team.model_dump(mode="json")) == team
