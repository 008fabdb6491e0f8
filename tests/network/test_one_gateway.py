"""From a gateway over a real broker to a hub: the same events, so the same states."""

from __future__ import annotations

from pathlib import Path

from broker_rig import Hub, Post, fed_again, plain_broker, played, running, said, until

from monitor.network.hub import HubSource


def test_a_hub_is_fed_what_its_gateway_was_to_the_last_bit(tmp_path: Path) -> None:
    sensors = ["S1", "S2"]
    with running(plain_broker(tmp_path)) as broker:
        post = Post(broker.access, "gw1", played(sensors, 6.0), sensors)
        with post, Hub(HubSource(broker.access), sensors) as hub:
            until(lambda: post.engine.session.now_s >= 5.9, 20.0, "the gateway's session ends")
            until(lambda: hub.engine.session.now_s >= 5.9, 20.0, "the hub gets it")
    sent, got = post.heard.events, hub.heard.events
    n = min(len(sent), len(got)) - 2
    assert n > 900
    assert got[1 : n + 1] == sent[:n]  # a hub's engine begins with a heartbeat of its own
    assert said(hub.engine.session) == said(fed_again(got, sensors))
    assert len(said(hub.engine.session)) >= 8
