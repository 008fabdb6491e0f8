"""Bytes become chunks: profiles, packets, clocks, the radio, imported tables."""
