"""Profiles that take over parts of others, which take over parts of others."""

from __future__ import annotations

import pytest

from monitor import shipped
from monitor.acquisition.profile import check_profile, load_profile

MYO = (shipped.folder("firmware_profiles") / "myo.toml").read_text(encoding="utf-8")


@pytest.fixture
def including(tmp_path):
    def write(*ids: str, own_id: str = "mine"):
        path = tmp_path / f"{own_id}.toml"
        wanted = ", ".join(f'"{each}"' for each in ids)
        text = MYO.replace('id = "myo"', f'id = "{own_id}"').replace('["sig-device"]', f"[{wanted}]")
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_what_is_included_may_include(including):
    middle = including("sig-device", own_id="middle").read_text(encoding="utf-8").split("[match]")[0]
    tables = '[match]\nnever = true\nservice_advertised = false\n[gatt.extra]\nservice = "{0}"\nchar = "{0}"\n'
    path = including("middle")
    extra = tables.format("0000aaaa-0000-1000-8000-00805f9b34fb") + 'props = ["read"]\n'
    (path.parent / "middle.toml").write_text(middle + extra, encoding="utf-8")
    profile = load_profile(path)
    assert profile.gatt["extra"].optional
    assert "battery" in profile.streams
    assert any(step.char == "battery_level" and step.optional for step in profile.step.setup)


def test_a_circle_of_includes_is_an_error_and_not_the_end(including):
    including("mine", own_id="other")
    faults = check_profile(including("other")).faults
    assert len(faults) == 1
    assert "includes itself" in faults[0]
