"""Who may see the page's contents: names of this machine, its own origin, the password's session; few tries."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
import socket
import time
import urllib.parse
from collections import OrderedDict
from collections.abc import Callable, Mapping

from monitor.dashboard.web.plan import WebPlan

SESSION_S = 12 * 3600.0  # a long day at the pitch
_TRIES = 5.0  # at once, for each address
_SECONDS_PER_TRY = 10.0
_MOST_ADDRESSES = 1000  # whose tries are remembered

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=(), screen-wake-lock=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
    "Server": "crampwatch",
}


class Guard:
    """Judges requests; knows no web library. now_s : wall seconds."""

    def __init__(self, plan: WebPlan, now_s: Callable[[], float] = time.time) -> None:
        self._plan, self._now_s = plan, now_s
        self._secret = secrets.token_bytes(32)
        self._tries: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address: tries left, when

    @property
    def cookie(self) -> str:
        """The name of the session's cookie."""
        return "crampwatch" if self._plan.tls is None else "__Host-crampwatch"

    def knows_host(self, host: str) -> bool:
        """Whether a Host header names this machine: an address, or one of its own names.

        Any other name could be a foreign site's that was made to point here.
        """
        try:
            name = urllib.parse.urlsplit(f"//{host}").hostname or ""
        except ValueError:  # no host at all, such as "[::1"
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            own = socket.gethostname().lower()
            return name in {"localhost", self._plan.host.lower(), own, f"{own.partition('.')[0]}.local"}
        return True

    def own_origin(self, origin: str | None, host: str) -> bool:
        """Whether the page itself asks."""
        return origin is not None and origin.lower() == f"{self._plan.scheme}://{host}".lower()

    def may_see(self, cookies: Mapping[str, str]) -> bool:
        """Whether the cookie is of a session that the password opened and that has not ended."""
        if self._plan.password is None:
            return True
        until, _, seal = cookies.get(self.cookie, "").partition(".")
        if not until.isdigit() or not hmac.compare_digest(seal.encode(), self._seal(until).encode()):
            return False
        return self._now_s() < int(until)

    def session(self, authorization: str, address: str) -> str | None:
        """The cookie for the right password ("Bearer BASE64"), "" for a wrong one, None after too many tries."""
        if not self._may_try(address):
            return None
        scheme, _, given = authorization.partition(" ")
        try:
            password = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            return ""
        wanted = (self._plan.password or "").encode()
        if scheme != "Bearer" or not hmac.compare_digest(_digest(password), _digest(wanted)):
            return ""
        self._tries.pop(address, None)
        until = str(int(self._now_s() + SESSION_S))
        return f"{until}.{self._seal(until)}"

    def _seal(self, until: str) -> str:
        return hmac.new(self._secret, until.encode(), hashlib.sha256).hexdigest()

    def _may_try(self, address: str) -> bool:
        now_s = self._now_s()
        left, then_s = self._tries.pop(address, (_TRIES, now_s))
        left = min(_TRIES, left + (now_s - then_s) / _SECONDS_PER_TRY)
        self._tries[address] = (left - 1.0 if left >= 1.0 else left, now_s)
        while len(self._tries) > _MOST_ADDRESSES:
            self._tries.popitem(last=False)
        return left >= 1.0


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()
