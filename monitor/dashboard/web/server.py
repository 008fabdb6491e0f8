"""The page's server, in a thread of its own: answers GET and nothing else, sends pictures, takes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
import weakref
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import WSCloseCode, WSMsgType, web

from monitor.dashboard.web.assets import assets
from monitor.dashboard.web.feed import PERIOD_S, Feed
from monitor.dashboard.web.guard import SECURITY_HEADERS, SESSION_S, Guard
from monitor.dashboard.web.picture import Elsewhere
from monitor.dashboard.web.plan import WebPlan
from monitor.errors import WebError
from monitor.snapshot import Snapshot

LOG = logging.getLogger("crampwatch.web")  # goes nowhere unless somebody listens: anybody can send rubbish
LOG.addHandler(logging.NullHandler())
MOST_PAGES = 24
_SLOW_S = 20.0  # a page that takes nothing for so long is let go
_PING_S = 5.0
_BUFFER_BYTES = 32_768  # on the way to one page: what waits there is old when it arrives
_START_S = 10.0
_GOODBYE_S = 0.05

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebServer:
    """Serves from `with` to its end. snapshots, elsewhere : see `Feed`.

    Raises: WebError where the address cannot be used.
    """

    def __init__(self, plan: WebPlan, snapshots: Callable[[], Snapshot], elsewhere: Elsewhere = tuple) -> None:
        self._plan, self._guard, self._feed = plan, Guard(plan), Feed(snapshots, elsewhere)
        self._pages: set[web.WebSocketResponse] = set()
        self._transports: weakref.WeakSet[asyncio.WriteTransport] = weakref.WeakSet()
        self._started, self._problem, self.port = threading.Event(), "", 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="web", daemon=True)

    @property
    def address(self) -> str:
        """What to type into the browser."""
        host = f"[{self._plan.host}]" if ":" in self._plan.host else self._plan.host
        return f"{self._plan.scheme}://{host}:{self.port}/"

    @property
    def pages(self) -> int:
        """How many look at it."""
        return len(self._feed)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(_START_S)
        if self._problem or not self.port:
            raise WebError(self._problem or "the page's server does not start")
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._ending is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(_START_S)

    async def _serve(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda _, what: LOG.error("%s", what.get("exception") or what["message"]))
        runner = web.AppRunner(
            self._application(), handle_signals=False, shutdown_timeout=1.0, access_log=None, logger=LOG
        )
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._plan.host, self._plan.port, ssl_context=self._plan.tls)
            await site.start()
            self.port = runner.addresses[0][1]
            self._started.set()
            await self._work()
        except OSError as error:
            self._problem = (
                f"the page cannot be served at {self._plan.host}:{self._plan.port}: {error.strerror or error}"
            )
        finally:
            self._started.set()
            await runner.cleanup()
            await self._hang_up()

    async def _hang_up(self) -> None:
        """End what a slow page has not taken; the loop lets go of the connections in its next rounds."""
        for transport in list(self._transports):
            with contextlib.suppress(AttributeError):  # in older Pythons of one over TLS that has closed by itself
                transport.abort()
        await asyncio.sleep(_GOODBYE_S)

    async def _work(self) -> None:
        assert self._ending is not None
        feed = asyncio.create_task(self._feed.run())
        ended = asyncio.create_task(self._ending.wait())
        await asyncio.wait({feed, ended}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(2 * PERIOD_S if ended.done() and self._pages else 0.0)  # the last picture goes out
        feed.cancel()
        why = b"the session has ended"
        await asyncio.gather(*(page.close(code=WSCloseCode.GOING_AWAY, message=why) for page in self._pages))
        with contextlib.suppress(asyncio.CancelledError):
            await feed

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guarded], client_max_size=1)
        application.router.add_get("/", self._file, allow_head=False)
        application.router.add_get("/feed", self._page, allow_head=False)
        application.router.add_get("/login", self._login, allow_head=False)
        application.router.add_get("/{name}", self._file, allow_head=False)
        return application

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse foreign names, whatever is asked; put the headers on every answer, refusals too."""
        if isinstance(request.transport, asyncio.WriteTransport):
            self._transports.add(request.transport)
        if not self._guard.knows_host(request.host):
            answer: web.StreamResponse = web.Response(status=421, text="this machine has another name")
        else:
            try:
                answer = await handler(request)
            except web.HTTPException as refusal:
                answer = web.Response(status=refusal.status, text=refusal.reason)
        if not answer.prepared:
            answer.headers.update(SECURITY_HEADERS)
        return answer

    async def _file(self, request: web.Request) -> web.StreamResponse:
        contents, kind = assets().get(request.match_info.get("name", "index.html"), (b"", ""))
        if not kind:
            raise web.HTTPNotFound
        return web.Response(body=contents, headers={"Content-Type": kind})

    async def _login(self, request: web.Request) -> web.StreamResponse:
        """204 = may see; a password in the header opens a session; 401 = asks for it, 429 = too many tries."""
        if self._guard.may_see(request.cookies):
            return web.Response(status=204)
        given = request.headers.get("Authorization", "")
        session = self._guard.session(given, request.remote or "") if given else ""
        if not session:
            return web.Response(status=429 if session is None else 401)
        answer = web.Response(status=204)
        secure = self._plan.tls is not None
        answer.set_cookie(
            self._guard.cookie,
            session,
            max_age=int(SESSION_S),
            path="/",
            httponly=True,
            secure=secure,
            samesite="Strict",
        )
        return answer

    async def _page(self, request: web.Request) -> web.StreamResponse:
        """The one-way connection: pictures out, nothing in."""
        if not self._guard.own_origin(request.headers.get("Origin"), request.host):
            raise web.HTTPForbidden
        if not self._guard.may_see(request.cookies):
            raise web.HTTPUnauthorized
        if len(self._feed) >= MOST_PAGES:
            raise web.HTTPServiceUnavailable
        page = web.WebSocketResponse(heartbeat=_PING_S, max_msg_size=1, timeout=1.0)
        await page.prepare(request)
        _keep_short(request)
        slot = self._feed.open(request.query.get("athlete", ""))
        self._pages.add(page)
        sending = asyncio.create_task(self._send(page, slot.get))
        try:
            await self._listen(page)
        finally:
            self._feed.close(slot)
            self._pages.discard(page)
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending
        return page

    async def _send(self, page: web.WebSocketResponse, newest: Callable[[], Awaitable[str]]) -> None:
        """Until the page goes, or takes nothing for too long."""
        try:
            while True:
                await asyncio.wait_for(page.send_str(await newest()), _SLOW_S)
        except (ConnectionError, TimeoutError):
            await page.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"too slow")

    async def _listen(self, page: web.WebSocketResponse) -> None:
        """Until it closes; whoever says something is let go."""
        async for message in page:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                await page.close(code=WSCloseCode.POLICY_VIOLATION, message=b"read only")


def _keep_short(request: web.Request) -> None:
    """Little room on the way, so that a slow page gets new pictures and not a queue of old ones."""
    transport = request.transport
    if transport is None:
        return
    transport.set_write_buffer_limits(high=_BUFFER_BYTES)
    plug = transport.get_extra_info("socket")
    if plug is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
