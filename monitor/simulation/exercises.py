"""Exercises, postures and rest of the lower leg. Efforts, tempos and shapes are assumed.

Three of them look like a cramp and are none: `tiptoe` (both heads, the body's weight on the toes), `lean` (the calf's
tone of somebody who stands leaning forward) and `push` (a sustained press against something that does not give).
"""

from __future__ import annotations

from monitor.simulation.cycle import Cycle, Movement


def _posture(value: float, smoothing: float = 0.01) -> Cycle:
    """Taken up in the first 7 % of the bout, left in the last 5 %."""
    return Cycle((0, 0), (0.01, 0), (0.07, value), (0.94, value), (0.99, 0), (1, 0), smoothing=smoothing)


EXERCISES: dict[str, Movement] = {
    "stand": Movement(),
    "pumps": Movement(
        period_s=1.9,
        angle_deg=Cycle(
            (0, 0), (0.05, 0), (0.27, -27), (0.35, -27), (0.68, 13), (0.75, 13), (0.97, 0), (1, 0), smoothing=0.03
        ),
        shank_deg=Cycle((0, 0), (0.3, 1.5), (0.7, -1), (1, 0), smoothing=0.05),
        drive=Cycle((0, 0), (0.02, 0), (0.1, 0.2), (0.3, 0.2), (0.38, 0), (1, 0), smoothing=0.012),
        on_toes=False,
        wobble_deg=1.0,
    ),
    "raises": Movement(
        period_s=2.4,
        angle_deg=Cycle((0, 0), (0.06, 0), (0.36, -28.5), (0.58, -28.5), (0.92, 0), (1, 0), smoothing=0.03),
        shank_deg=Cycle((0, 0), (0.06, 0), (0.36, 4), (0.58, 4), (0.92, 0), (1, 0), smoothing=0.04),
        drive=Cycle(
            (0, 0),
            (0.025, 0),
            (0.1, 0.45),
            (0.3, 0.62),
            (0.55, 0.55),
            (0.66, 0.35),
            (0.86, 0.2),
            (0.92, 0),
            (1, 0),
            smoothing=0.012,
        ),
        wobble_deg=1.5,
    ),
    "hold": Movement(
        angle_deg=Cycle((0, 0), (0.05, 0), (0.15, -23), (0.85, -22), (0.96, 0), (1, 0), smoothing=0.015),
        shank_deg=Cycle((0, 0), (0.05, 0), (0.15, 3), (0.85, 3), (0.96, 0), (1, 0), smoothing=0.015),
        drive=Cycle((0, 0), (0.035, 0), (0.12, 0.42), (0.85, 0.42), (0.93, 0), (1, 0), smoothing=0.01),
        wobble_deg=0.5,
    ),
    "tiptoe": Movement(  # long and not quite steady
        angle_deg=Cycle((0, 0), (0.03, 0), (0.1, -21), (0.5, -18), (0.9, -20), (0.97, 0), (1, 0), smoothing=0.012),
        shank_deg=Cycle((0, 0), (0.03, 0), (0.1, 2), (0.5, 3), (0.9, 2), (0.97, 0), (1, 0), smoothing=0.012),
        drive=Cycle((0, 0), (0.025, 0), (0.08, 0.33), (0.5, 0.38), (0.9, 0.35), (0.95, 0), (1, 0), smoothing=0.01),
        wobble_deg=1.2,
    ),
    "push": Movement(  # sitting, pressing the foot against a wall: the ankle hardly moves
        angle_deg=_posture(-4.0),
        shank_deg=_posture(-25.0),
        drive=_posture(0.4),
        on_toes=False,
    ),
    "lean": Movement(
        angle_deg=_posture(5.0),
        shank_deg=_posture(5.0),
        drive=_posture(0.1),
    ),
    "kicks": Movement(  # the leg swings back, then forward within 0.12 s; the foot points as it hits
        period_s=3.2,
        angle_deg=Cycle(
            (0, 0), (0.1, 0), (0.2, 8), (0.25, -24), (0.3, -30), (0.45, -4), (0.6, 0), (1, 0), smoothing=0.01
        ),
        shank_deg=Cycle(
            (0, 0), (0.06, 8), (0.2, 92), (0.236, -42), (0.28, -54), (0.45, -8), (0.6, 0), (1, 0), smoothing=0.004
        ),
        drive=Cycle((0, 0), (0.18, 0), (0.21, 0.5), (0.26, 0.65), (0.31, 0.1), (0.34, 0), (1, 0), smoothing=0.006),
        travel_m=Cycle((0, 0), (0.18, -0.35), (0.3, 0.4), (0.55, 0), (1, 0), smoothing=0.025),
        lift_m=Cycle((0, 0), (0.1, 0.04), (0.2, 0.3), (0.3, 0.28), (0.5, 0), (1, 0), smoothing=0.025),
        on_toes=False,
        alternating=True,
        wobble_deg=5.0,
    ),
    "stretch": Movement(
        angle_deg=Cycle((0, 0), (0.01, 0), (0.08, 18), (0.92, 19), (0.99, 0), (1, 0), smoothing=0.01),
        shank_deg=Cycle((0, 0), (0.01, 0), (0.08, 18), (0.92, 19), (0.99, 0), (1, 0), smoothing=0.01),
    ),
    "point": Movement(  # sitting, the foot hangs pointed and relaxed: the calf is short and at rest
        angle_deg=Cycle((0, 0), (0.01, 0), (0.06, -18), (0.95, -18), (0.99, 0), (1, 0), smoothing=0.01),
        on_toes=False,
    ),
    "pull": Movement(  # lying face down, the foot pointed and pulled as hard as it goes, against nothing
        angle_deg=_posture(-28.0),
        drive=_posture(0.85),
        on_toes=False,
    ),
    "sit": Movement(  # the feet flat on the ground
        angle_deg=_posture(3.0),
        shank_deg=_posture(3.0),
        on_toes=False,
    ),
}
