"""What the page at the touchline costs: CPU of the server and bytes per second, for so many pages of a squad.

    python tests/benchmarks/pages.py [--athletes 40] [--pages 1 8 24] [--seconds 10] [--json]

The pages are connections of another process that read whatever comes, half of them the wall, half one athlete. Core:
CPU seconds of this process over wall seconds. No TLS, no drawing: a phone draws by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "dashboard")]  # the project, its fakes

from fakes import FakeSession  # noqa: E402

from monitor.dashboard.web.plan import web_plan  # noqa: E402
from monitor.dashboard.web.server import WebServer  # noqa: E402


async def _read(address: str, pages: int, seconds: float) -> int:
    """Bytes that so many pages receive."""
    import aiohttp

    async def one(session: aiohttp.ClientSession, athlete: str) -> int:
        received = 0
        async with session.ws_connect(f"/feed?athlete={athlete}", headers={"Origin": address.rstrip("/")}) as page:
            end_s = time.monotonic() + seconds
            while time.monotonic() < end_s:
                received += len(await page.receive_str())
        return received

    async with aiohttp.ClientSession(address) as session:
        return sum(await asyncio.gather(*(one(session, f"A{i}" if i % 2 else "") for i in range(pages))))


def _pages(address: str, pages: int, seconds: float, told: Any) -> None:
    told.put(asyncio.run(_read(address, pages, seconds)))


def cost(athletes: int, pages: int, seconds: float) -> dict[str, float]:
    """One row of the table."""
    session = FakeSession(athletes=tuple(f"A{i}" for i in range(athletes)), states=("OK", "WATCH", "OK", "OK", "WARN"))
    made = [session.at(600.0 + i) for i in range(8)]
    numbers = itertools.cycle(made)
    with WebServer(web_plan("127.0.0.1:0", None, None, None), lambda: next(numbers)) as server:
        spawn = multiprocessing.get_context("spawn")
        told = spawn.Queue()
        reader = spawn.Process(target=_pages, args=(server.address, pages, seconds, told))
        reader.start()
        while not server.pages:
            time.sleep(0.01)
        began_s, cpu_s = time.monotonic(), time.process_time()
        received = told.get(timeout=60 + 4 * seconds)
        took_s, used_s = time.monotonic() - began_s, time.process_time() - cpu_s
        reader.join()
    return {
        "athletes": athletes,
        "pages": pages,
        "core_percent": 100 * used_s / took_s,
        "kB_per_s": received / took_s / 1e3,
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--athletes", type=int, default=40)
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 8, 24])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = [cost(asked.athletes, pages, asked.seconds) for pages in asked.pages]
    if asked.json:
        print(json.dumps(rows))
        return
    print(f"{'athletes':>9}{'pages':>7}{'% of a core':>13}{'kB/s':>8}")
    for row in rows:
        print(f"{row['athletes']:>9}{row['pages']:>7}{row['core_percent']:>13.1f}{row['kB_per_s']:>8.0f}")


if __name__ == "__main__":
    main()
