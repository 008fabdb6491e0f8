"""A read-only page for a phone or tablet at the touchline: the wall, or one athlete, fed from the snapshot."""
