"""What is left open in a profile: variants by name, options by choice, overrides, conditions, included profiles."""

import json

import pytest
from made import made, profile

from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import load_profile, restored, stored
from monitor.errors import ProfileError


@pytest.mark.parametrize(
    ("name", "variant"), [("MADE-BAND-1", "band"), ("Made-1", "board"), (None, "board"), ("AA:BB:CC:DD:EE:FF", "board")]
)
def test_the_name_decides_the_variant(tmp_path, name, variant):
    whole = load_profile(made(tmp_path))
    assert whole.resolved(name=name).variant == variant
    assert whole.resolved("band", name=name).variant == "band"


def test_conditions_decide_what_there_is(tmp_path):
    raw, quat = profile(tmp_path), profile(tmp_path, variant="band", mode="quat")
    assert [packet.id for packet in raw.packets] == ["emg", "raw", "answer"]
    assert list(raw.streams) == ["emg", "acc"] and list(quat.streams) == ["emg", "quat"]
    assert [c.stream for c in quat.counters] == ["emg"] and [c.streams for c in raw.clocks] == [("emg",)]
    assert [n.packet for n in raw.sim.notify] == ["emg", "raw"] and [n.packet for n in quat.sim.notify] == ["quat"]
    assert len(raw.step.alert) == 0 and len(quat.step.alert) == 1
    assert (raw.variant, raw.options) == ("board", {"mode": "raw", "gain": "6"})


def test_overrides_are_laid_over_and_options_put_into_bytes(tmp_path):
    raw, quat = profile(tmp_path), profile(tmp_path, mode="quat", gain="12")
    assert (raw.streams["emg"].rate_nominal_hz, raw.quality.angle_use) == (500.0, "good")
    assert (quat.streams["emg"].rate_nominal_hz, quat.quality.angle_use) == (250.0, "slow")
    assert quat.quality.spectral_use == "good"
    assert raw.step.setup[0].payload == b"\xa0\x06\x01" and quat.step.setup[0].payload == b"\xa0\x0c\x02"
    assert quat.step.setup[0].expect is not None and quat.step.setup[0].expect.hex == "a00c"
    assert raw.step.start[1].payload == b"START"


def test_the_same_choice_is_the_same_profile(tmp_path):
    whole = load_profile(made(tmp_path))
    assert whole.resolved("band") is whole.resolved(name="made band") is whole.resolved("board").resolved("band")
    assert whole.resolved("band").resolved() is whole.resolved("band")


@pytest.mark.parametrize(
    ("variant", "options", "reason"),
    [("glove", {}, "band, board"), (None, {"mode": "x"}, "raw, quat"), (None, {"rate": "1"}, "mode, gain")],
)
def test_what_there_is_not_is_refused(tmp_path, variant, options, reason):
    with pytest.raises(ProfileError, match=reason):
        load_profile(made(tmp_path)).resolved(variant, options)


def test_a_resolved_profile_survives_as_plain_data(tmp_path):
    here = profile(tmp_path, mode="quat")
    again = restored(json.loads(json.dumps(stored(here))))
    assert again.model_dump() == here.model_dump() and again.key == here.key == "made[variant=board,mode=quat,gain=6]"
    assert again.resolved() is again
    for each in (here, again):
        (packet,) = Decoder(each).push(each.uuid("data"), bytes.fromhex(here.vectors[0].hex) if here.vectors else b"")
        assert packet.error or packet.packet == "emg"
    with pytest.raises(ProfileError, match="packet"):
        restored(stored(here) | {"packet": []})


def test_another_variants_packet_is_told(tmp_path):
    here = profile(tmp_path)
    error = Decoder(here).push(here.uuid("data"), bytes(31))[0].error
    assert error == "made: 31 bytes on data fit the variant 'band', not 'board': is it the right one?"


BATTERY = """
schema = 1
profile = { id = "part", vendor = "x", model = "x", kind = ["vitals"], confidence = "community", verified_on_hardware = false, sources = ["x"] }
match = { never = true, service_advertised = true }
link = { min_mtu = 23, first_packet_timeout_s = 1.0, stall_timeout_s = 1.0 }
quality = { spectral_use = "none", angle_use = "none", loss_visibility = "rate-only" }
sim = { advert_name = "x", notify = [{ packet = "level", true_rate_hz = 0.1 }] }
vector = [{ char = "level", packet = "level", kind = "synthetic", source = "x", hex = "64", values = { level = [[100.0]] } }]
gatt.level = { service = "0000180f-0000-1000-8000-00805f9b34fb", char = "00002a19-0000-1000-8000-00805f9b34fb", props = ["read", "notify"] }
step.start = [{ op = "subscribe", char = "level" }, { op = "read", char = "level" }]
packet = [{ id = "level", chars = ["level"], select = { length = 1 }, endian = "little", header_fields = [{ name = "level", type = "u8", offset = 0 }] }]
stream.level = { kind = "battery", packets = ["level"], channels = ["level"], unit = "%", scale = 1, calibrated = "true", rate_nominal_hz = 0.1, rate_tolerance_pct = 100.0, clock = "count" }
"""  # noqa: E501
INCLUDE = ('sources = ["imagined"]', 'sources = ["imagined"]\nincludes = ["part"]')


def test_an_included_profile_brings_its_parts_which_are_optional(tmp_path):
    (tmp_path / "part.toml").write_text(BATTERY, encoding="utf-8")
    here = profile(tmp_path, INCLUDE)
    assert "level" in here.streams and here.gatt["level"].optional and not here.gatt["data"].optional
    assert [(step.op, step.optional) for step in here.step.start[2:]] == [("subscribe", True), ("read", True)]
    assert here.id == "made" and here.match.fits_advert("Made", (), ())
    (packet,) = Decoder(here).push(here.uuid("level"), b"\x32")
    assert packet.streams["level"].tolist() == [[50.0]]
    part = load_profile(tmp_path / "part.toml")
    assert not part.matches("x", ["0000180f-0000-1000-8000-00805f9b34fb"])


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (BATTERY.replace("gatt.level", "gatt.data"), "[gatt.data] stands here"),
        (BATTERY.replace('id = "level"', 'id = "raw"'), "packet 'raw' stands here"),
        (BATTERY.replace('sources = ["x"]', 'sources = ["x"], includes = ["part"]'), "includes itself"),
        (BATTERY.replace("schema = 1", "schema = 2"), "wrong itself"),
        ("", "there is no profile 'part'"),
    ],
)
def test_what_cannot_be_included_is_said(tmp_path, part, reason):
    (tmp_path / "part.toml").write_text(part, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(made(tmp_path, INCLUDE))
    assert reason in str(caught.value) and "profile.includes" in str(caught.value)
