"""Markers from other programs of this machine."""

from __future__ import annotations

import queue
import socket

import pytest

from monitor.acquisition.udp_markers import LONGEST, MOST_PER_S, UdpMarkers
from monitor.errors import CrampwatchError
from monitor.orders import BaselineOrder, baseline_marker


def send(port: int, *contents: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for content in contents:
            sender.sendto(content, ("127.0.0.1", port))


def test_a_text_is_marked_and_what_is_none_is_refused():
    heard: queue.Queue[str] = queue.Queue()
    with UdpMarkers(0, heard.put) as markers:
        wrong = (
            b"",
            b"\xff\xfe",
            b"x" * (LONGEST + 1),
            b"two\nlines",
            b"Calibrate: A7 left",
            b"Taken back: cramp: A7 left",
            *(baseline_marker(order, "A7", "left").encode() for order in BaselineOrder),
        )
        send(markers.port, *wrong, "crampé left\n".encode())
        assert heard.get(timeout=10) == "crampé left"
        assert heard.empty() and markers.n_refused == len(wrong)


def test_a_flood_does_not_fill_the_session():
    heard: queue.Queue[str] = queue.Queue()
    with UdpMarkers(0, heard.put) as markers:
        send(markers.port, *[b"%d" % n for n in range(10 * MOST_PER_S)])
        assert heard.get(timeout=10) == "0"
    assert heard.qsize() <= 3 * MOST_PER_S  # of at most three seconds


def test_it_listens_on_loopback_alone_and_says_when_the_port_is_taken():
    with UdpMarkers(0, print) as markers:
        assert markers._socket.getsockname()[0] == "127.0.0.1"
        with pytest.raises(CrampwatchError, match="UDP port"):
            UdpMarkers(markers.port, print)
