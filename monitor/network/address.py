"""Where the broker is, and what may be said to it without encryption."""

from __future__ import annotations

import ipaddress
import urllib.parse
from dataclasses import dataclass

from monitor.errors import NetworkError

PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    """An MQTT broker. tls : the connection is encrypted and the broker shows a certificate."""

    host: str
    port: int
    tls: bool

    def __str__(self) -> str:
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"


def broker_of(url: str, *, plain: bool = False) -> Broker:
    """The broker of an address `mqtts://HOST[:PORT]`.

    plain : `mqtt://` is allowed beyond this machine, too.
    Raises: NetworkError for an address that is none, holds a password, or would send in plain text.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NetworkError(f"{url!r} is no address of a broker: {error}") from error
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.query:
        raise NetworkError(f"{url!r} is no address of a broker; write mqtts://HOST:PORT")
    if parts.username is not None or parts.password is not None:
        raise NetworkError(
            "an address holds no user and no password, others could read them; use --user and --password-file"
        )
    if parts.scheme == "mqtt" and not plain and not is_loopback(host):
        raise NetworkError(
            f"mqtt://{host} would send athletes' signals in plain text;"
            " use mqtts:// (`crampwatch broker-config` makes the certificates), or say --plain"
        )
    return Broker(host, port or PORTS[parts.scheme], parts.scheme == "mqtts")


def is_loopback(host: str) -> bool:
    """Whether it is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
