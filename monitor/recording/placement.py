"""Where EMG electrodes of the calf stand, in SENIAM's words, and what ISEK and CEDE ask a report to name.

Source: Merletti (ISEK) 1999; Besomi et al. (CEDE) 2019, J. Electromyogr. Kinesiol. 48:128-144.
"""

from __future__ import annotations

from typing import Any

from monitor.muscles import muscle_of

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
