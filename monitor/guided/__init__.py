"""Guided tests: what a person is asked to do, when it ends, and what it tells; built on the session, known to none."""
