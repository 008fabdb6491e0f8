"""A sensor's clock that begins anew cuts its packets there: all are given on, each once, in order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitor.acquisition.batch import Packets
from monitor.acquisition.device_clocks import DeviceClocks
from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import find
from monitor.events import Notification
from monitor.simulation.packing import Packer

PROFILE = find("biogap-ultra")


def packets(device_s: list[float], at: list[int]) -> Packets:
    """EMG packets with these device times and numbers in the batch."""
    spec = PROFILE.packet("exg")
    packer = Packer(PROFILE, spec)
    counts = {
        name: np.zeros((len(at) * packer.samples_per_packet, len(stream.channels)), np.int64)
        for name, stream in PROFILE.streams_of(spec).items()
    }
    char = PROFILE.uuid(spec.chars[0])
    sent = [Notification(0.01 * i, "x", char, bytes_) for i, bytes_ in enumerate(packer.pack(counts, 0))]
    (group,) = Decoder(PROFILE).push_many(sent).groups
    return replace(group, at=np.array(at), places=replace(group.places, device_s=np.array(device_s)))


def pieces(group: Packets) -> list[list[float]]:
    found = DeviceClocks(PROFILE).pieces([group])
    return [each.places.device_s.tolist() for piece in found for each in piece if each.places.device_s is not None]


@pytest.mark.parametrize("at", [[0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0], [0, 2, 2, 2, 2, 5], [7, 7, 7, 8, 8, 8]])
def test_packets_that_share_their_number_are_cut_where_the_clock_begins_anew(at: list[int]):
    assert pieces(packets([50.0, 50.01, 2.0, 2.01, 0.5, 0.51], at)) == [[50.0, 50.01], [2.0, 2.01], [0.5, 0.51]]


def test_a_clock_that_goes_on_is_not_cut():
    times = [1.0, 1.01, 1.02, 1.03]
    assert pieces(packets(times, [0, 0, 1, 2])) == [times]
