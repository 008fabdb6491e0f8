"""What is known about one leg at the end of one second: the only input of score and state."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from monitor.warning.context import Context


class Verdict(IntEnum):
    """What a second of EMG says about sustained activity, and why."""

    NOTHING = 0
    ASK = 1  # sustained, and nothing says that it is involuntary
    ONE_HEAD = 2
    NO_PAUSE = 3  # while the ankle moves as in gait
    FROM_REST = 4  # it began in a pointed foot that rested

    @property
    def cramp(self) -> bool:
        """Whether it is told as a cramp."""
        return self >= Verdict.ONE_HEAD


@dataclass(frozen=True, slots=True)
class CrampReading:
    """What a second says about sustained activity; `cramp.CrampWatch` says how each is measured. None = unknown.

    channel : the one that leads. ankle_deg, ankle_dps : where it is and how fast it moves.
    fallen_s, fallen_to : for how long the contraction that is watched has been down, and its level against its own.
    turned_deg : dorsiflexion since it was found. unsustained_s : since it was last seen to be sustained.
    """

    verdict: Verdict
    sustained_s: float
    channel: str
    above_rest: float
    effort: float
    stands_out_db: float | None
    steadiness: float
    ankle_deg: float | None
    ankle_dps: float | None
    fallen_s: float
    fallen_to: float | None
    turned_deg: float | None
    unsustained_s: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """None = unknown, never 0. Times in session seconds."""

    time_s: float
    packets: bool  # any sample of the EMG in this second
    good: bool  # at least one EMG channel is usable
    quality: tuple[str, ...]  # plain sentences on the channels that are not
    calibration_fraction: float  # 1 = the baseline is usable
    compression: float | None  # spectral scale against baseline, 1 = unchanged
    stale: bool  # too few contractions lately to say
    baseline_hz: float | None = None
    quiet_ratio: float | None = None
    twitches_per_min: float | None = None
    twitch_baseline_per_min: float | None = None
    shortened_share: float | None = None  # of the last five minutes
    spectral: bool = True  # the sensor's rate can show a spectral shift
    relaxation_z: float | None = None  # of the last contractions, sd of their own kinds
    relaxation_of: int = 0  # how many
    tonic_s_per_min: float | None = None  # of quiet time
    dose_min: float | None = None  # shortened contraction, what is long ago counting less
    cramp: CrampReading | None = None  # None: no channel can say
    compression_sd: float | None = None  # standard error of ln compression
    matched: bool = True  # contractions are compared at equal ankle angle, not at equal effort alone
    rebased: bool = False  # the electrodes had moved: the baseline is younger than the session's fatigue
    beyond: float | None = None  # amplitude against the baseline's, where lately only unknown efforts were seen
    since_cramp_s: float | None = None  # since the last cramp of this leg let go; None = none yet
    ground_share: float | None = None  # of the last minutes' strides: steep or rough
    context: Context = field(default_factory=Context)
