"""What a lower leg does: the movements that a scenario is made of, as curves over one repetition.

Angles: ankle dorsiflexion +, plantarflexion -; shank pitch + = leaning forward. Drive: 1 = all that the calf can give.
"""

from __future__ import annotations

from monitor.simulation.cycle import Movement
from monitor.simulation.exercises import EXERCISES
from monitor.simulation.gaits import GAITS

MOVEMENTS: dict[str, Movement] = EXERCISES | GAITS
