"""Guided tests: what a person is asked to do, when it ends, and what it tells; built on the session.

A screen gives a `HeelRiseGuide` (or `HoldGuide`) to the engine as a sink, shows its `view`, and calls `press()` where
the person presses a button; `replaying.replayed` and `report.result_object` make the result of the recording.
"""
