"""The virtual athletes as a process of their own: `python -m monitor.simulation.serve`.

It offers a Bluetooth controller (HCI) on a loopback socket; virtual sensors are in its range. One line of JSON says
that it is ready, one that the athletes have begun, which they do when a host has come (those of a process that comes
back do at once), and one a second how it keeps pace. It ends when its standard input closes, or on SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Sequence

from monitor.errors import CrampwatchError
from monitor.simulation.hci_server import HciServer
from monitor.simulation.kit import virtual_sensors
from monitor.simulation.pacer import Pacer
from monitor.simulation.radio import VirtualController, VirtualRadio
from monitor.simulation.sessions import session_of

REPORT_S = 1.0
CONNECTING_S = 2.5  # wall seconds in which the athletes stand and the monitor connects; then the scenario begins


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; the exit code."""
    options = _options(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started this one
    try:
        asyncio.run(serve(options))
    except (CrampwatchError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def serve(options: argparse.Namespace) -> None:
    """Build the sensors, open the socket, say so, and keep pace until stopped."""
    stopping = _stop_requests()
    radio = VirtualRadio()
    played = session_of(options.scenario, options.seed).delayed(waiting_s(options.speed))
    sensors = virtual_sensors(radio, played, options.athletes, options.seed, options.start)
    async with HciServer(VirtualController("adapter", radio), options.port) as server:
        for sensor in sensors:
            await sensor.start()
        pacer = Pacer(sensors, options.speed, options.start)
        pace = asyncio.create_task(_keep_pace(pacer, server.hosted, at_once=options.start > 0))
        _say(port=server.port, sensors=[sensor.name for sensor in sensors])
        while not (stopping.is_set() or pace.done()):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), REPORT_S)
            _say(time_s=round(pacer.reached_s, 3), lag_s=round(pacer.lag_s, 3))
        pace.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pace


async def _keep_pace(pacer: Pacer, hosted: asyncio.Event, *, at_once: bool) -> None:
    """A slow monitor would miss the beginning, and calibrate on what follows it."""
    if not at_once:
        await hosted.wait()
    _say(begun=True)
    await pacer.run()


def waiting_s(speed: float) -> float:
    """Session seconds in which the athletes stand before their scenario begins."""
    return max(2.0, CONNECTING_S * speed)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="monitor.simulation.serve", description=__doc__)
    parser.add_argument("--athletes", type=int, default=1)
    parser.add_argument("--scenario", default="tiring")
    parser.add_argument("--speed", type=float, default=1.0, help="session seconds per second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=float, default=0.0, help="session second at which the sensors begin")
    parser.add_argument("--port", type=int, default=0, help="0 = any free one")
    return parser.parse_args(arguments)


def _stop_requests() -> asyncio.Event:
    """An event that is set when the parent closes our standard input, or on SIGTERM."""
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows
        loop.add_signal_handler(signal.SIGTERM, stopping.set)

    def wait_for_end_of_input() -> None:
        sys.stdin.read()
        with contextlib.suppress(RuntimeError):  # the loop has ended before
            loop.call_soon_threadsafe(stopping.set)

    threading.Thread(target=wait_for_end_of_input, daemon=True).start()
    return stopping


def _say(**facts: object) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
