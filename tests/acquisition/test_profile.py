"""Profiles: the shipped ones are right, and a wrong one is refused with file, line and reason."""

from pathlib import Path

import pytest

from monitor import shipped
from monitor.acquisition.profile import Profile, find, library, load_profile
from monitor.acquisition.profile_text import line_of
from monitor.errors import ProfileError

SHIPPED = sorted(path.stem for path in Path(shipped.folder("firmware_profiles")).glob("*.toml"))


def text_of(name: str) -> str:
    return (shipped.folder("firmware_profiles") / f"{name}.toml").read_text(encoding="utf-8")


def line_with(text: str, part: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.fixture(autouse=True)
def no_user_profiles(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_profiles_load_and_were_not_tried_on_hardware(name):
    profile = find(name)
    assert profile.id == name
    assert profile.profile.verified_on_hardware is False
    assert all(quirk.source for quirk in profile.quirks) and profile.quirks


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "reason"),
    [
        ("umyo", "stall_timeout_s = 1.0", "stall_timeout_z = 1.0", "stall_timeout_z", "not known"),
        ("umyo", "stall_timeout_s = 1.0\n", "", "[link]", "missing"),
        ("umyo", "9995621FBD01", "9995621FBD0", '9995621FBD0"', "no UUID"),
        ("umyo", "min_mtu = 55", "min_mtu = 54", "min_mtu = 54", "55"),
        ("umyo", "stride = 2, count = 24 }", "strid = 2, count = 24 }", "strid =", "not known"),
        ("umyo", "offset = 18, shape = 4", "offset = 18, shape = 5", "offset = 18", "ends at byte 28"),
        ("umyo", "offset = 12, shape = 3", "offset = -2, shape = 3", "offset = -2", "greater than or equal to 0"),
        ("umyo", 'field = "counter"', 'field = "count"', 'field = "count"', "no whole number"),
        ("umyo", "wrap = [0, 4294967295]", "wrap = [0, 4294967296]", "wrap =", "does not fit"),
        ("umyo", "scale = 2.747", "scale = 0", "scale = 0", "must not be 0"),
        ("umyo", "scale = [2, 32768]", "scale = [2, 0]", "scale = [2, 0]", "must not be 0"),
        ("umyo", "scale = 2.747", "scale = nan", "scale = nan", "finite"),
        ("umyo", "counts.acc = [[0, 0, 16384]]", "counts.acc = [[0, 0, 1]]", "0000000000403b02", "decodes to acc"),
        ("umyo", 'id = "emg_16"', 'id = "emg"', "", "stands twice"),
        ("myo", 'channels = ["ch1", "ch2",', 'channels = ["ch2",', 'channels = ["ch2",', "number of channels"),
        ("myo", 'hex = "09 01 01"', 'hex = "09 01 0"', "09 01 0", "hexadecimal"),
        ("myo", 'char = "command"\nhex = "09', 'char = "order"\nhex = "09', 'char = "order"', "no [gatt.order]"),
        ("myo", 'spectral_use = "none"', 'spectral_use = "fair"', "spectral_use", "good"),
        ("witmotion", "frame_len = 20", "frame_len = 21", "select = { length = 20", "21 bytes"),
        ("witmotion", 'clock = "acc"', 'clock = "wall"', 'clock = "wall"', "another stream"),
    ],
)
def test_a_wrong_profile_names_file_line_and_reason(tmp_path, name, old, new, where, reason):
    text = text_of(name)
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    message = str(caught.value)
    assert str(path) in message
    assert reason in message
    if where:
        assert f"line {line_with(path.read_text(encoding='utf-8'), where)}," in message


def test_broken_toml_names_its_line(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("schema = 1\n[profile\n", encoding="utf-8")
    with pytest.raises(ProfileError, match="line 2"):
        load_profile(path)


def test_no_file_and_no_text(tmp_path):
    with pytest.raises(ProfileError, match="cannot read"):
        load_profile(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="cannot read"):
        load_profile(tmp_path / "bytes.toml")


def test_a_broken_profile_stops_no_other(tmp_path):
    (tmp_path / "broken.toml").write_text("schema = 2\n", encoding="utf-8")
    profiles = library(tmp_path)
    assert isinstance(profiles["broken"], ProfileError)
    assert all(isinstance(profiles[name], Profile) for name in SHIPPED)


def test_a_broken_file_stands_for_itself_alone(tmp_path):
    (tmp_path / "myo.toml").write_text("no toml", encoding="utf-8")
    (tmp_path / "pod.toml").write_text(text_of("umyo").replace("min_mtu = 55", "min_mtu = 9"), encoding="utf-8")
    (tmp_path / "spare.toml").write_text(text_of("umyo"), encoding="utf-8")
    profiles = library(tmp_path)
    assert isinstance(profiles["myo"], Profile) and "no TOML" in str(profiles["myo.toml"])
    assert "min_mtu" in str(profiles["umyo"])
    assert "pod.toml has" in str(profiles["spare"])


def test_the_users_profile_wins(tmp_path):
    mine = tmp_path / "config" / "crampwatch" / "profiles"
    mine.mkdir(parents=True)
    (mine / "pod.toml").write_text(text_of("umyo").replace('model = "uMyo"', 'model = "my pod"'), encoding="utf-8")
    assert find("umyo").model == "my pod"


def test_an_id_that_stands_twice_in_one_folder_is_refused(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(text_of("umyo"), encoding="utf-8")
    profiles = library(tmp_path)
    assert isinstance(profiles["umyo"], Profile)
    assert "umyo" in str(profiles["b"]) and isinstance(profiles["b"], ProfileError)


def test_an_unknown_id_says_which_there_are():
    with pytest.raises(ProfileError, match=r"myo, .*umyo, witmotion"):
        find("umio")


@pytest.mark.parametrize(
    ("profile_id", "name", "services", "expected"),
    [
        ("umyo", "uMyo-A1", [], True),
        ("umyo", None, [], False),
        ("umyo", "Myo", [], False),
        ("myo", "My armband", ["D5060001-A904-DEB9-4748-2C7F4A124842"], True),
        ("myo", "Myo", [], True),
        ("myo", "Myo", ["0000180d-0000-1000-8000-00805f9b34fb"], False),
        ("myo", "uMyo-A1", [], False),
        ("witmotion", "BWT901", [], True),
    ],
)
def test_what_a_profile_matches(profile_id, name, services, expected):
    assert find(profile_id).matches(name, services) is expected


def test_lines_are_found_inside_arrays_of_inline_tables():
    text = 'a = 1\n[[packet]]\nid = "x"\nfields = [\n  { name = "p", size = 1 },\n  { name = "q", size = 2 },\n]\n'
    assert line_of(text, ("packet", 0, "fields", 1, "size")) == 6
    assert line_of(text, ("packet", 0, "nothing")) == 2
    assert line_of(text, ("nothing",)) is None


def test_every_shipped_file_is_a_profile():
    assert {"myo", "npg-lite", "sig-standard", "umyo", "witmotion"} <= set(SHIPPED)
    assert all(isinstance(entry, Profile) for entry in library().values())
