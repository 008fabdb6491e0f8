"""How a travelling action potential of a muscle fibre looks on the skin, in closed form over spatial frequencies.

The muscle is an anisotropic half-space under an isotropic layer of fat with air above; fibres run parallel to the skin.
Transfer functions multiply, so layers, electrodes and the size of a motor unit are factors (the approach of Farina,
Mesin & Martina 2004, Med. Biol. Eng. Comput. 42:467-476; the solution for the two layers is our own). Not modelled:
electrodes' size, skin as a layer of its own, fibres that rise towards the skin (the pinnation of gastrocnemius).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

_ANISOTROPY = 6.0  # conductivity along / across the fibres; as coded in public Fuglevand models
_FAT_RATIO = 0.45  # conductivity of fat / of muscle across the fibres; assumed
_ACROSS_RAD_MM = (np.arange(64) + 0.5) * (1.2 / 64)  # where the integral over spatial frequencies across is taken


@dataclass(frozen=True, slots=True)
class Conductor:
    """What lies between fibres and electrodes of one channel.

    fat_mm : thickness of the fat under the skin
    inclination_deg : angle between the electrode pair and the fibres, seen from above
    electrode_distance_mm : between the two poles of the pair
    """

    fat_mm: float
    inclination_deg: float
    electrode_distance_mm: float

    def kernels(self, along_rad_mm: Floats, depth_mm: Floats, across_mm: Floats, radius_mm: Floats) -> Complex:
        """What a point current, spread over a unit's fibres, gives between the poles, over its way along the fibres.

        Spectra in arbitrary units, (n_units, n_places, n_along); 0 = the current is under the middle of the pair.
        along_rad_mm : spatial frequencies along the fibres, rad/mm
        depth_mm : (n_units, 2) highest and lowest fibres under the muscle's surface; evenly spread in between
        across_mm : (n_units, n_places) middle of each unit's fibres beside the electrode pair; radius_mm : their sd
        """
        angle = np.deg2rad(self.inclination_deg)
        aside_mm = 0.5 * self.electrode_distance_mm * np.sin(angle)
        ahead_mm = 0.5 * self.electrode_distance_mm * np.cos(angle)
        near, far = (self._pole(along_rad_mm, depth_mm, across_mm - side, radius_mm) for side in (aside_mm, -aside_mm))
        shift = np.exp(1j * along_rad_mm * ahead_mm)
        return near * shift - far / shift

    def _pole(self, along_rad_mm: Floats, depth_mm: Floats, across_mm: Floats, radius_mm: Floats) -> Floats:
        """One pole: the integral over the spatial frequencies across the fibres, (n_units, n_places, n_along)."""
        in_muscle = np.sqrt(_ACROSS_RAD_MM[:, None] ** 2 + _ANISOTROPY * along_rad_mm**2)
        layers = self._layers(along_rad_mm) / in_muscle
        beside = np.cos(across_mm[..., None] * _ACROSS_RAD_MM)
        beside *= np.exp(-0.5 * (radius_mm[:, None, None] * _ACROSS_RAD_MM) ** 2)
        step = _ACROSS_RAD_MM[1] - _ACROSS_RAD_MM[0]
        found = [
            np.einsum("px,xk->pk", seen, layers * (np.exp(-high * in_muscle) - np.exp(-low * in_muscle)) / (low - high))
            for seen, (high, low) in zip(beside, depth_mm, strict=True)
        ]
        return (step / np.pi) * np.stack(found)

    def _layers(self, along_rad_mm: Floats) -> Floats:
        """From the muscle's surface to the skin: (n_across, n_along)."""
        across = _ACROSS_RAD_MM[:, None]
        in_muscle, in_fat = np.sqrt(across**2 + _ANISOTROPY * along_rad_mm**2), np.hypot(across, along_rad_mm)
        fat = in_fat * self.fat_mm
        return 1.0 / (in_muscle * np.cosh(fat) + _FAT_RATIO * in_fat * np.sinh(fat))
