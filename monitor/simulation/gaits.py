"""Walking, running, sprinting: what the lower leg does in one stride, from heel strike to heel strike.

Walking after Winter 1991 (The Biomechanics and Motor Control of Human Gait) and Perry 1992 (Gait Analysis): the calf
works from about 10 to 50 % of the stride, on a dorsiflexed ankle, and is nearly silent when the ankle points at
toe-off. Strides of running 75-95 a minute; the shapes of running, sprinting and limping and all efforts are assumed.
"""

from __future__ import annotations

from monitor.simulation.cycle import Cycle, Movement

GAITS: dict[str, Movement] = {
    "walk": Movement(
        period_s=1.12,
        angle_deg=Cycle(
            (0, 0), (0.08, -8), (0.3, 7), (0.44, 14.5), (0.62, -22), (0.8, 2.5), (0.95, 1), (1, 0), smoothing=0.025
        ),
        shank_deg=Cycle(
            (0, -17), (0.12, -8), (0.3, 8), (0.45, 17), (0.62, 43), (0.72, 42), (0.93, -20), (1, -17), smoothing=0.03
        ),
        drive=Cycle(
            (0, 0),
            (0.1, 0.01),
            (0.2, 0.1),
            (0.36, 0.27),
            (0.43, 0.27),
            (0.51, 0.02),
            (0.55, 0),
            (1, 0),
            smoothing=0.015,
        ),
        travel_m=Cycle((0, 0), (0.52, -0.66), (0.95, 0.06), (1, 0), smoothing=0.04),
        lift_m=Cycle((0, 0), (0.42, 0), (0.66, 0.17), (0.85, 0.04), (1, 0), smoothing=0.04),
        contact=Cycle((0, 0.5), (0.1, 1), (0.42, 1), (0.6, 0), (0.92, 0), (1, 0.5), smoothing=0.02),
        on_toes=False,
        alternating=True,
        impact=1.0,
        toe_off=0.62,
        wobble_deg=2.5,
    ),
    "run": Movement(
        period_s=0.71,
        angle_deg=Cycle(
            (0, 4), (0.05, 3), (0.12, 13), (0.19, 20), (0.35, -21), (0.5, -7), (0.8, 6), (1, 4), smoothing=0.022
        ),
        shank_deg=Cycle(
            (0, -9),
            (0.05, -2),
            (0.12, 12),
            (0.2, 25),
            (0.34, 50),
            (0.55, 92),
            (0.65, 84),
            (0.92, -14),
            (1, -9),
            smoothing=0.025,
        ),
        drive=Cycle(
            (0, 0.2),
            (0.06, 0.42),
            (0.14, 0.55),
            (0.2, 0.5),
            (0.27, 0.05),
            (0.31, 0),
            (0.92, 0),
            (1, 0.2),
            smoothing=0.012,
        ),
        travel_m=Cycle((0, 0), (0.31, -0.72), (0.92, 0.05), (1, 0), smoothing=0.04),
        lift_m=Cycle((0, 0), (0.22, 0), (0.4, 0.16), (0.6, 0.4), (0.85, 0.12), (1, 0), smoothing=0.04),
        contact=Cycle((0, 0.5), (0.05, 1), (0.2, 1), (0.34, 0), (0.92, 0), (1, 0.5), smoothing=0.02),
        on_toes=False,
        alternating=True,
        impact=3.0,
        toe_off=0.36,
        wobble_deg=3.5,
    ),
    "sprint": Movement(
        period_s=0.52,
        angle_deg=Cycle(
            (0, -2), (0.05, 3), (0.13, 16), (0.32, -26), (0.5, -8), (0.8, 5), (0.94, 0), (1, -2), smoothing=0.025
        ),
        shank_deg=Cycle(
            (0, -6), (0.06, 4), (0.13, 18), (0.3, 55), (0.52, 105), (0.62, 98), (0.92, -14), (1, -6), smoothing=0.03
        ),
        drive=Cycle(
            (0, 0.55),
            (0.05, 0.8),
            (0.14, 0.85),
            (0.2, 0.6),
            (0.26, 0.05),
            (0.3, 0),
            (0.88, 0),
            (1, 0.55),
            smoothing=0.012,
        ),
        travel_m=Cycle((0, 0), (0.26, -0.8), (0.9, 0.08), (1, 0), smoothing=0.045),
        lift_m=Cycle((0, 0), (0.18, 0), (0.38, 0.2), (0.56, 0.5), (0.84, 0.16), (1, 0), smoothing=0.045),
        contact=Cycle((0, 0.5), (0.05, 1), (0.16, 1), (0.28, 0), (0.92, 0), (1, 0.5), smoothing=0.02),
        on_toes=False,
        alternating=True,
        impact=4.5,
        toe_off=0.3,
        wobble_deg=4.5,
    ),
    "limp": Movement(  # short steps on a flat foot that spare the calf
        period_s=1.35,
        angle_deg=Cycle((0, 0), (0.3, 4), (0.5, 7), (0.66, -6), (0.85, 2), (1, 0), smoothing=0.03),
        shank_deg=Cycle((0, -8), (0.3, 4), (0.5, 9), (0.68, 22), (0.9, -10), (1, -8), smoothing=0.035),
        drive=Cycle((0, 0), (0.2, 0.03), (0.4, 0.09), (0.5, 0.08), (0.6, 0), (1, 0), smoothing=0.02),
        travel_m=Cycle((0, 0), (0.6, -0.36), (0.95, 0.03), (1, 0), smoothing=0.04),
        lift_m=Cycle((0, 0), (0.55, 0), (0.75, 0.08), (0.9, 0.02), (1, 0), smoothing=0.04),
        contact=Cycle((0, 0.5), (0.1, 1), (0.5, 1), (0.65, 0), (0.92, 0), (1, 0.5), smoothing=0.02),
        on_toes=False,
        alternating=True,
        impact=0.6,
        toe_off=0.66,
        wobble_deg=3.0,
    ),
}
