"""What two gateways recorded, joined afterwards: the same packets on the same clock as the hub had them live."""

from __future__ import annotations

from pathlib import Path

import pytest
from field_rig import PROFILE, Field
from network_events import team_of_sensors
from typer.testing import CliRunner

from monitor.cli import app
from monitor.cli.headers import live_header
from monitor.errors import RecordingError
from monitor.events import Event, LinkChange, Marker, Notification
from monitor.network.blocks import decode
from monitor.network.clock_marks import clock_mark, joined_origins, told_origins
from monitor.recording.replay import RecordingSource
from monitor.rewriting import merge, write_session
from monitor.session import Session
from monitor.settings import Settings


@pytest.fixture(scope="module")
def field() -> tuple[Field, dict[str, list[Event]]]:
    played = Field(1, 14.0)
    told: dict[str, list[Event]] = {gateway.name: [] for gateway in played.gateways}
    for message in played.run():
        if message.kind == "block":
            told[message.gateway] += decode(message.content).events
    return played, told


def recorded(field: Field, told: dict[str, list[Event]], folder: Path, *, noted: bool) -> list[Path]:
    """One file per gateway, whose clocks of the day are wrong; noted : how their clocks stood against a hub's."""
    sensors = [player.sensor for player in field.players]
    profiles = dict.fromkeys(sensors, PROFILE)
    paths = []
    for run, gateway in enumerate(field.gateways):
        session = Session(team_of_sensors(sensors), profiles, Settings())
        header = live_header(session, profiles, "team", 1.0, simulated=True, epoch_s=1.7e9 + 100.0 * run)
        header["gateway"] = {"name": gateway.name, "run": run, "states": "local"}
        events = told[gateway.name]
        notes = [Marker(events[0].time_s, clock_mark(99, gateway.began_s))] if noted else []
        paths.append(folder / f"{gateway.name}.xdf")
        write_session([*notes, *events], header, paths[-1])
    return paths


def test_gateways_are_joined_by_the_clock_of_their_hub(field: tuple[Field, dict], tmp_path: Path) -> None:
    played, told = field
    out = tmp_path / "match.xdf"
    merge(recorded(played, told, tmp_path, noted=True), out)
    with RecordingSource(out) as source:
        events = list(source)
        assert source.header["merged_from"] == ["gw1.xdf", "gw2.xdf"] and "gateway" not in source.header
    first_s = min(gateway.began_s for gateway in played.gateways)
    for sensor, on_air_s in played.packets.items():
        got = [event for event in events if isinstance(event, Notification) and event.sensor == sensor]
        assert [event.time_s + first_s for event in got] == pytest.approx(on_air_s[: len(got)], abs=1e-5)
        assert len({event.payload for event in got}) == len(got) >= len(on_air_s) - 2
    assert not [event for event in events if isinstance(event, Marker)]
    assert {event.sensor for event in events if isinstance(event, LinkChange)} == set(played.packets)


def test_the_same_gateway_twice_is_refused(field: tuple[Field, dict], tmp_path: Path) -> None:
    first, _ = recorded(*field, tmp_path, noted=True)
    with pytest.raises(RecordingError, match="nothing is merged twice"):
        merge([first, first], tmp_path / "out.xdf")


def test_notes_of_clocks() -> None:
    first, second = [clock_mark(1, 2.5), clock_mark(7, -4.0), "cramp left"], [clock_mark(7, 3.0), clock_mark(7, 3.25)]
    origins = [told_origins(first), told_origins(second)]
    assert origins == [{1: 2.5, 7: -4.0}, {7: 3.25}]
    assert joined_origins(origins, [50.0, 90.0]) == ([-4.0, 3.25], [])
    assert joined_origins([origins[0], {5: 1.0}], [50.0, 90.0]) == ([-4.0, 36.0], [0, 1]), "40 s later by the day"
    assert told_origins(["gateway clock: hub x y s", "gateway clock: hub 1"]) == {}


def test_two_that_met_different_hubs_are_joined_by_a_third() -> None:
    told = [{1: 2.0}, {2: 9.0}, {1: 5.0, 2: 8.0}]
    origins_s, by_day = joined_origins(told, [0.0, 500.0, 900.0])
    assert (origins_s, by_day) == ([2.0, 6.0, 5.0], [])


def test_one_that_never_met_the_hub_leaves_the_others_on_its_clock() -> None:
    told = [{}, {1: 2.0}, {1: 5.0}, {1: 4.0}]
    origins_s, by_day = joined_origins(told, [110.0, 102.0, 9000.0, 104.0])
    assert origins_s[1:] == [2.0, 5.0, 4.0] and by_day == [0]
    assert origins_s[0] == 10.0, "one wrong clock of the day among three does not move it"


def test_merge_says_whose_clock_is_only_that_of_the_day(field: tuple[Field, dict], tmp_path: Path) -> None:
    paths = [str(path) for path in recorded(*field, tmp_path, noted=False)]
    out = tmp_path / "match.xdf"
    done = CliRunner().invoke(app, ["merge", *paths, "--out", str(out)])
    assert done.exit_code == 0 and "time of day alone" in done.stderr and "gw1.xdf, gw2.xdf" in done.stderr
    with RecordingSource(out) as source:
        assert source.header["merged_by_time_of_day"] == ["gw1.xdf", "gw2.xdf"]
