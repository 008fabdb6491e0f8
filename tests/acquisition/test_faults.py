"""Each fault of a sensor or its link ends in the state that shows it, and never in wrong samples."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest
from radio_rig import Room, team_of

from monitor.acquisition.live import LiveSource
from monitor.acquisition.profile import find
from monitor.acquisition.sensor import SensorDecoder
from monitor.chunk import Chunk
from monitor.errors import ScenarioError
from monitor.events import Link, LinkChange, Notification
from monitor.simulation.faults import Fault, FaultKind, Faults

SPEED = 6.0
_LONGEST_PAUSE_S = 0.5  # session seconds


@dataclass
class Told:
    """What came out of a sensor with a fault. ends: how many chunks had come as each link was lost."""

    decoder: SensorDecoder
    links: list[tuple[Link, str]] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    loss: float = 0.0
    ends: list[int] = field(default_factory=list)

    def samples(self, stream: str) -> np.ndarray:
        return np.concatenate([chunk.samples for chunk in self.chunks if chunk.stream.name == stream])

    def stretches(self, stream: str) -> list[np.ndarray]:
        """The samples of each link: what two of them are apart is known by time alone."""
        cuts = [0, *self.ends, len(self.chunks)]
        each = [[c.samples for c in self.chunks[a:b] if c.stream.name == stream] for a, b in pairwise(cuts)]
        return [np.concatenate(samples) for samples in each if samples]

    def states(self) -> list[Link]:
        return [link for link, _ in self.links]


def told(name: str, profile_id: str, fault: str, seconds: float = 24.0, limit_s: float = 40.0) -> Told:
    """Listen to one sensor until it was heard for so many session seconds, or up to the limit of wall seconds.

    Pauses count for half a second at most, so that a machine that stands still for a while changes nothing.
    """
    room = Room({name: profile_id}, speed=SPEED, faults={name: fault})
    told, end_s = Told(SensorDecoder(find(profile_id, name=name), name, speed=SPEED)), time.monotonic() + limit_s
    heard_s, last_s = 0.0, None
    with LiveSource(team_of({name: profile_id}), room, speed=SPEED) as source:
        for event in source:
            if isinstance(event, Notification):
                told.chunks += told.decoder.push(event)
                told.loss = max(told.loss, told.decoder.loss_fraction(event.time_s) or 0.0)
                heard_s += 0.0 if last_s is None else min(event.time_s - last_s, _LONGEST_PAUSE_S)
                last_s = event.time_s
            elif isinstance(event, LinkChange):
                told.links.append((event.link, event.detail))
                told.chunks += told.decoder.flush()
                told.ends.append(len(told.chunks))
                told.decoder.link(event)
            if heard_s > seconds or time.monotonic() > end_s:
                source.stop()
    return told


def test_without_a_fault_nothing_is_lost():
    fine = told("uMyo-1L", "umyo", "", seconds=24)
    assert fine.states()[-1] is Link.LIVE and fine.decoder.errors == 0
    assert np.isfinite(fine.samples("emg")).all() and fine.loss < 0.02


@pytest.mark.parametrize("fault", ["drop%10", "gap%10"])
def test_what_the_counter_shows_as_lost_is_nan_and_told(fault: str):
    lossy = told("uMyo-1L", "umyo", fault)
    missing = np.isnan(lossy.samples("emg")).mean()
    assert 0.03 < missing < 0.25 if fault.startswith("drop") else 0.01 < missing < 0.1
    assert lossy.loss > 0.02 and lossy.decoder.errors == 0


@pytest.mark.alone
def test_what_nothing_counts_shows_as_a_break_of_the_turn():
    lossy = told("Myo", "myo", "drop%10")
    assert lossy.loss > 0.02 and np.isnan(lossy.samples("emg")).any()


@pytest.mark.alone
@pytest.mark.parametrize("fault", ["dup%20", "reorder%20"])
def test_doubled_and_reordered_packets_change_no_sample(fault: str):
    out = told("uMyo-1L", "umyo", fault, seconds=24)
    samples = out.samples("emg")[:, 0]
    assert np.isfinite(samples).mean() > 0.6
    times = np.concatenate([chunk.time_s for chunk in out.chunks if chunk.stream.name == "emg"])
    assert np.all(np.diff(times) > 0)
    for stretch in out.stretches("emg"):
        place = np.flatnonzero(np.isfinite(stretch[:, 0]))
        ramp = np.rint(stretch[place, 0] / find("umyo").streams["emg"].gain).astype(int)  # from 0 to 99, one a sample
        steps = np.unique((np.diff(ramp) - np.diff(place)) % 100)
        assert len(steps) <= 3, steps  # rounding to counts


def test_garbage_is_counted_and_harms_no_sample():
    out = told("WT1LS", "witmotion", "garbage%20")  # its frames have marks; a uMyo's packets are known by length alone
    assert out.decoder.errors > 10
    assert out.states()[-1] is Link.LIVE
    assert np.isfinite(out.samples("imu")).all()


def test_a_stall_is_said_cut_and_healed():
    out = told("WT1LS", "witmotion", "stall@8-16", seconds=40)
    assert Link.STALLED in out.states() and out.states()[-1] is Link.LIVE
    assert out.states().count(Link.LIVE) >= 2


def test_a_sensor_that_stays_silent_is_never_live():
    out = told("uMyo-1L", "umyo", "silent", seconds=30, limit_s=8)
    assert Link.LIVE not in out.states()
    assert (Link.LOST, "it is connected but sends nothing") in out.links


def test_a_dropped_link_is_lost_and_comes_back():
    out = told("uMyo-1L", "umyo", "disconnect@10", seconds=40)
    assert Link.LOST in out.states() and out.states()[-1] is Link.LIVE


@pytest.mark.alone
def test_a_rate_that_is_not_the_nominal_one_is_measured():
    out = told("uMyo-1L", "umyo", "wrong_rate%4", seconds=30)
    assert out.decoder.rate_hz == pytest.approx(0.96 * 1137.3, rel=0.01)


def test_the_smallest_mtu_is_said_to_cut_packets():
    out = told("uMyo-1L", "umyo", "mtu23", seconds=4)
    assert out.decoder.errors > 10 and not out.chunks


def test_old_packets_at_the_start_are_not_taken_for_new_ones():
    out = told("WT1LS", "witmotion", "stale_start", seconds=24)
    times = np.concatenate([chunk.time_s for chunk in out.chunks])
    assert np.all(np.diff(times) > 0)
    assert out.states()[-1] is Link.LIVE


def test_a_saturated_sensor_sits_at_its_rail():
    out = told("uMyo-1L", "umyo", "saturate@10-60", seconds=40)
    rails = find("umyo").streams["emg"].saturation_in_unit
    assert rails is not None
    assert np.isclose(np.nanmax(out.samples("emg")), rails[1]) and np.nanmean(out.samples("emg") >= rails[1] - 1) > 0.2


@pytest.mark.parametrize("text", ["dropp", "drop@", "stall@20-10", "", "drop@-3"])
def test_what_is_no_fault_is_refused(text: str):
    with pytest.raises(ScenarioError):
        Fault.parse(text)


def test_faults_are_written_as_people_write_them():
    assert Fault.parse("drop%10") == Fault(FaultKind.DROP, share=0.1)
    assert Fault.parse("stall@20-25") == Fault(FaultKind.STALL, 20.0, 25.0)
    assert Fault.parse("disconnect@30") == Fault(FaultKind.DISCONNECT, 30.0)


def test_the_same_seed_gives_the_same_faults():
    def struck(seed: int) -> list[bool]:
        faults = Faults([Fault.parse("drop%30")], seed)
        return [faults.strikes(FaultKind.DROP, 0.0) for _ in range(50)]

    assert struck(1) == struck(1) != struck(2)
