"""What can be wrong with a channel, and what is said of it."""

from __future__ import annotations

from enum import IntEnum


class Quality(IntEnum):
    """What is wrong with a channel; of several faults the first one here is told."""

    GOOD = 0
    LOST = 1
    RAILED = 2
    FLAT = 3
    LOSSY = 4
    NO_CONTACT = 5
    MOTION = 6
    MAINS = 7
    DEFORMED = 8
    TOO_QUIET = 9


SENTENCES = {
    Quality.LOST: "{label} {leg}: no data from the sensor",
    Quality.RAILED: "{label} {leg}: the signal is at its limit, press the electrode on or dry the skin",
    Quality.FLAT: "{label} {leg}: the signal is flat, is the electrode connected?",
    Quality.LOSSY: "{label} {leg}: too many samples are lost on the way, bring the receiver closer",
    Quality.NO_CONTACT: "{label} {leg}: electrode off, there is nothing but noise",
    Quality.MOTION: "{label} {leg}: the electrode moves on the skin, fasten it and its cable",
    Quality.MAINS: "{label} {leg}: mains hum covers the muscle, press the electrode on",
    Quality.DEFORMED: "{label} {leg}: the spectrum is not that of a muscle, check electrode and cable",
    Quality.TOO_QUIET: "{label} {leg}: too quiet for the sensor's resolution, check the electrode's place",
}
NOISE_SO_FAR = "{label} {leg}: nothing but noise so far: if the electrode is on, tense the calf twice"
