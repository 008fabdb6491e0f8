"""Crampwatch: early calf-cramp warning from wearable EMG and ankle angle. A training aid, not a medical device."""

__version__ = "0.1.0"
