"""How tired the calf is: spectra of its contractions against the athlete's own baseline at equal angle and effort."""
