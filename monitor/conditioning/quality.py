"""Can a channel be used? One code per channel and 20 ms tick."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.conditioning.faults import Quality
from monitor.conditioning.hum import HumWatch
from monitor.conditioning.hum_power import HumPower
from monitor.conditioning.tick_faults import TickFaults
from monitor.conditioning.verdicts import QualityVerdicts
from monitor.conditioning.windows import QualityWindows
from monitor.grid import TICK_S
from monitor.settings import QualitySettings


class ChannelQuality:
    """What is wrong with each channel, as codes of `Quality` at 50 Hz stamped at the tick's end.

    emg : Stream                   EMG as it came, uV or counts
    rails : (low, high) | None     the sensor's limits in the stream's unit; None = unknown, its own extremes serve
    Two looks at the same samples: each tick by itself (`TickFaults`: lost, railed, flat) and half-second windows
    (`QualityVerdicts`: all that needs a spectrum or a history), whose verdict holds from the end of the window on,
    until the next. So an electrode that comes off is called off after 0.5 to 1.5 s, and an input at its limit at once.
    verdicts : what the windows that the last push closed said, see `QualityVerdicts`; hum, hum_power : likewise, see
    `HumWatch` and `HumPower`.
    """

    def __init__(self, emg: Stream, rails: tuple[float, float] | None, settings: QualitySettings) -> None:
        self.input = emg
        self._ticks = TickFaults(emg, rails, settings)
        self._windows = QualityWindows(emg, settings)
        self._judge = QualityVerdicts(self._windows.output, emg.rate_hz, emg.channels[0].unit, settings)
        self._hum_watch = HumWatch(self._windows.output, settings)
        self._hum_power = HumPower(self._windows.output, settings)
        self.output = self._ticks.output
        stages = self._judge, self._hum_watch, self._hum_power
        self._nothing = tuple(Chunk.empty(stage.output) for stage in stages)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        for stage in (self._ticks, self._windows, self._judge, self._hum_watch, self._hum_power):
            stage.reset()
        self.verdicts, self.hum, self.hum_power = self._nothing
        self._now: NDArray[np.floating] | None = None  # the last window's verdict; None = all good

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the codes of the ticks that they close."""
        ticks, windows = self._ticks.push(chunk), self._windows.push(chunk)
        if len(windows.time_s):
            self.verdicts, self.hum = self._judge.push(windows), self._hum_watch.push(windows)
            self.hum_power = self._hum_power.push(windows)
        else:
            self.verdicts, self.hum, self.hum_power = self._nothing
        if self._now is None and not (len(windows.time_s) and np.count_nonzero(self.verdicts.samples[:, 0::2])):
            return ticks
        before = np.zeros((1, len(self.input.channels))) if self._now is None else self._now
        held = np.concatenate([before, self.verdicts.samples[:, 0::2]])
        after = self.verdicts.time_s.searchsorted(ticks.time_s - 0.5 * TICK_S)
        self._now = held[-1:] if held[-1].any() else None
        codes = np.where(ticks.samples == Quality.GOOD, held[after], ticks.samples)
        return Chunk(self.output, ticks.time_s, codes)
