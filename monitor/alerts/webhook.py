"""Alerts to a web service: off unless asked for, https or this machine alone, no more of the person than a pseudonym.

The engine never waits: alerts go into a bounded queue that a thread empties.
"""

from __future__ import annotations

import ipaddress
import json
import queue
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import monitor
from monitor.alerts.alert import Alert
from monitor.errors import SettingsError
from monitor.settings.alerts import AlertSettings
from monitor.warning.texts import CALLS, DISCLAIMER

_PAUSE_S = 1.0
_CLOSE_S = 5.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead away from https or from this machine, so none is followed."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def check_url(url: str) -> str:
    """The same address. Raises: SettingsError unless it is https, or http on this machine alone."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return url
    raise SettingsError(f"a webhook is an https address, or http on this machine alone; {url!r} is neither")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def payload(alert: Alert) -> dict[str, Any]:
    """What is sent: no signal, no number of the body, no name."""
    told = {"athlete": alert.athlete, "leg": alert.leg, "state": alert.state, "text": CALLS[alert.state]}
    times = {"session_s": round(alert.time_s, 1), "number": alert.number}
    note = {"note": alert.note} if alert.note else {}
    return {"crampwatch": monitor.__version__} | told | times | note | {"about": DISCLAIMER}


class Webhook:
    """POSTs each alert as JSON, in order, a few times if it must. Raises: SettingsError for an address that is none.

    problem : what is wrong in plain words, empty = nothing; lost : alerts that were given up.
    """

    def __init__(self, url: str, settings: AlertSettings) -> None:
        self._url, self._settings = check_url(url), settings
        self._waiting: queue.Queue[Alert | None] = queue.Queue(int(settings.webhook_queue))
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._ending = threading.Event()
        self.problem, self.lost = "", 0
        self._thread = threading.Thread(target=self._run, name="webhook", daemon=True)
        self._thread.start()

    def send(self, alert: Alert) -> None:
        """Queue it; where the queue is full, the oldest makes room."""
        self._put(alert)

    def close(self) -> None:
        """Send what waits, for a few seconds at most."""
        self._ending.set()
        self._put(None)
        self._thread.join(_CLOSE_S)

    def _put(self, item: Alert | None) -> None:
        while True:
            try:
                self._waiting.put_nowait(item)
                return
            except queue.Full:
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        try:
            self._waiting.get_nowait()
            self.lost += 1
        except queue.Empty:
            pass

    def _run(self) -> None:
        while (alert := self._waiting.get()) is not None:
            if not any(self._post(alert) for _ in range(int(self._settings.webhook_tries))):
                self.lost += 1

    def _post(self, alert: Alert) -> bool:
        """One try. What fails is told and tried again after a pause."""
        body = json.dumps(payload(alert)).encode()
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"}, method="POST")
        try:
            with self._opener.open(request, timeout=self._settings.webhook_timeout_s):
                self.problem = ""
                return True
        except (urllib.error.URLError, OSError, ValueError) as error:
            self.problem = f"the webhook does not take alerts: {getattr(error, 'reason', None) or error}"
            self._ending.wait(_PAUSE_S)
            return False
