"""When a channel can be used, and how it is filtered."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class FilterSettings(Checked):
    """The time-domain filter for the picture and the amplitude; spectra use no filter."""

    high_pass_hz: float = setting(20.0, "Hz", 5, 60, "De Luca 2010, J. Biomech. 43:1573: 20 Hz corner for general use")
    settle_s: float = setting(0.06, "s", 0, 1, "three time constants of the high-pass after lost samples")
    picture_notch: float = setting(
        0, "", 0, 1, "1 = the mains is taken out of the EMG on the screen, never of a feature"
    )


@dataclass(frozen=True, slots=True)
class QualitySettings(Checked):
    """When a channel is unusable. "Recordings": what 60 public recordings in hand showed, good and bad ones."""

    lost_fraction: float = setting(0.5, "", 0, 1, "fewer than half of a tick's samples give no amplitude")
    railed_fraction: float = setting(0.05, "", 0, 1, "assumed: one sample of a 20 ms tick at the rail")
    hold_s: float = setting(1.0, "s", 0, 60, "assumed: a channel counts as bad until it was good for this long")
    rail_steps: float = setting(
        16.0, "x resolution", 2, 1000, "assumed: a channel's own extreme is a rail only if it has moved this far"
    )
    rail_enter: float = setting(0.02, "of the samples", 0.001, 1, "Recordings: railed 3-95 %, good ones below 0.5 %")
    rail_leave: float = setting(0.005, "of the samples", 0, 1, "hysteresis")
    window_loss: float = setting(0.05, "of a window", 0, 0.5, "loss of 5 % is borne in a spectrum (simulated)")
    loss_window_s: float = setting(5.0, "s", 1, 60, "assumed: a burst of loss shorter than half a second is borne")
    loss_enter: float = setting(
        0.25,
        "of the samples",
        0.01,
        1,
        "lost samples are left out; at 10 % bursts of 4 % loss had a leg lost each minute",
    )
    loss_leave: float = setting(0.15, "of the samples", 0, 1, "hysteresis")
    band_low_hz: float = setting(20.0, "Hz", 5, 60, "the EMG's band begins here")
    band_high_hz: float = setting(450.0, "Hz", 100, 1000, "and ends here, or at 0.45 x rate")
    noise_low_hz: float = setting(300.0, "Hz", 100, 800, "above this little of a muscle's power is left")
    noise_lowest_rate_hz: float = setting(800.0, "Hz", 400, 4000, "at 200-500 Hz a muscle looks white, too")
    noise_enter: float = setting(0.6, "of the power", 0.2, 1, "Recordings: unplugged .6-1.1, working below .56")
    noise_leave: float = setting(0.4, "of the power", 0.1, 1, "hysteresis")
    noise_rest: float = setting(2.0, "x rest", 1.1, 10, "assumed: a quiet calf's level varies less than this")
    noise_burst: float = setting(3.0, "x rest", 1.5, 20, "as the gate: three times the floor is a contraction")
    noise_returns: float = setting(2.0, "times", 1, 10, "assumed: twice from rest to work and back proves the contact")
    hang_jump: float = setting(10.0, "x before", 2, 1000, "physiology: a line that jumps by 10 dB is a lost contact")
    hang_share: float = setting(0.9, "of the power", 0.3, 1, "assumed: a hum over the muscle leaves more of it")
    motion_low_hz: float = setting(3.0, "Hz", 0.5, 10, "slower drift is no harm behind a 20 Hz high-pass")
    motion_enter: float = setting(4.0, "x EMG", 0.5, 100, "low/EMG power above 4 moves the MDF by 3-6 % (simulated)")
    motion_leave: float = setting(2.0, "x EMG", 0.2, 100, "hysteresis; Recordings: good ones below 1.5")
    mains_enter: float = setting(0.126, "x EMG", 0.01, 10, "CleanEMG: below 9 dB a line can be removed only at a loss")
    mains_leave: float = setting(0.063, "x EMG", 0.005, 10, "12 dB: hysteresis")
    hum_share: float = setting(0.25, "of the power", 0.02, 1, "simulated EMG without hum: 0 +- 7 %, more in 0.2 %")
    hum_often: float = setting(0.25, "of half seconds", 0.05, 1, "assumed: a calf rests for so much of its time")
    hum_windows: float = setting(8, "half seconds", 2, 200, "assumed: before so many nobody says which mains hums")
    hum_in_phase: float = setting(
        0.04, "of the power", 0.005, 1, "simulated: EMG without hum reaches it in two of a hundred spans of two seconds"
    )
    hum_quietest: float = setting(0.1, "of the ticks", 0, 0.9, "assumed: no tick holds less than the hum; a few do")
    hum_near: float = setting(4.0, "times", 1.5, 100, "assumed: so near to the power of the quietest ticks")
    hum_left: float = setting(0.01, "of the hum", 0.0001, 0.5, "assumed: its power is never known better than this")
    mains_least_uv: float = setting(20.0, "uV", 0, 500, "assumed: less is 9 dB below any contraction worth reading")
    deformed_enter: float = setting(1.55, "", 1, 3, "Sinderby 1995 drops above 1.4; weak good muscles reach 1.5")
    deformed_leave: float = setting(1.45, "", 1, 3, "hysteresis")
    active_fraction: float = setting(0.05, "of the loudest power", 0.001, 1, "assumed: with less the muscle rests")
    resolution_enter: float = setting(2.0, "steps RMS", 0.2, 10, "simulated: at 1 step the MDF reads 4 % high")
    resolution_leave: float = setting(2.5, "steps RMS", 0.2, 10, "hysteresis")
    resolution_after_s: float = setting(30.0, "s", 1, 600, "assumed: a calf that has only rested says nothing yet")
    loudest_s: float = setting(300.0, "s", 30, 3600, "how fast the loudest level is forgotten, as the gate's reference")
