"""One leg in one place: its streams come in, its seconds close, its state and reasons come out.

A second closes when every stream that feeds the leg has spoken past it. A stream that has been silent for `wait_s` is
not waited for; what comes for a closed second counts as lost. So the answer depends on the events alone, never on how
they were cut or how fast they were played.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from monitor.chunk import Chunk, Stream
from monitor.contraction.ankle_angle import AnkleAngle, RecordedAngle
from monitor.contraction.gait import Activity, GaitSecond
from monitor.emg_path import EmgPath, EmgSecond
from monitor.leg_evidence import evidence_of, known, no_evidence
from monitor.limits import Limits
from monitor.picture import Picture
from monitor.position_gate import PositionGate, no_angle_yet
from monitor.settings import Settings
from monitor.stored import StoredLeg
from monitor.trend_memory import TrendMemory
from monitor.warning.context import Context, GroundWatch
from monitor.warning.evidence import Evidence
from monitor.warning.state import Remark, StateChange, StateMachine

WAIT_S = 0.5  # at real speed
MOST_WAITS = 10  # a stream that speaks, but this many times later than `wait_s` allows, is no longer waited for
_IMUS = ("shank", "foot")
_HISTORY_S = 600  # seconds that are kept whole
_ANGLE_TAIL_S = 0.3
_ANGLE_GONE_S = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class LegSecond:
    """One closed second of one leg, stamped at its end. gated: the ankle angle counted, if there was one."""

    time_s: float
    evidence: Evidence
    emg: EmgSecond | None
    angle: Chunk | None
    gait: GaitSecond | None
    score: float | None
    change: StateChange | None
    gated: bool
    remark: Remark | None = None


class Leg:
    """push() takes chunks of the leg's streams by role, advance() closes the seconds that are complete.

    roles : which of "emg", "shank", "foot", "angle" the leg has; both IMUs are needed for an angle.
    limits : what the EMG sensor can show.
    start_s : the leg is watched from here on; context : what is known about person and session.
    """

    def __init__(
        self,
        athlete: str,
        leg: str,
        roles: frozenset[str],
        settings: Settings,
        *,
        limits: Limits | None = None,
        stored: StoredLeg | None = None,
        calibration_window_s: tuple[float, float] | None = None,
        start_s: float = 0.0,
        context: Context | None = None,
    ) -> None:
        self.athlete, self.leg, self.roles, self.settings = athlete, leg, roles, settings
        self._waited_for = roles if roles.issuperset(_IMUS) else roles.difference(_IMUS)
        self.limits, self._stored, self._window_s = limits or Limits(), stored or StoredLeg(), calibration_window_s
        self.kept_notes: tuple[str, ...] = ()  # on the baseline of an earlier session
        self.path: EmgPath | None = None
        self.angle: AnkleAngle | RecordedAngle | None = None
        self._imu: dict[str, Stream] = {}
        self._imu_since_s: dict[str, int] = {}  # the second up to which the leg had closed when an IMU began
        self._held: list[tuple[str, Chunk]] = []  # IMU chunks that wait for the other IMU
        self._fed: dict[str, list[Chunk]] = {}  # chunks that wait to be drained, by role
        self._newest_s: dict[str, float] = {}
        self._spoke: set[str] = set()  # roles that samples came for since the last look
        self._arrival_s: dict[str, float] = {}
        self._crossed = False  # a stream has spoken past the open second since the last look
        self.context, self._ground = context or Context(), GroundWatch(settings.gait)
        self.position_gate = PositionGate(settings.angle)
        self.machine = StateMachine(athlete, leg, settings)
        self.first_change = self.machine.begin(start_s)
        self._closed_s = math.floor(start_s)
        self._angle_tail: Chunk | None = None
        self._angle_known_s = start_s
        self.late_samples = 0
        self.heard_s = -math.inf  # when the EMG sensor last sent anything; it is heard before its rate is known
        self.unusable = ""  # why what the EMG sensor sends serves for nothing
        self.picture = Picture()
        self.history: deque[LegSecond] = deque(maxlen=_HISTORY_S)
        self.trend, self.shortened_s = TrendMemory(), 0.0  # shortened_s : contraction in the shortened position so far

    @property
    def angle_note(self) -> str:
        """Why there is no angle, how it was calibrated, or why it does not count."""
        if self.angle is None:
            return no_angle_yet(self.roles)
        calibrating = self.angle.calibrated_share is not None  # what to do now is told first
        return self.position_gate.beside(self.angle.note, told_first=calibrating)

    @property
    def angle_source(self) -> str:
        """imu, recorded or none, as the contract says it."""
        if isinstance(self.angle, RecordedAngle):
            return "recorded"
        return "imu" if self.angle is not None and self.angle.calibration is not None else "none"

    def push(self, role: str, chunk: Chunk) -> None:
        """Take samples of one role; those that come after their second has closed are dropped and counted."""
        if not len(chunk):
            return
        self._spoke.add(role)
        first, begin_s, newest_s = 0, float(chunk.time_s[0]), self._newest_s.get(role, -math.inf)
        # what an IMU said while its rate was measured serves the calibration
        calibrates = role in _IMUS and self._imu_since_s.setdefault(role, self._closed_s) == self._closed_s
        if begin_s <= newest_s or (begin_s < self._closed_s and not calibrates):
            first = int(chunk.time_s.searchsorted(newest_s, side="right"))
            if not calibrates:
                first = max(first, int(chunk.time_s.searchsorted(self._closed_s)))
            self.late_samples += first
        if first < len(chunk):
            self._fed.setdefault(role, []).append(chunk[first:] if first else chunk)
            self._newest_s[role] = newest_s = float(chunk.time_s[-1])
            self._crossed = self._crossed or newest_s >= self._closed_s + 1

    def advance(self, now_s: float, wait_s: float) -> list[LegSecond]:
        """Close what can be closed at session time `now_s`."""
        if self._spoke:
            self._arrival_s |= dict.fromkeys(self._spoke, now_s)
            self._spoke.clear()
        if not (self._crossed or now_s - (self._closed_s + 1) >= wait_s):
            return []
        self._crossed = False
        if self._may_close(self._closed_s + 1, now_s, wait_s):
            self._drain()
        closed = []
        while self._may_close(self._closed_s + 1, now_s, wait_s):
            closed.append(self._close(self._closed_s + 1.0))
        return closed

    def _may_close(self, until_s: int, now_s: float, wait_s: float) -> bool:
        """Whether every stream has spoken past `until_s`, or is silent, or hopelessly late."""
        late_s = now_s - until_s
        return late_s >= MOST_WAITS * wait_s or all(
            self._newest_s.get(role, -math.inf) >= until_s
            or (late_s >= wait_s and now_s - self._arrival_s.get(role, -math.inf) >= wait_s)
            for role in self._waited_for
        )

    def finish(self) -> list[LegSecond]:
        """The source has ended: close the seconds that have begun to be seen."""
        self._drain()
        newest_s = max(self._newest_s.values(), default=0.0)
        return [self._close(second + 1.0) for second in range(self._closed_s, math.floor(newest_s + 0.02))]

    def _drain(self) -> None:
        """Let the stages work on what has come."""
        fed, self._fed = self._fed, {}
        for role in ("emg", "shank", "foot", "angle"):
            if role in fed:
                self._feed(role, Chunk.joined(fed[role]))

    def _feed(self, role: str, chunk: Chunk) -> None:
        if role == "emg":
            if self.path is None:
                self.path = EmgPath(chunk.stream, self.limits, self.settings, self._stored.emg)
            for name, shown in zip(("emg", "ticks", "gate"), self.path.push(chunk), strict=True):
                self.show(name, shown)
        elif role == "angle":
            if not isinstance(self.angle, RecordedAngle):
                self.angle = RecordedAngle(chunk.stream)
            self.angle.push(chunk)
        else:
            self._feed_imu(role, chunk)

    def _feed_imu(self, role: str, chunk: Chunk) -> None:
        self._imu[role] = chunk.stream
        self._held.append((role, chunk))
        if self.angle is None and len(self._imu) == 2:
            calibration = self._stored.calibration
            begin_s = min(float(self._closed_s), *(math.floor(held.time_s[0]) for _, held in self._held))
            window_s = self._window_s or (begin_s, begin_s + self.settings.angle.calibration_window_s)
            both, own = (self._imu["shank"], self._imu["foot"]), self.settings
            self.angle = AnkleAngle(
                *both,
                own.angle,
                calibration,
                window_s,
                start_s=float(self._closed_s),
                heard_s=begin_s,
                gait=own.gait,
                skew=own.skew,
            )
        if isinstance(self.angle, AnkleAngle):
            for its_role, held in self._held:
                (self.angle.push_shank if its_role == "shank" else self.angle.push_foot)(held)
            self._held = []
        elif len(self._held) > 100:  # the other IMU is missing
            self._held = self._held[-10:]

    def _close(self, until_s: float) -> LegSecond:
        """The second that ends at `until_s`; streams that did not reach it are filled with "nothing"."""
        angle = self._close_angle(until_s)
        if isinstance(self.angle, AnkleAngle):
            self.position_gate.skew_s = self.angle.skew_s
        gated = self.position_gate.close_second()
        gait = self.angle.gait if self.angle is not None else None
        swings = gait.swings if gait is not None and gait.activity is Activity.WALKING else ()
        emg = None
        if self.path is not None:
            if self._newest_s["emg"] < until_s:
                nothing = np.full((1, len(self.path.stream.channels)), np.nan)
                self._feed("emg", Chunk(self.path.stream, np.array([until_s]), nothing))
                self._newest_s["emg"] = until_s
            tail = self._angle_tail if gated else None
            times, degrees = np.empty(0), np.empty(0)
            if tail is not None:
                times, degrees = tail.time_s, tail.samples[:, 0].astype(np.float64)
            expected = gated and self._angle_expected(until_s)
            emg = self.path.close(until_s, times, degrees, expected, swings)
        self._closed_s = round(until_s)
        evidence = self._evidence(until_s, emg, known(self._ground.push(gait)))
        change = self.machine.push(evidence)
        second = LegSecond(until_s, evidence, emg, angle, gait, self.machine.score, change, gated, self.machine.remark)
        self.history.append(second)
        if emg is not None:
            self.trend.append(until_s, emg.mdf_hz, float(emg.compression[0]))
            self.shortened_s += emg.shortened_s
        return second

    def _angle_expected(self, until_s: float) -> bool:
        """Whether frames without an angle should wait for one; a sensor that is gone for long is no longer expected."""
        if self.angle is None:
            return False
        return self.angle.pending or (self.angle_source != "none" and until_s - self._angle_known_s < _ANGLE_GONE_S)

    def _close_angle(self, until_s: float) -> Chunk | None:
        if self.angle is None:
            return None
        angle = self.angle.advance(until_s)
        self.show("angle", angle)
        if np.isfinite(angle.samples).any() or self.angle.pending:
            self._angle_known_s = until_s
        tail = angle if self._angle_tail is None else Chunk.joined([self._angle_tail, angle])
        self._angle_tail = tail[int(np.searchsorted(tail.time_s, until_s - 1 - _ANGLE_TAIL_S)) :]
        return angle

    def _evidence(self, until_s: float, emg: EmgSecond | None, ground_share: float | None) -> Evidence:
        heard = self.heard_s >= until_s - 1
        if emg is None or self.path is None:
            evidence = no_evidence(until_s, heard, self.context, ground_share)
        else:
            evidence = evidence_of(until_s, self.leg, self.path, emg, self.settings, self.context, ground_share)
        if heard and self.unusable:
            return replace(evidence, packets=True, good=False, quality=(self.unusable,))
        return evidence

    def show(self, name: str, chunk: Chunk) -> None:
        """Keep the last seconds for the screen."""
        self.picture.add(name, chunk)

    def shown(self, name: str) -> Chunk | None:
        """The last ten seconds of emg, envelope, ticks, gate or angle; None = nothing yet."""
        self._drain()
        return self.picture.shown(name)

    def restart_baseline(self) -> None:
        """Forget the EMG baseline and gather a new one from now on; the ankle's calibration stays."""
        self._drain()
        self._stored, self.kept_notes = StoredLeg(None, self._stored.calibration), ()
        if self.path is not None:
            self.path = EmgPath(self.path.stream, self.limits, self.settings)
        self.machine.restart(float(self._closed_s))

    def calibrate(self) -> None:
        """Forget the ankle's calibration and look for another from now on; the EMG baseline stays."""
        self._drain()
        self._stored = StoredLeg(self._stored.emg, None)
        if isinstance(self.angle, AnkleAngle):
            self.angle.recalibrate(float(self._closed_s))

    def stored(self) -> StoredLeg:
        """What to keep for the next session with the same sensors in the same places."""
        calibration = self.angle.calibration if isinstance(self.angle, AnkleAngle) else None
        return StoredLeg(self.path.stored() if self.path else None, calibration)
