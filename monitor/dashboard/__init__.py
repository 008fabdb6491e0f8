"""The screens: a sink that reads one Snapshot per frame and hands commands to `Controls`, and knows no more.

Nothing is imported here, so that the command line starts without Qt; see `app.py` (`run_dashboard`, `save_screenshot`)
and `start.py` (`run_start_window`).
"""
