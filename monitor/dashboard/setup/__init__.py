"""Setting a team up in windows: people, electrodes, sensors, who wears which, signals, calibration, context, file."""
