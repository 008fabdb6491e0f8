"""The hub's order of several gateways, in virtual time: who is waited for, what comes too late, new starts."""

from __future__ import annotations

import itertools

import pytest
from network_events import team_of_sensors

from monitor.events import Event, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.network.blocks import Block, encode
from monitor.network.clock_marks import clock_mark
from monitor.network.lane import Lane
from monitor.network.merging import HOLD_S, Merge
from monitor.network.messages import GatewayBeat, Status
from monitor.network.transit import Transit
from monitor.session import Session
from monitor.settings import Settings

STEP_S = 0.125


class Sender:
    """A gateway of one sensor: a packet and a heartbeat each step. began_s : true time at its session time 0."""

    def __init__(self, name: str, began_s: float, run: int = 1) -> None:
        self.name, self.began_s, self.run = name, began_s, run
        self.sensor = f"S-{name}"
        self.blocks: list[bytes] = []
        self.link = Link.LIVE
        self.oldest = 0

    def make(self, now_s: float) -> None:
        at_s = now_s - self.began_s
        events: list[Event] = [LinkChange(at_s, self.sensor, self.link)] if not self.blocks else []
        events += [Notification(at_s, self.sensor, "c", str(len(self.blocks)).encode()), Heartbeat(at_s)]
        self.blocks.append(encode(Block(self.run, len(self.blocks), tuple(events))))

    def beat(self, now_s: float) -> GatewayBeat:
        told = {"oldest": self.oldest, "next": len(self.blocks)}
        return GatewayBeat(run=self.run, now_s=now_s - self.began_s, epoch_s=0.0, **told)


class Air:
    """Sends what the gateways make to a hub, except what is held back."""

    def __init__(self, *senders: Sender) -> None:
        self.senders, self.merge = senders, Merge()
        self.now_s = 0.0
        self.silent: set[str] = set()
        self.sent: dict[Sender, int] = dict.fromkeys(senders, 0)
        self.passed: list[Event] = []

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            for sender in self.senders:
                sender.make(self.now_s)
                if sender.name not in self.silent:
                    lane = self.merge.lane(sender.name)
                    lane.take_beat(sender.beat(self.now_s), self.now_s)
                    for content in sender.blocks[self.sent[sender] :]:
                        lane.take_block(content, self.now_s)
                    self.sent[sender] = len(sender.blocks)
            self.passed += self.merge.ready(self.now_s)

    def numbers(self, sender: Sender) -> list[int]:
        found = [e for e in self.passed if isinstance(e, Notification) and e.sensor == sender.sensor]
        return [int(event.payload) for event in found]


def test_one_silent_gateway_holds_the_others_up_for_three_seconds_and_no_longer() -> None:
    north, south = Sender("n", 0.0), Sender("s", 0.0)
    air = Air(north, south)
    air.run(5.0)
    air.silent = {"s"}
    air.run(HOLD_S - 0.5)
    held = air.merge.newest_s
    assert held <= 5.0
    air.run(4.0)
    assert air.merge.newest_s >= air.now_s - STEP_S
    assert air.numbers(north) == list(range(len(north.blocks)))
    air.silent = set()
    before = air.merge.left_out
    air.run(3.0)
    assert air.merge.left_out > before  # what it saw meanwhile is in its own recording alone
    assert [lane.losses.late for lane in air.merge.lanes.values()] == [0, air.merge.left_out]
    got = air.numbers(south)
    assert got[-1] == len(south.blocks) - 1 and len(set(got)) == len(got)
    times_s = [event.time_s for event in air.passed]
    assert times_s == sorted(times_s)


def test_when_all_are_silent_the_session_stands_and_goes_on_without_a_gap() -> None:
    north, south = Sender("n", 0.0), Sender("s", -2.0)
    air = Air(north, south)
    air.run(5.0)
    air.silent = {"s"}  # its last words were lost with the broker
    air.run(0.5)
    air.silent = {"n", "s"}
    air.run(20.0)
    air.silent = {"s"}
    air.run(1.0)  # one comes back before the other
    air.silent = set()
    air.run(1.0)
    assert air.numbers(north) == list(range(len(north.blocks)))
    assert air.numbers(south) == list(range(len(south.blocks)))
    assert air.merge.left_out == 0


def test_a_gateway_that_has_said_farewell_is_not_waited_for() -> None:
    north, south = Sender("n", 0.0), Sender("s", 0.0)
    air = Air(north, south)
    air.run(5.0)
    air.silent = {"s"}
    air.merge.lane("s").take_status(Status(run=1, state="ended"))
    air.run(0.5)
    assert air.merge.newest_s >= air.now_s - STEP_S


def test_a_gateway_that_starts_anew_begins_another_count_and_another_clock() -> None:
    north, south = Sender("n", 0.0), Sender("s", 0.0)
    air = Air(north, south)
    air.run(5.0)
    again = Sender("s", 5.0, run=2)
    air.senders = north, again
    air.sent[again] = 0
    air.run(8.0)
    assert air.merge.left_out <= 8
    assert air.numbers(south)[-1] == len(again.blocks) - 1
    assert {e.time_s for e in air.passed if isinstance(e, Notification) and e.payload == b"60"} >= {12.625}


def test_of_two_that_send_one_sensor_the_one_that_said_live_last_counts() -> None:
    north, south = Sender("n", 0.0), Sender("s", 0.0)
    south.sensor, south.link = north.sensor, Link.SEARCHING
    air = Air(north, south)
    air.run(4.0)
    assert air.merge.owner(north.sensor) == "n"
    assert len(air.numbers(north)) == len(set(air.numbers(north))) == len(north.blocks)
    assert air.merge.left_out == len(south.blocks) and not air.merge.lane("s").losses.late
    assert Link.SEARCHING not in {e.link for e in air.passed if isinstance(e, LinkChange)}


class Shared(Sender):
    """A gateway that has the sensor X for a while. links : (second, state); sends : (from, to) seconds."""

    def __init__(self, name: str, links: list[tuple[float, Link]], sends: tuple[float, float]) -> None:
        super().__init__(name, 0.0)
        self.sensor, self._links, self._sends = "X", links, sends

    def make(self, now_s: float) -> None:
        links = [link for at_s, link in self._links if now_s - STEP_S < at_s <= now_s]
        events: list[Event] = [LinkChange(now_s, self.sensor, link) for link in links]
        if self._sends[0] <= now_s < self._sends[1]:
            events.append(Notification(now_s, self.sensor, "c", self.name.encode()))
        self.blocks.append(encode(Block(self.run, len(self.blocks), (*events, Heartbeat(now_s)))))


@pytest.mark.parametrize(("other", "links"), [("s", ["live"]), ("a", ["searching", "live"])])
def test_a_hub_that_begins_anew_knows_by_its_packets_that_a_link_is_live(other: str, links: list[str]) -> None:
    """The word of it was confirmed to the hub that was there before, so no block tells it again."""
    north, south = Sender("n", 0.0), Shared(other, [(5.0 + STEP_S, Link.SEARCHING)], (0.0, 0.0))
    north.sensor = south.sensor
    for step in range(40):
        north.make(STEP_S * (step + 1))
    north.oldest = 40
    air = Air(north, south)
    air.now_s, air.sent[north] = 5.0, 40
    air.run(4.0)
    of_it = [event for event in air.passed if isinstance(event, Notification | LinkChange)]
    assert [event.link.value for event in of_it if isinstance(event, LinkChange)] == links
    assert all(isinstance(event, Notification) for event in of_it[len(links) :])
    assert air.numbers(north) == list(range(40, len(north.blocks))) and air.merge.owner(north.sensor) == "n"
    session = Session(team_of_sensors([north.sensor]), {}, Settings())
    for event in air.passed:
        session.feed(event)
    assert session.seats[north.sensor].link is Link.LIVE


def test_a_gateway_that_comes_back_does_not_take_a_sensor_with_an_old_word() -> None:
    """While its network was gone it lost the link, and the other took the sensor: what it tells late is left out."""
    north = Shared("n", [(0.125, Link.LIVE), (8.0, Link.LIVE), (9.0, Link.LOST)], (0.0, 9.0))
    south = Shared("s", [(10.0, Link.LIVE)], (10.0, 1e9))
    air = Air(north, south)
    air.run(5.0)
    air.silent = {"n"}
    air.run(25.0)
    before = len(air.passed)
    air.silent = set()
    air.run(10.0)
    assert air.merge.owner("X") == "s"
    late = [event for event in air.passed[before:] if isinstance(event, Notification | LinkChange)]
    assert {type(event) for event in late} == {Notification} and len(late) >= 10.0 / STEP_S - 2


def test_what_had_come_of_a_gateway_before_it_began_anew_is_passed_on() -> None:
    """The hub has confirmed it, so the gateway has it no more; it waited for the other gateway only."""
    north, south = Sender("n", 0.0), Sender("s", 0.0)
    air = Air(north, south)
    air.run(5.0)
    air.silent = {"s"}
    air.run(2.5)
    again = Sender("n", 7.5, run=2)
    air.senders, air.sent[again] = (again, south), 0
    air.run(20.0)
    told_s = [event.time_s for event in air.passed if isinstance(event, Notification) and event.sensor == "S-n"]
    of_the_first_run = [at_s for at_s in told_s if at_s <= 7.5 + STEP_S / 2]
    assert len(of_the_first_run) == len(north.blocks) and told_s == sorted(told_s)
    assert air.merge.left_out == 0


def test_one_gateway_s_heartbeats_serve_for_all_and_notes_of_clocks_stay_behind() -> None:
    north, south = Sender("n", 0.0), Sender("s", 0.0)
    note = (Marker(0.0, clock_mark(1, 2.0)), Marker(0.0, "cramp left"))
    north.blocks.append(encode(Block(1, 0, note)))
    air = Air(north, south)
    air.run(4.0)
    beats = [event for event in air.passed if isinstance(event, Heartbeat)]
    assert len(beats) <= len(south.blocks) + 1
    assert [event.text for event in air.passed if isinstance(event, Marker)] == ["cramp left"]


def test_a_beat_does_not_wait_a_block_for_one_whose_block_ended_a_hair_before() -> None:
    """All that the other told up to there is passed on with a beat; what came later follows in the next step."""
    merge, hair_s, late_s = Merge(), 0.004, 0.002
    beats = {"n": 0.0, "s": -hair_s}  # when their blocks end, beside whole steps
    passed: list[list[Event]] = []
    for step in range(40):
        for name, off_s in beats.items():
            now_s = step * STEP_S + off_s
            lane, events = merge.lane(name), [Notification(now_s - late_s, f"S-{name}", "c", b""), Heartbeat(now_s)]
            events[:0] = [LinkChange(now_s - late_s, f"S-{name}", Link.LIVE)] if step == 0 else []
            lane.take_beat(GatewayBeat(run=1, now_s=now_s, epoch_s=0.0, oldest=0, next=step + 1), now_s)
            lane.take_block(encode(Block(1, step, tuple(events))), now_s)
        passed.append(list(merge.ready(step * STEP_S)))
    for events in passed[-20:]:
        sensors = [event.sensor for event in events if isinstance(event, Notification)]
        assert sorted(sensors) == ["S-n", "S-s"] and [type(event) for event in events][-1] is Heartbeat
    told_s = [event.time_s for events in passed for event in events]
    assert told_s == sorted(told_s)
    assert sum(isinstance(event, Heartbeat) for event in itertools.chain(*passed[-20:])) == 20
    assert merge.left_out == 0


def test_a_block_that_the_gateway_gave_up_is_counted_and_not_waited_for() -> None:
    lane, sender = Lane("n"), Sender("n", 0.0)
    for step in range(10):
        sender.make(STEP_S * (step + 1))
    lane.take_beat(sender.beat(1.0), 1.0)
    lane.take_block(sender.blocks[0], 1.0)
    for number in (9, 8, 9, 7):
        lane.take_block(sender.blocks[number], 1.0)
    assert lane.got is not None and (lane.got.next, lane.got.lacks, lane.doubled, lane.behind) == (1, True, 1, 9)
    sender.oldest = 7
    lane.take_beat(sender.beat(1.5), 1.5)
    assert lane.got is not None and (lane.got.next, lane.got.lacks, lane.losses.given_up) == (10, False, 6)
    assert len([event for event in lane.waiting if isinstance(event, Notification)]) == 4


def test_the_lag_of_a_clock_is_that_of_the_quickest_message_and_never_jumps_while_it_is_used() -> None:
    transit, lags_s = Transit(), []
    for number, way_s in enumerate([0.5, 0.3, 0.4, 0.2, 0.01, 0.4, 0.01] + [0.3] * 400):
        transit.in_use = number > 3
        transit.beat(100.0 + number * 0.5 + way_s, number * 0.5)
        lags_s.append(transit.lag_s)
    assert lags_s[:4] == [None, None, 100.3, 100.2]
    known_s = [lag_s for lag_s in lags_s[3:] if lag_s is not None]
    assert max(abs(after - before) for before, after in itertools.pairwise(known_s)) <= 0.0011
    assert min(known_s) > 100.05 and abs(known_s[-1] - 100.3) < 0.02  # after a minute the quick one is forgotten


@pytest.mark.parametrize("sleeper", [0, 1])
def test_a_gateway_whose_machine_slept_comes_back_after_a_minute(sleeper: int) -> None:
    """Its clock stood meanwhile; whether or not the session's clock is its own, the other goes on without a gap."""
    both = Sender("n", 0.0), Sender("s", -5.0)
    asleep, awake = both[sleeper], both[1 - sleeper]
    air = Air(*both)
    air.run(20.0)
    air.senders = (awake,)
    air.run(30.0)
    asleep.began_s += 30.0
    air.senders = both
    air.run(70.0)
    seen = len(air.passed)
    air.run(20.0)
    assert air.numbers(awake) == list(range(len(awake.blocks)))
    newest = [e for e in air.passed[seen:] if isinstance(e, Notification)]
    assert sum(event.sensor == asleep.sensor for event in newest) == 20.0 / STEP_S
    pairs = [[e.time_s for e in newest if e.sensor == sender.sensor][-1] for sender in both]
    assert pairs[0] == pytest.approx(pairs[1], abs=0.2), "what was at one time is at one time"
    times_s = [event.time_s for event in air.passed]
    assert times_s == sorted(times_s)


def test_a_message_that_is_late_after_an_outage_moves_no_clock() -> None:
    transit = Transit()
    for at_s in (0.0, 0.5, 1.0):
        transit.beat(at_s + 0.01, at_s)
    transit.in_use = True
    for number in range(30):
        transit.beat(100.0 + 0.5 * number + (3.0 if number < 4 else 0.01), 100.0 + 0.5 * number)
    assert transit.lag_s == pytest.approx(0.01, abs=0.01)
