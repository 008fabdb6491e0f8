"""The scientist's view: a recording with all that was computed of it, on one timeline."""
