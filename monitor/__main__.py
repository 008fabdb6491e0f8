"""`python -m monitor` is `crampwatch`."""

from monitor.cli import main

if __name__ == "__main__":
    main()
