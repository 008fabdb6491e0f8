"""A gateway while no hub is there: its own engine's alarms, marked as local; what it keeps for hubs, within bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.events import Heartbeat, Link, LinkChange, Notification
from monitor.network.address import Broker
from monitor.network.blocks import decode
from monitor.network.connection import Access
from monitor.network.gateway import BEHIND_S, Gateway, LocalStates
from monitor.network.messages import Got, HubBeat
from monitor.network.ownership import FRESH_S, PATIENCE_S, WORD_S, Ownership
from monitor.network.publisher import HANDED_BLOCKS, Publisher
from monitor.network.spool import Spool

CHANGE = {"time_s": 12.0, "athlete": "A7", "leg": "left", "state": "WARN", "reasons": ["restless at rest"]}


class Line:
    """A connection that stands: what was published, in order. slow : the broker confirms nothing."""

    connected = True

    def __init__(self, *, slow: bool = False) -> None:
        self.counters: list[int] = []
        self.slow = slow

    def publish(self, topic: str, content: bytes, *, qos: int) -> Callable[[], bool]:
        assert (topic, qos) == ("crampwatch/1/gateway/gw1/block", 1)
        self.counters.append(decode(content).counter)
        return lambda: not self.slow


def fill(publisher: Publisher, n_blocks: int) -> None:
    for number in range(n_blocks):
        publisher.put(Notification(number, "S", "c", b"x" * 100), (), ())
        publisher.put(Heartbeat(number + 0.5), (), ())


def got(publisher: Publisher, next_: int, *, hub: int = 1, lacks: bool = False) -> HubBeat:
    return HubBeat(run=hub, got={"gw1": Got(run=publisher.run, next=next_, lacks=lacks)})


def test_alarms_are_local_while_no_hub_is_there_and_are_silent_when_one_is() -> None:
    publisher, told = Publisher("gw1"), []
    states = LocalStates(publisher, told.append)
    states.put(Heartbeat(12.0), (), [CHANGE])
    publisher.told("hub", HubBeat(run=1))
    states.put(Heartbeat(13.0), (), [CHANGE])
    assert told == ["    12.0 s  A7 left   WARN         local: restless at rest"]


class Radio:
    """What a gateway needs of its source, standing still."""

    def __init__(self) -> None:
        self.alerted: list[str] = []
        self.marks: list[str] = []
        self.beat_phase_s = 0.0

    class clock:  # noqa: N801
        speed = 1.0

        @staticmethod
        def now_s() -> float:
            return 0.0

    def alert(self, source_id: str) -> None:
        self.alerted.append(source_id)

    def mark(self, text: str) -> None:
        self.marks.append(text)


def gateway_of(radio: Radio) -> Gateway:
    return Gateway(radio, Access(Broker("127.0.0.1", 1, tls=True)), Ownership("gw1"), {})  # type: ignore[arg-type]


@pytest.mark.parametrize(("leads", "phase_s"), [(True, 2.5), (False, 2.5 - BEHIND_S)])
def test_a_gateway_ends_its_blocks_a_hair_after_the_one_whose_clock_it_is(leads: bool, phase_s: float) -> None:
    radio = Radio()
    gateway = gateway_of(radio)
    told = Got(run=gateway.publisher.run, next=0, origin_s=2.5, leads=leads)
    gateway.publisher.told("wall", HubBeat(run=7, got={"gw1": told}))
    gateway._keep_step()
    assert radio.beat_phase_s == pytest.approx(phase_s, abs=1e-12)
    assert len(radio.marks) == 1, "the hub's clock is noted once"


def test_sensors_are_made_to_vibrate_by_the_hub_or_else_by_the_gateway_itself() -> None:
    radio = Radio()
    gateway = gateway_of(radio)
    gateway.alert("by itself")
    gateway._receive("crampwatch/1/hub/wall/beat", HubBeat(run=1).text())
    gateway.alert("not again")
    gateway._receive("crampwatch/1/gateway/gw1/alert", b"by the hub")
    gateway._receive("crampwatch/1/hub/wall/beat", b"{nonsense")
    assert radio.alerted == ["by itself", "by the hub"]


def test_blocks_stay_until_every_hub_has_them() -> None:
    publisher, line = Publisher("gw1"), Line()
    fill(publisher, 5)
    publisher.connected(line)  # type: ignore[arg-type]
    assert line.counters == [0, 1, 2, 3, 4]
    publisher.told("wall", got(publisher, 4))
    publisher.told("second", got(publisher, 2, hub=9))
    assert (publisher.spool.oldest, publisher.spool.next) == (4, 5)
    fill(publisher, 1)
    publisher.told("wall", got(publisher, 6))
    assert publisher.spool.oldest == 4 and not publisher.confirmed
    publisher.told("second", got(publisher, 6, hub=9))
    assert publisher.confirmed and line.counters == [0, 1, 2, 3, 4, 5]


def test_what_a_hub_lacks_is_sent_again_and_an_earlier_start_confirms_nothing(monkeypatch) -> None:
    now_s = [100.0]
    monkeypatch.setattr("monitor.network.publisher.time.monotonic", lambda: now_s[0])
    publisher, line = Publisher("gw1"), Line()
    publisher.connected(line)  # type: ignore[arg-type]
    fill(publisher, 6)
    publisher.told("wall", got(publisher, 2, lacks=True))
    now_s[0] += 0.6
    publisher.told("wall", HubBeat(run=1, got={"gw1": Got(run=publisher.run + 1, next=6)}))
    assert line.counters == [0, 1, 2, 3, 4, 5]
    publisher.told("wall", got(publisher, 2, lacks=True))
    publisher.told("wall", got(publisher, 2, lacks=True))  # not twice at once
    assert line.counters == [0, 1, 2, 3, 4, 5, 2, 3, 4, 5]


def test_a_slow_line_gets_no_more_than_it_has_room_for() -> None:
    publisher, line = Publisher("gw1"), Line(slow=True)
    publisher.connected(line)  # type: ignore[arg-type]
    fill(publisher, HANDED_BLOCKS + 100)
    assert line.counters == list(range(HANDED_BLOCKS))
    line.slow = False
    fill(publisher, 1)
    assert line.counters == list(range(HANDED_BLOCKS + 101))


def test_a_slow_line_has_room_for_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.network.publisher.HANDED_BYTES", 1000)
    publisher, line = Publisher("gw1"), Line(slow=True)
    publisher.connected(line)  # type: ignore[arg-type]
    fill(publisher, 50)
    assert sum(len(publisher.spool[counter]) for counter in line.counters) < 1000 + len(publisher.spool[0])
    line.slow = False
    publisher.told("wall", got(publisher, 0))  # where no block follows, the hub's word is enough
    assert line.counters == list(range(50))


def test_blocks_stay_for_a_hub_that_is_away_for_minutes_until_it_says_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [100.0]
    monkeypatch.setattr("monitor.network.publisher.time.monotonic", lambda: now_s[0])
    publisher = Publisher("gw1")
    fill(publisher, 8)
    publisher.told("wall", got(publisher, 2))
    now_s[0] += 600.0
    publisher.told("second", got(publisher, 8, hub=9))
    assert publisher.spool.oldest == 2 and publisher.confirmed  # the one that is there has all
    publisher.told("wall", HubBeat(run=1, ends=True))
    publisher.told("second", got(publisher, 8, hub=9))
    assert publisher.spool.oldest == 8
    publisher.told("second", HubBeat(run=9, ends=True))
    assert not publisher.hub_is_there


def test_the_spool_is_bounded_and_counts_what_it_gives_up() -> None:
    spool = Spool(memory_bytes=1000)
    for number in range(20):
        spool.add(bytes([number]) * 100)
    assert (spool.oldest, spool.next, spool.lost, spool.n_bytes) == (10, 20, 10, 1000)
    assert spool[10] == bytes([10]) * 100
    spool.confirm(15)
    spool.confirm(12)
    assert (spool.oldest, spool.next, spool.lost) == (15, 20, 10)


def test_a_gateway_says_that_it_gives_blocks_up() -> None:
    gateway = gateway_of(Radio())
    gateway.publisher.spool = Spool(memory_bytes=1000)
    told = list(gateway.lines())
    for n_blocks in (3, 30, 30):
        fill(gateway.publisher, n_blocks)
        told += gateway.lines()
    lost = [line for line in told if "given up" in line]
    assert len(lost) == 1 and "the recording has them" in lost[0]


def test_a_gateway_alone_takes_what_it_hears_and_of_two_the_nearer() -> None:
    now_s = [0.0]
    north, south = (Ownership(name, now_s=lambda: now_s[0]) for name in ("n", "s"))
    assert north.may_take("S1", -80.0)
    assert south.may_take("S2", -60.0)
    for own, other in ((north, south), (south, north)):
        own.told(other.name, beat_of(other))
    north.hear("S2", -50.0)
    now_s[0] = WORD_S
    assert north.may_take("S2", -50.0) and not north.may_take("S2", -70.0)
    now_s[0] = FRESH_S + 0.1
    assert north.may_take("S2", -70.0)  # the other has not been heard since


def test_of_two_that_begin_to_hear_a_sensor_none_takes_it_before_each_has_told_the_other() -> None:
    now_s = [10.0]
    north, south = (Ownership(name, now_s=lambda: now_s[0]) for name in ("n", "s"))
    link_of(north, "S1", Link.LIVE)
    tell_each_other(north, south)
    link_of(north, "S1", Link.LOST)
    assert north.news.is_set()  # that it has it no more
    tell_each_other(north, south)
    north.hear("S1", -88.0)  # it is not asked yet whether to take it: its supervisor pauses after a failure
    assert not south.may_take("S1", -50.0)
    assert north.news.is_set() and south.news.is_set()  # that they hear it
    tell_each_other(north, south)
    assert not north.may_take("S1", -88.0)
    now_s[0] += WORD_S
    assert not north.may_take("S1", -88.0) and south.may_take("S1", -50.0)


def test_a_gateway_waits_for_the_answer_of_a_slow_one_but_not_for_ever() -> None:
    now_s = [10.0]
    north, south = (Ownership(name, now_s=lambda: now_s[0]) for name in ("n", "s"))
    tell_each_other(north, south)
    now_s[0] += 0.1
    north.hear("S1", -88.0)
    south.hear("S1", -50.0)
    now_s[0] += 2 * WORD_S
    assert not north.may_take("S1", -88.0), "south has not answered"
    north.news.clear()
    south.news.clear()
    south.told("n", beat_of(north))
    assert south.news.is_set() and south.may_take("S1", -50.0)
    north.told("s", beat_of(south))
    assert north.news.is_set() and not north.may_take("S1", -88.0)
    south.news.clear()
    south.told("n", beat_of(north))
    assert not south.news.is_set(), "nothing new is not answered"
    now_s[0] += FRESH_S + 0.1
    north.hear("S1", -88.0)
    assert north.may_take("S1", -88.0), "south has fallen silent"


def link_of(own: Ownership, sensor: str, link: Link) -> None:
    own.follow(LinkChange(0.0, sensor, link))


def tell_each_other(north: Ownership, south: Ownership) -> None:
    for own, other in ((north, south), (south, north)):
        other.news.clear()
        own.told(other.name, beat_of(other))


def test_a_stronger_gateway_that_does_not_take_it_is_not_waited_for_ever() -> None:
    now_s = [0.0]
    north, south = (Ownership(name, now_s=lambda: now_s[0]) for name in ("n", "s"))
    taken = []
    for _ in range(30):
        south.may_take("S1", -50.0)
        north.told("s", beat_of(south))
        taken.append(north.may_take("S1", -80.0))
        now_s[0] += 0.1
    assert taken.index(True) == 21 or abs(taken.index(True) * 0.1 - PATIENCE_S) < 0.2


def beat_of(own: Ownership):
    from monitor.network.messages import GatewayBeat

    held, heard = own.told_here()
    return GatewayBeat(run=1, now_s=0.0, epoch_s=0.0, oldest=0, next=0, held=held, heard=heard)
