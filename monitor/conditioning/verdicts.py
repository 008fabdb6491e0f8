"""From half-second windows to what is wrong with each channel."""

from __future__ import annotations

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.channel_rules import ChannelRules
from monitor.conditioning.windows import KINDS
from monitor.settings import QualitySettings


class QualityVerdicts:
    """What is wrong with each channel, at 2 Hz.

    windows : Stream               output of QualityWindows
    rate_hz, unit : of the EMG
    Output: for every channel in turn the code (`Quality`) that holds from the window's end on, and the code of the
    window by itself, see `ChannelRules`.
    railed : samples that stay at the channel's own extremes / all          flat : no sample differs
    lossy : lost samples / all of the last five seconds; an outage of half a second and more starts the count anew
    no contact : noise as flat as that of an open input / power, mean of two windows; not at the level of a rest that is
        proven to be white (`RestNoise`), nor within the resolution, nor where the rate is too low to tell; or
        mains that has jumped by 10 dB, above all that the muscle ever was, in two windows
    motion : power below 20 Hz / power of the EMG, of two windows
    mains : power of the lines / that of the loudest EMG; a rest says nothing of how it stands to a contraction
    deformed : sqrt(m2 m0) / m1 of the spectrum's moments, of two windows, while the muscle works (Sinderby 1995)
    too quiet : steps of the resolution / loudest RMS
    Not used: "quiet RMS above 50 uV for 5 s" as a loose electrode; a hold and a cramp are that, too.
    """

    def __init__(self, windows: Stream, rate_hz: float, unit: str, settings: QualitySettings) -> None:
        self.input = windows
        labels = [label.removesuffix(f" {KINDS[0]}") for label in windows.labels[:: len(KINDS)]]
        channels = tuple(Channel(f"{label} {kind}", "quality code") for label in labels for kind in ("now", "window"))
        self.output = Stream(f"{windows.name} verdicts", windows.rate_hz, channels, windows.source_id)
        self._nothing = Chunk.empty(self.output)
        self._unit, self._rate_hz, self._settings = unit, rate_hz, settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.output.channels) // 2
        sees_noise = self._rate_hz >= self._settings.noise_lowest_rate_hz
        self._rules = [ChannelRules(self._unit, sees_noise, self._settings) for _ in range(n_channels)]

    @property
    def heard_noise(self) -> bool:
        """Whether there was noise in any channel that may have been its rest."""
        return any(rules.rest.heard for rules in self._rules)

    def knowing_the_rest(self) -> QualityVerdicts:
        """A new one that knows from the start what this one has learnt of the noise at rest."""
        judge = QualityVerdicts(self.input, self._rate_hz, self._unit, self._settings)
        for rules, learnt in zip(judge._rules, self._rules, strict=True):
            rules.rest = learnt.rest
        return judge

    def push(self, chunk: Chunk) -> Chunk:
        """Judge the next windows."""
        if not len(chunk):
            return self._nothing
        rows = chunk.samples.reshape(len(chunk), len(self._rules), len(KINDS)).tolist()
        codes = [
            [code for rules, row in zip(self._rules, each, strict=True) for code in rules.push(row)] for each in rows
        ]
        return Chunk(self.output, chunk.time_s, np.array(codes, dtype=np.float64))
