"""What was lost on the way is said where the wall and the terminal tell of the network."""

from __future__ import annotations

import time

from monitor.network.address import Broker
from monitor.network.connection import Access
from monitor.network.hub import HubSource
from monitor.network.losses import NEWS_S, Losses
from monitor.network.messages import GatewayBeat

OWN = "its own recording has them"


def hub() -> HubSource:
    return HubSource(Access(Broker("127.0.0.1", 1, tls=False)))


def receive(source: HubSource, what: str, content: bytes) -> None:
    source._receive(f"crampwatch/1/gateway/gw1/{what}", content, time.monotonic())


def beat(oldest: int) -> bytes:
    return GatewayBeat(run=1, now_s=1.0, epoch_s=0.0, oldest=oldest, next=oldest).text()


def test_a_hub_says_that_blocks_were_given_up_and_again_when_they_are_ten_times_as_many() -> None:
    source, told = hub(), []
    for oldest in (0, 12, 13, 14, 400):
        receive(source, "beat", beat(oldest))
        told += [line for line in source.lines() if "given up" in line]
    assert told == [f"of gateway gw1: {n} block(s) were given up; {OWN}" for n in (12, 400)]
    assert told[-1] in source.notes()


def test_a_hub_says_that_messages_cannot_be_read() -> None:
    source = hub()
    receive(source, "beat", beat(0))
    receive(source, "block", b"rubbish" * 10)
    assert "messages that cannot be read: 1, the newest because what came is no block of Crampwatch" in source.notes()


def test_what_was_lost_is_news_for_a_while_and_ends_without_a_word() -> None:
    losses, source = Losses(), hub()
    losses.give_up(3, 10.0)
    losses.come_late(20.0)
    assert losses.told(20.0) == f"3 block(s) were given up, 1 packet(s) came too late for this session; {OWN}"
    assert losses.told(11.0 + NEWS_S) == f"1 packet(s) came too late for this session; {OWN}"
    assert losses.told(21.0 + NEWS_S) == ""
    receive(source, "beat", beat(0))
    receive(source, "beat", beat(1))
    assert [line for line in source.lines() if "given up" in line]
    source.merge.lanes["gw1"].losses._given_up_s = -NEWS_S
    assert not list(source.lines())
