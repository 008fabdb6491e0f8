"""Where EMG electrodes of the calf stand, in SENIAM's words, and what ISEK and CEDE ask a report to name.

Source: SENIAM 8 (1999), seniam.org, sensor locations of the lower leg; Merletti (ISEK) 1999; Besomi et al. (CEDE) 2019,
J. Electromyogr. Kinesiol. 48:128-144.
"""

from __future__ import annotations

from typing import Any

MUSCLES = {
    "GM": ("gastrocnemius medialis", "on the most prominent bulge of the muscle"),
    "GL": ("gastrocnemius lateralis", "at 1/3 of the line between the head of the fibula and the heel"),
    "SOL": ("soleus", "at 2/3 of the line between the medial condylis of the femur and the medial malleolus"),
    "TA": ("tibialis anterior", "at 1/3 of the line between the tip of the fibula and the tip of the medial malleolus"),
}
REPORTING = (  # fields of the ISEK standard and the CEDE checklist that a recording cannot know by itself
    "electrode_material",
    "electrode_shape",
    "electrode_size_mm",
    "interelectrode_distance_mm",
    "skin_preparation",
    "reference_electrode",
    "orientation_along_fibres",
    "normalisation",
)


def muscle_of(label: str) -> tuple[str, str]:
    """Name of the muscle and SENIAM's place, by a channel's label; "n/a" where the label is none of the calf's."""
    return MUSCLES.get(label.upper().split(" ")[0], ("n/a", "n/a"))


def placement(labels: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """What a recording says about electrodes. labels : of each sensor's EMG channels, by source_id.

    What nobody has told stands there as None, so that it can be filled in and is seen to be missing.
    """
    return {
        source: {
            label: {"muscle": muscle_of(label)[0], "seniam": muscle_of(label)[1]} | dict.fromkeys(REPORTING)
            for label in channels
        }
        for source, channels in labels.items()
    }
