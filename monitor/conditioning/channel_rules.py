"""The rules of quality for one channel: each fault a ratio with an entering and a leaving threshold."""

from __future__ import annotations

import math
from collections import deque

from monitor.conditioning.contact import RestNoise
from monitor.conditioning.faults import Quality
from monitor.conditioning.windows import WINDOW_S
from monitor.settings import QualitySettings

_NAN = math.nan
_UNKNOWN = (_NAN,) * 5
# read once: at every look an Enum is slow to give its members
_GOOD, _, _RAILED, _FLAT, _LOSSY, _NO_CONTACT, _MOTION, _MAINS, _DEFORMED, _TOO_QUIET = Quality
_N_MAINS = 8  # windows
# with these the level is not the muscle's
_HELD = (_RAILED, _FLAT)
_UNTRUE = {
    _RAILED,
    _FLAT,
    _LOSSY,
    _NO_CONTACT,
    _MOTION,
}
_LEAST = 1e-3  # of a band: what is left at least when the mains is taken out


class ChannelRules:
    """push() takes one half-second window of one channel and gives two codes: `now` and `window`.

    now : what holds from the window's end on. window : what is wrong with this window by itself; it should not count in
    features even where it is too early for a verdict.
    unit : of the EMG; only where it is uV a line can be too small to matter.
    sees_noise : whether the rate lets a muscle be told from white noise.
    """

    def __init__(self, unit: str, sees_noise: bool, settings: QualitySettings) -> None:
        s = self._settings = settings
        self._sees_noise = sees_noise
        self._least_mains = s.mains_least_uv**2 if unit == "uV" else 0.0
        self._limits = {
            _RAILED: (s.rail_enter, s.rail_leave),
            _FLAT: (0.5, 0.5),
            _LOSSY: (s.loss_enter, s.loss_leave),
            _NO_CONTACT: (s.noise_enter, s.noise_leave),
            _MOTION: (s.motion_enter, s.motion_leave),
            _MAINS: (s.mains_enter, s.mains_leave),
            _DEFORMED: (s.deformed_enter, s.deformed_leave),
            _TOO_QUIET: (1 / s.resolution_enter, 1 / s.resolution_leave),
        }
        self._keep = math.exp(-WINDOW_S / s.loudest_s)
        self._hold = round(s.hold_s / WINDOW_S)
        self._faults: dict[Quality, int] = {}  # windows for which each fault is still held
        self._fifty: deque[float] = deque(maxlen=_N_MAINS)
        self._sixty: deque[float] = deque(maxlen=_N_MAINS)
        n_lost = round(s.loss_window_s / WINDOW_S)
        self._lost: deque[float] = deque([0.0] * n_lost, maxlen=n_lost)
        self._before = _UNKNOWN
        self._hum = _NAN  # power of the mains while the electrode is on
        self._hangs = False  # in the window before
        self._whole = n_lost  # windows without loss in a row
        self._loudest = 0.0
        self._age = 0
        self.rest = RestNoise(settings)

    def push(self, row: list[float]) -> tuple[Quality, Quality]:
        """Judge the next window; row: the `KINDS` of it."""
        known, still, railed, step, *sums = row
        self._age += 1
        alone = _GOOD
        self._decide(_LOSSY, self._lost_share(known))
        if railed == railed:  # not NaN
            self._decide(_RAILED, railed)
            self._decide(_FLAT, still)
            if not still:
                alone = self._spectral(sums, step, railed)
        if not self._faults:
            return _GOOD, alone
        now = min(self._faults)
        return now, now

    def _decide(self, fault: Quality, ratio: float) -> None:
        """Hysteresis; rails and flatness are held for a while after. A ratio that is not known changes nothing."""
        enter, leave = self._limits[fault]
        if fault not in self._faults:
            if ratio > enter:
                self._faults[fault] = self._hold if fault in _HELD else 0
        elif ratio <= leave:
            self._faults[fault] -= 1
            if self._faults[fault] <= 0:
                del self._faults[fault]
        elif fault in _HELD:
            self._faults[fault] = self._hold

    def _spectral(self, sums: list[float], step: float, railed: float) -> Quality:
        """Judge what the spectrum says; gives what the window is by itself: noise, movement or good."""
        s = self._settings
        power, m1, m2, movement, upper, below, *lines = sums
        if self._in_the_air(max(lines[0], lines[3]), power):
            return _NO_CONTACT
        mains, (power, m1, m2) = self._without_mains((power, m1, m2), lines)
        rms = math.sqrt(power)
        share = self._noise_share(min(upper, below) / power, rms, step)
        noisy, moved = share > s.noise_enter, movement > s.motion_enter * power
        power_0, m1_0, m2_0, movement_0, share_0 = self._before
        self._before = (power, m1, m2, movement, share)
        self._loudest *= self._keep
        if not (noisy or moved or railed > s.rail_enter) and not (self._faults and self._faults.keys() & _UNTRUE):
            self._loudest = max(self._loudest, rms)
        loudest = max(self._loudest, 1e-12) ** 2
        self._decide(_NO_CONTACT, 0.5 * (share + share_0))
        self._decide(_MOTION, (movement + movement_0) / (power + power_0))
        if mains == mains:  # not NaN
            self._hum = mains
            self._decide(_MAINS, mains / loudest if mains > self._least_mains else 0.0)
        if power > s.active_fraction * loudest:
            self._decide(_DEFORMED, math.sqrt((m2 + m2_0) * (power + power_0)) / (m1 + m1_0))
        if self._age * WINDOW_S >= s.resolution_after_s:
            self._decide(_TOO_QUIET, step / max(self._loudest, 1e-12) if step < math.inf else 0.0)
        return _NO_CONTACT if noisy else _MOTION if moved else _GOOD

    def _in_the_air(self, hum: float, power: float) -> bool:
        """Whether the mains has jumped far above all that it and the muscle were: an input that hangs in the air.

        Two such windows in a row are an electrode that is off; nothing else is learnt from them.
        """
        s = self._settings
        jumped = hum > s.hang_jump * self._hum and hum > max(self._loudest**2, self._least_mains)
        before, self._hangs = self._hangs, jumped and hum > s.hang_share * power
        if self._hangs:
            self._before = _UNKNOWN
            self._decide(_NO_CONTACT, 1.0 if before else _NAN)
        return self._hangs

    def _without_mains(
        self, moments: tuple[float, float, float], lines: list[float]
    ) -> tuple[float, tuple[float, float, float]]:
        """The power of the mains, and power and moments without it.

        It is what stands out in the middle half of the last eight windows, 50 or 60 Hz, whichever is more: a burst of
        EMG has chance lines in one window, the mains the same in all. Unknown after the first window.
        """
        self._fifty.append(lines[0])
        self._sixty.append(lines[3])
        if len(self._fifty) == 1:
            return _NAN, moments
        fifty, sixty = _lasting(sorted(self._fifty)), _lasting(sorted(self._sixty))
        which, mains = (0, fifty) if fifty >= sixty else (3, sixty)
        if mains <= 0 or lines[which] <= 0:
            return max(mains, 0.0), moments
        share = min(mains / lines[which], 1.0)  # no more than this window holds
        power, m1, m2 = moments
        return mains, (
            max(power - share * lines[which], _LEAST * power),
            max(m1 - share * lines[which + 1], _LEAST * m1),
            max(m2 - share * lines[which + 2], _LEAST * m2),
        )

    def _noise_share(self, share: float, rms: float, step: float) -> float:
        """How much of the power is noise as from an open input; 0 where it may be so without harm."""
        if not self._sees_noise:
            return 0.0
        harmless = self.rest.push(share > self._settings.noise_leave, rms)
        return 0.0 if harmless or rms < self._settings.resolution_enter * step else share

    def _lost_share(self, known: float) -> float:
        """Lost in the last five seconds; an outage of a whole window starts the count anew."""
        if known <= 0:
            self._lost.extend([0.0] * len(self._lost))
            self._whole = len(self._lost)
            return _NAN
        if known < 1:
            self._whole = 0
        elif self._whole >= len(self._lost):
            return 0.0
        self._whole += known == 1
        self._lost.append(1 - known)
        return sum(self._lost) / len(self._lost)


def _lasting(ordered: list[float]) -> float:
    """The mean of the middle half; the least of two, the middle of three."""
    n = len(ordered)
    if n < 4:
        return ordered[n // 2 if n == 3 else 0]
    middle = ordered[n // 4 : n - n // 4]
    return sum(middle) / len(middle)
