"""From samples as they came to samples to trust: filters for picture and amplitude, quality of each channel."""
