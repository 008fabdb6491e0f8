"""Where the page is served and who may see it: loopback for anybody here, the network for a password over TLS alone."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import WebError
from monitor.password_file import password_text

DEFAULT = "127.0.0.1:8460"
_SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class WebPlan:
    """How to serve. port: 0 = any that is free; password, tls: None = none (on loopback alone)."""

    host: str
    port: int
    password: str | None = None
    tls: ssl.SSLContext | None = None

    @property
    def scheme(self) -> str:
        """The page's own."""
        return "http" if self.tls is None else "https"


def web_plan(at: str | None, password_file: Path | None, cert: Path | None, key: Path | None) -> WebPlan:
    """What the options ask for. at : HOST:PORT, HOST or :PORT; None = this machine alone.

    Raises: WebError if it is no address, a file cannot be used, or the network would see it without password and TLS.
    """
    host, port = _address(at or DEFAULT)
    password = None if password_file is None else _password(password_file)
    plan = WebPlan(host, port, password, _tls(cert, key))
    if not is_loopback(host) and (plan.password is None or plan.tls is None):
        raise WebError(
            f"{host} can be reached from the network: there the page needs --web-password-file, --web-cert and"
            " --web-key; without them it is served to this machine alone (127.0.0.1)"
        )
    return plan


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(text: str) -> tuple[str, int]:
    named = text if ":" in text.rpartition("]")[2] else f"{text}:{DEFAULT.rpartition(':')[2]}"
    host, _, port = named.rpartition(":")
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise WebError(f"{text!r} is no address for the page: HOST:PORT, such as {DEFAULT}")
    return host.strip("[]") or "127.0.0.1", int(port)


def _password(path: Path) -> str:
    password = password_text(path, WebError).partition("\n")[0].strip()
    if len(password) < _SHORTEST_PASSWORD:
        raise WebError(
            f"the password in {path} is too short: {_SHORTEST_PASSWORD} characters at least, in its first line"
        )
    return password


def _tls(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise WebError("--web-cert and --web-key belong together: a certificate and its key, both as PEM files")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key, password=lambda: "")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise WebError(f"the certificate {cert} and the key {key} cannot be used: {error}") from error
    return context
