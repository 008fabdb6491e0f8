"""`profiles` on the command line: what is promised to those who script against it."""

import json

import pytest
from typer.testing import CliRunner

from monitor import shipped
from monitor.cli.profiles import profiles_app
from monitor.errors import CrampwatchError, ProfileError

EMG0 = "d5060105-a904-deb9-4748-2c7f4a124842"
EMG2 = "d5060305-a904-deb9-4748-2c7f4a124842"
MYO_HEX = "090d01fefefefa0206e9fcfdfcfe0502"
TELEMETRY = "FC7A850D-C1A5-F61F-0DA7-9995621FBD01"


@pytest.fixture(autouse=True)
def no_user_profiles(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def run(*arguments):
    return CliRunner().invoke(profiles_app, [str(argument) for argument in arguments])


def decode(*arguments):
    result = run("decode", *arguments, "--json")
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def umyo_hex(index):
    return index.to_bytes(4, "little").hex() + "401f" * 24


def test_decode_gives_one_object_per_packet():
    code, packets = decode("myo", "--char", EMG0, MYO_HEX)
    assert code == 0
    samples = [[9, 13, 1, -2, -2, -2, -6, 2], [6, -23, -4, -3, -4, -2, 5, 2]]
    channels = [f"ch{i}" for i in range(1, 9)]
    emg = {"unit": "counts", "channels": channels, "samples": samples, "counts": samples}
    assert packets == [{"packet": "emg", "lost_before": 0, "streams": {"emg": emg}, "fields": {}}]


def test_decode_carries_state_and_counts_losses():
    code, packets = decode("umyo", "--char", TELEMETRY, umyo_hex(1000), umyo_hex(1024), umyo_hex(1056))
    assert code == 0
    assert [packet["lost_before"] for packet in packets] == [0, 0, 8]
    assert [packet["fields"] for packet in packets] == [{"counter": 1000}, {"counter": 1024}, {"counter": 1056}]
    assert packets[0]["streams"]["emg"]["samples"] == [[0.0]] * 24


def test_an_argument_can_change_the_characteristic():
    _, packets = decode("myo", "--char", EMG0, MYO_HEX, f"{EMG2}={MYO_HEX}", f"emg3={MYO_HEX}")
    assert [packet["lost_before"] for packet in packets] == [0, 2, 0]


def test_an_error_stands_in_the_packets_place():
    code, packets = decode("umyo", "--char", TELEMETRY, umyo_hex(0), umyo_hex(24)[:-2], umyo_hex(24))
    assert code == 1
    assert ["error" in packet for packet in packets] == [False, True, False]
    assert "51 bytes" in packets[1]["error"]


def test_what_is_no_number_is_null():
    _, packets = decode("umyo", "--char", TELEMETRY, "00" * 26)
    assert packets[0]["streams"]["quat"]["samples"] == [[None] * 4]


def test_decode_for_people():
    result = run("decode", "umyo", "--char", "telemetry", umyo_hex(1000), "00")
    assert result.exit_code == 1
    assert "counter 1000" in result.output and "1 bytes" in result.output


@pytest.mark.parametrize("char", ["2a37", "0x2A37", "00002a37-0000-1000-8000-00805F9B34FB"])
def test_a_short_number_is_a_uuid(char):
    code, packets = decode("sig-standard", f"{char}=004b")
    assert code == 0 and packets[0]["streams"]["heart_rate"]["samples"] == [[75.0]]


def test_the_option_that_fits_is_named():
    result = run("decode", "gforce", "--char", "data", "050000803f000000000000000000000000", "--json")
    assert result.exit_code == 1 and "error" in json.loads(result.stdout)
    assert "these bytes decode with --option what=quat" in result.stderr
    assert "decode with" not in run("decode", "gforce", "--char", "data", "ff").stderr


@pytest.mark.parametrize("arguments", [["umyo", "zz", "--char", TELEMETRY], ["umyo", "00"]])
def test_wrong_usage(arguments):
    assert run("decode", *arguments).exit_code == 2


def test_an_unknown_profile_is_one_sentence():
    error = run("decode", "nobody", "--char", TELEMETRY, "00").exception
    assert isinstance(error, ProfileError) and "'nobody'" in str(error)
    error = run("decode", "umyo", "--char", TELEMETRY, "00", "--variant", "x").exception
    assert isinstance(error, CrampwatchError)


def test_list_and_show(tmp_path):
    broken = tmp_path / "config" / "crampwatch" / "profiles"
    broken.mkdir(parents=True)
    (broken / "mine.toml").write_text("schema = 3\n", encoding="utf-8")
    entries = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    by_id = {entry["id"]: entry for entry in entries}
    assert list(by_id) == sorted(by_id) and {"mine", "myo", "umyo", "witmotion"} <= by_id.keys()
    assert "mine.toml" in by_id["mine"]["error"]
    assert by_id["umyo"]["verified_on_hardware"] is False
    listed = run("list")
    assert listed.exit_code == 0 and "uMyo" in listed.stdout
    assert f"mine cannot be used: {by_id['mine']['error']}" in listed.stderr
    shown = run("show", "umyo")
    assert shown.exit_code == 0 and "stale-start" in shown.output
    assert json.loads(run("show", "umyo", "--json").stdout)["profile"]["id"] == "umyo"


def test_check_names_what_is_wrong(tmp_path):
    folder = shipped.folder("firmware_profiles")
    good = run("check", folder)
    assert good.exit_code == 0 and "umyo" in good.stdout
    text = (folder / "umyo.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("min_mtu = 55", "min_mtu = 23\ncolour = 1"), encoding="utf-8")
    bad = run("check", tmp_path / "mine.toml", folder / "myo.toml")
    assert bad.exit_code == 1
    assert "mine.toml" in bad.output and "colour" in bad.output and "line" in bad.output and "myo" in bad.stdout


@pytest.mark.parametrize(
    ("given", "code", "word"),
    [("mode", 2, "NAME=VALUE"), ("=24", 2, "NAME=VALUE"), ("mode=", 2, "NAME=VALUE"), ("colour=red", 1, "colour")],
)
def test_verify_refuses_an_option_that_is_none_before_it_looks_for_a_sensor(given, code, word, tmp_path):
    result = run("verify", "xsens-dot", "--option", given, "--radio", "tcp:127.0.0.1:1", "--out", tmp_path)
    assert word in (result.output if code == 2 else str(result.exception))
    assert code == 1 or result.exit_code == 2
    assert not list(tmp_path.glob("xsens*"))
