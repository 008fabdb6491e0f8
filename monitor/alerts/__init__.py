"""One path from a state change to those who must hear of it: rules against alarm fatigue, then sinks."""
