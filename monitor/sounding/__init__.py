"""What is heard: the tones of the alarms, the loudspeaker, speech. No window, no Qt."""
