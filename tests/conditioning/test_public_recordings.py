"""Every public channel that its index calls good is good, every unplugged or railed one is unusable with its reason."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from public_recordings import recordings
from quality_table import FAULTS, judged, with_fault

from monitor.conditioning.faults import Quality

FAST = ("biomechzoo", "bmc_", "btk_", "synergies", "uci_5", "S6_", "bsnb_emg_bursts")


def test_what_the_index_says_is_what_the_rules_say(shared: Path):
    found = [
        each
        for each in recordings(shared / "data")
        if each.expected is not None and any(map(str(each).startswith, FAST))
    ]
    assert len(found) > 45
    assert {str(each): judged(each.emg)[1] for each in found} == {str(each): each.expected for each in found}


def test_the_unplugged_and_railed_ones_are_called_so_live_within_their_two_seconds(shared: Path):
    bad = [each for each in recordings(shared / "data") if each.expected in (Quality.NO_CONTACT, Quality.RAILED)]
    assert len(bad) == 12
    assert {str(each): judged(each.emg)[2] for each in bad} == {str(each): each.expected for each in bad}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_added_to_a_good_recording_is_called_by_its_name(shared: Path, fault: str):
    wanted = ("btk_1123x01EMG.c3d Left Tib", "synergies_treadmill_walk.csv GM", "S6_EMG_calf_raises1_2000Hz.npz ch1")
    for recorded in recordings(shared / "data"):
        if str(recorded).startswith(wanted):
            assert judged(with_fault(recorded, fault))[1] in FAULTS[fault][1], str(recorded)
