"""The calf's muscles by their channels' labels, and where SENIAM puts the electrodes.

Source: SENIAM 8 (1999), seniam.org, sensor locations of the lower leg.
"""

from __future__ import annotations

MUSCLES = {
    "GM": ("gastrocnemius medialis", "on the most prominent bulge of the muscle"),
    "GL": ("gastrocnemius lateralis", "at 1/3 of the line between the head of the fibula and the heel"),
    "SOL": ("soleus", "at 2/3 of the line between the medial condylis of the femur and the medial malleolus"),
    "TA": ("tibialis anterior", "at 1/3 of the line between the tip of the fibula and the tip of the medial malleolus"),
}


def muscle_of(label: str) -> tuple[str, str]:
    """Name of the muscle and SENIAM's place, by a channel's label; "n/a" where the label is none of the calf's."""
    return MUSCLES.get(label.upper().split(" ")[0], ("n/a", "n/a"))
