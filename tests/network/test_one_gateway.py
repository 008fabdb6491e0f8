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


def test_a_gateway_that_is_cut_off_is_lost_by_its_last_will_and_one_that_ends_says_so(tmp_path: Path) -> None:
    with running(plain_broker(tmp_path)) as broker:
        source = HubSource(broker.access)
        with Hub(source, ["S1", "S2"]):
            first = Post(broker.access, "gw1", played(["S1"], 60.0), ["S1"])
            with Post(broker.access, "gw2", played(["S2"], 60.0), ["S2"]):
                first.__enter__()
                until(
                    lambda: {"gw1", "gw2"} <= source.merge.lanes.keys() and not source.notes(), 20.0, "both are heard"
                )
                line = first.gateway._connection._client  # as if its computer lost its power
                line.loop_stop()
                sock = line.socket()
                assert sock is not None
                sock.close()
                until(lambda: source.merge.lanes["gw1"].gone, 10.0, "the broker tells its last will")
                assert [note for note in source.notes() if "gw1" in note and "gateway lost" in note]
            until(lambda: "gateway gw2: has ended" in source.notes(), 10.0, "it says farewell")
            first.gateway.stop()
            first.engine.join(10.0)
            first.gateway._ending.set()
            first.gateway._thread.join()
        assert next(iter(source.lines()), "")
