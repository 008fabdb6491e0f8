"""The server answers GET and sends pictures; whatever else is asked is refused, on every path."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fakes import FakeSession

from monitor.dashboard.web import server as served
from monitor.dashboard.web.assets import assets
from monitor.dashboard.web.plan import web_plan
from monitor.dashboard.web.server import WebServer
from monitor.errors import WebError

COUNT = itertools.count(600)


def snapshots() -> Any:
    return FakeSession(athletes=("A1", "A2")).at(float(next(COUNT)))


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    with WebServer(web_plan("127.0.0.1:0", None, None, None), snapshots) as running:
        yield running


def asked(server: WebServer, ask: Callable[[aiohttp.ClientSession], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        jar = aiohttp.CookieJar(unsafe=True)
        connector = aiohttp.TCPConnector(ssl=False)
        async with aiohttp.ClientSession(server.address, cookie_jar=jar, connector=connector) as session:
            given = await ask(session)
        await asyncio.sleep(0.3 if server.address.startswith("https") else 0.0)  # TLS says good-bye
        return given

    return asyncio.run(run())


async def status(session: aiohttp.ClientSession, path: str, method: str = "GET", **how: Any) -> int:
    async with session.request(method, path, **how) as answer:
        await answer.read()
        return answer.status


def origin(server: WebServer) -> dict[str, str]:
    return {"Origin": server.address.rstrip("/")}


def test_a_page_gets_pictures(server: WebServer) -> None:
    async def look(session: aiohttp.ClientSession) -> list[Any]:
        async with session.ws_connect("/feed", headers=origin(server)) as page:
            return [await page.receive_json() for _ in range(2)]

    first, second = asked(server, look)
    assert first["clock"] != second["clock"]
    assert [tile["name"] for tile in first["athletes"]] == ["A1", "A2"]


@pytest.mark.parametrize("path", ["/", "/feed", "/login", "/page.js", "/words.json", "/nothing"])
def test_nothing_but_get_is_answered(server: WebServer, path: str) -> None:
    async def others(session: aiohttp.ClientSession) -> list[int]:
        methods = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND")
        return [await status(session, path, method) for method in methods]

    assert set(asked(server, others)) <= {404, 405}


@pytest.mark.parametrize("said", ["calibrate", b"\x00", '{"mark": "cramp"}'])
def test_who_says_something_is_let_go(server: WebServer, said: str | bytes) -> None:
    async def speak(session: aiohttp.ClientSession) -> int | None:
        async with session.ws_connect("/feed", headers=origin(server)) as page:
            await (page.send_bytes(said) if isinstance(said, bytes) else page.send_str(said))
            async for _ in page:
                pass
            return page.close_code

    assert asked(server, speak) in (1008, 1009)


def test_other_origins_and_other_names_see_nothing(server: WebServer) -> None:
    async def foreign(session: aiohttp.ClientSession) -> list[int]:
        wrong = [{"Origin": "http://evil.example"}, {}, origin(server) | {"Host": "evil.example"}]
        pages = [await status(session, "/feed", headers=headers) for headers in wrong]
        return [*pages, await status(session, "/", headers={"Host": "evil.example"})]

    assert asked(server, foreign) == [403, 403, 421, 421]


@pytest.mark.parametrize("path,status", [("/", 200), ("/nothing", 404), ("/login", 204), ("/../plan.py", 404)])
def test_every_answer_carries_the_headers(server: WebServer, path: str, status: int) -> None:
    async def get(session: aiohttp.ClientSession) -> Any:
        async with session.get(path) as answer:
            await answer.read()
            return answer

    answer = asked(server, get)
    assert answer.status == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Server"] == "crampwatch"


def test_the_page_asks_nobody_else_and_has_no_script_of_its_own_text() -> None:
    for name, (contents, _) in assets().items():
        text = contents.decode("utf-8", errors="replace").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text and "https://" not in text, name
    page = assets()["index.html"][0].decode()
    assert "<script>" not in page and "style=" not in page and "onclick" not in page


def test_pages_are_few(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "MOST_PAGES", 2)

    async def many(session: aiohttp.ClientSession) -> int:
        pages = [await session.ws_connect("/feed", headers=origin(server)) for _ in range(2)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect("/feed", headers=origin(server))
        for page in pages:
            await page.close()
        return refused.value.status

    assert asked(server, many) == 503


def test_with_a_password_only_its_session_sees(password_file: Path, certificate: tuple[Path, Path]) -> None:
    def given(password: str) -> dict[str, str]:
        return {"Authorization": "Bearer " + base64.b64encode(password.encode()).decode()}

    with WebServer(web_plan("127.0.0.1:0", password_file, *certificate), snapshots) as server:

        async def log_in(session: aiohttp.ClientSession) -> list[Any]:
            before = await status(session, "/feed", headers=origin(server))
            tries = [await status(session, "/login", headers=given(word)) for word in ("wrong", "wet grass 2026")]
            async with session.ws_connect("/feed", headers=origin(server)) as page:
                shown = await page.receive_json()
            (cookie,) = session.cookie_jar
            return [before, *tries, len(shown["athletes"]), cookie.key, cookie["httponly"], cookie["samesite"]]

        assert server.address.startswith("https://")
        assert asked(server, log_in) == [401, 401, 204, 2, "__Host-crampwatch", True, "Strict"]


@pytest.mark.parametrize("secure", [False, True])
def test_rubbish_is_refused_without_a_word_and_the_page_goes_on(
    secure: bool, certificate: tuple[Path, Path], password_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rubbish = (
        b"\x16\x03\x01garbage\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"G" * 100_000,
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"GET /%00%ff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\nxx",
    )
    plan = web_plan("127.0.0.1:0", password_file, *certificate) if secure else web_plan("127.0.0.1:0", None, None, None)
    with WebServer(plan, snapshots) as server:
        for sent in rubbish:
            plug = socket.create_connection(("127.0.0.1", server.port), timeout=10.0)
            with plug, contextlib.suppress(ConnectionError):
                plug.sendall(sent)
                assert not plug.recv(100).startswith((b"HTTP/1.1 2", b"HTTP/1.1 5"))

        async def get(session: aiohttp.ClientSession) -> int:
            return await status(session, "/")

        assert asked(server, get) == 200
    assert capfd.readouterr() == ("", "")


def test_an_address_in_use_is_told(server: WebServer) -> None:
    plan = web_plan(f"127.0.0.1:{server.port}", None, None, None)
    with pytest.raises(WebError, match="cannot be served at"), WebServer(plan, snapshots):
        pass


def test_the_last_picture_says_that_the_session_has_ended() -> None:
    shown = FakeSession(changes={"ended": True})
    with WebServer(web_plan("127.0.0.1:0", None, None, None), lambda: shown.at(600.0)) as server:

        async def to_the_end(session: aiohttp.ClientSession) -> tuple[Any, int | None]:
            async with session.ws_connect("/feed", headers=origin(server)) as page:
                first = await page.receive_json()
                ending = asyncio.create_task(asyncio.to_thread(server.__exit__))
                async for _ in page:
                    pass
                await ending
                return first, page.close_code

        first, code = asked(server, to_the_end)
    assert first["ended"] and code == 1001


def test_the_page_needs_no_qt() -> None:
    program = (
        "import sys; sys.modules.update(dict.fromkeys(('PySide6', 'pyqtgraph')));"
        "import monitor.dashboard.web.server; from monitor.dashboard.web.assets import assets; print(len(assets()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(len(assets())), done.stderr
