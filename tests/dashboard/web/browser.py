"""A headless Chromium, driven by its own protocol: open a page, ask it something, tap, take a picture."""

from __future__ import annotations

import asyncio
import base64
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WAIT_S = 40.0  # a slow machine


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, itertools.count(1)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol and its answer; events are passed over."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            answer = await asyncio.wait_for(self._socket.receive_json(), WAIT_S)
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    async def ask(self, script: str, *, tap: bool = False) -> Any:
        """What an expression gives. tap: as if a person had done it."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=tap
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, script: str) -> Any:
        """What an expression gives once it is true."""
        async with asyncio.timeout(WAIT_S):
            while not (value := await self.ask(script)):
                await asyncio.sleep(0.05)
        return value

    async def go(self, address: str) -> None:
        """Open an address; wait until its own files are there."""
        await self.call("Page.navigate", url=address)
        await self.until("document.readyState === 'complete' && !!document.querySelector('#where-word')?.textContent")

    async def looks(self, width: int, height: int, *, light: bool = False) -> None:
        """A screen of this size, of a person who prefers dark or light."""
        size = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": width < 700}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        preference = {"name": "prefers-color-scheme", "value": "light" if light else "dark"}
        await self.call("Emulation.setEmulatedMedia", features=[preference])

    async def picture(self, path: Path) -> None:
        """A PNG of what is seen."""
        answer = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))


@asynccontextmanager
async def browser(*arguments: str) -> AsyncIterator[Page]:
    """A browser with one empty tab; gone at the end."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        quiet = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-extensions",
            "--mute-audio",
        ]
        quiet += ["--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-port=0"]
        process = await asyncio.create_subprocess_exec(
            CHROMIUM,
            *quiet,
            *arguments,
            f"--user-data-dir={folder}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            port = await _port(Path(folder) / "DevToolsActivePort")
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                    tab = next(one for one in await answer.json() if one["type"] == "page")
                async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Page(socket)
        finally:
            process.terminate()
            await process.wait()


async def _port(path: Path) -> str:
    async with asyncio.timeout(WAIT_S):
        while not (path.exists() and "\n" in path.read_text()):
            await asyncio.sleep(0.05)
    return path.read_text().splitlines()[0]


class Tab:
    """A browser's tab for tests that are no coroutines."""

    def __init__(self, runner: asyncio.Runner, page: Any) -> None:
        self._runner, self.page = runner, page

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.page, name)
        return lambda *given, **named: self._runner.run(method(*given, **named))
