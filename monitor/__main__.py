"""`python -m monitor` is `crampwatch`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; Ctrl-C is heard from the moment on at which its commands are read."""
    try:
        from monitor.cli import main as run
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)  # noqa: T201 - what would print it is not there yet
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
