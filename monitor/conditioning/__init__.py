"""From samples as they came to samples that can be trusted: filters for picture and amplitude, quality of each channel."""
