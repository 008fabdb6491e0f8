"""One connection to the broker: MQTT 5 by paho, kept alive for ever, its troubles in plain sentences.

The broker keeps a session for `SESSION_S` after the connection is gone, so what was published with QoS 1 meanwhile
comes when it is back. paho's own thread does the work; the callbacks run in it and must not wait.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import NetworkError
from monitor.network.address import Broker

try:
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties
except ImportError as error:
    raise NetworkError("MQTT needs paho-mqtt: pip install 'crampwatch[network]'") from error

SESSION_S = 3600
KEEPALIVE_S = 5
CONNECT_S = 5.0
_STOP_S = 3.0
_IN_FLIGHT = 200
_REFUSED = ("Not authorized", "Bad user name or password", "Banned", "Client identifier not valid")
_WRONG = (ssl.SSLError, ConnectionResetError)  # no matter of patience

Receive = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Access:
    """How to get in. ca : the certificate authority's certificate; None = those that the system trusts."""

    broker: Broker
    user: str | None = None
    password: str | None = None
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes (retained) when this connection is lost without a farewell."""

    topic: str
    content: bytes


class Connection:
    """Use as `with Connection(...) as connection`.

    client_id : names the session that the broker keeps; two connections of one name throw each other out.
    receive : takes (topic, content) of every message. on_up : told whenever the connection stands (again).
    problem : why there is no connection, empty = it stands.
    """

    def __init__(
        self,
        access: Access,
        client_id: str,
        subscriptions: Sequence[tuple[str, int]],
        receive: Receive,
        on_up: Callable[[], None] = lambda: None,
        will: Will | None = None,
    ) -> None:
        self._access, self._subscriptions, self._receive, self._on_up = access, list(subscriptions), receive, on_up
        self._changed = threading.Condition()
        self.problem, self._refused, self.connected = "not connected yet", False, False
        self._client = _Client(self._fail, client_id)
        self._client.username_pw_set(access.user, access.password)
        if access.broker.tls:
            self._client.tls_set_context(_tls(access.ca))
        if will is not None:
            self._client.will_set(will.topic, will.content, qos=1, retain=True)
        self._client.on_connect, self._client.on_disconnect = self._connected, self._disconnected
        self._client.on_message = lambda _client, _data, message: receive(message.topic, bytes(message.payload))

    def start(self, *, patient: bool = False) -> None:
        """Connect. patient : where the broker only does not answer, go on and keep trying.

        Raises: NetworkError in one sentence: refused, not trusted, not there.
        """
        broker, kept = self._access.broker, Properties(PacketTypes.CONNECT)
        kept.SessionExpiryInterval = SESSION_S
        self._client.connect_async(broker.host, broker.port, KEEPALIVE_S, clean_start=False, properties=kept)
        self._client.loop_start()
        with self._changed:
            self._changed.wait_for(lambda: self.connected or self._client.failed, CONNECT_S)
            failed = not self.connected and (self._refused or not patient)
        if failed:
            self._client.loop_stop()
            raise NetworkError(self.problem if self._client.failed else f"{broker} does not answer")

    def publish(self, topic: str, content: bytes, *, qos: int, retain: bool = False) -> Callable[[], bool]:
        """Send, if the connection stands. Returns: what tells whether it waits here no more.

        With QoS 1 the broker confirms it; until then it is kept here, and sent again when the connection is back.
        """
        if not self.connected:
            return lambda: True
        said = self._client.publish(topic, content, qos, retain)
        if said.rc == MQTTErrorCode.MQTT_ERR_NO_CONN and qos:
            said.rc = MQTTErrorCode.MQTT_ERR_SUCCESS  # or it would never tell that it went out later
        return said.is_published

    def stop(self, last_words: Will | None = None) -> None:
        """Say farewell, and end; the broker keeps nothing for this connection then."""
        if last_words is not None and self.connected:
            said = self._client.publish(last_words.topic, last_words.content, 1, retain=True)
            said.wait_for_publish(_STOP_S)
        over = Properties(PacketTypes.DISCONNECT)
        over.SessionExpiryInterval = 0
        self._client.disconnect(properties=over)
        self._client.loop_stop()

    def _connected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._refused = str(reason) in _REFUSED
            user = self._access.user
            who = f"the user {user!r} with this password" if user else "who does not say a user and a password"
            self._fail(f"{self._access.broker} does not let in {who}" if self._refused else f"{reason}")
            return
        if self._subscriptions:
            self._client.subscribe(self._subscriptions)
        with self._changed:
            self.connected, self.problem, self._refused = True, "", False
            self._changed.notify_all()
        self._on_up()

    def _disconnected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        was, self.connected = self.connected, False
        if was:
            self._fail(f"the connection to {self._access.broker} was lost")
        elif not self._client.failed:
            hint = "" if self._access.broker.tls else "; it may want mqtts://"
            self._fail(f"{self._access.broker} closed the connection without a word{hint}", refused=True)

    def _fail(self, why: BaseException | str, *, refused: bool = False) -> None:
        with self._changed:
            if isinstance(why, BaseException):
                self.problem, self._refused = _sentence(self._access.broker, why), isinstance(why, _WRONG)
            else:
                self.problem, self._refused = why, refused or self._refused
            self._client.failed = True
            self._changed.notify_all()


class _Client(mqtt.Client):
    """paho's client, which tells why it could not connect, and sends small packets at once."""

    def __init__(self, fail: Callable[[BaseException], None], client_id: str) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv5)
        self._fail = fail
        self.failed = False
        self.reconnect_delay_set(1, 1)
        self.connect_timeout = CONNECT_S
        self.max_inflight_messages_set(_IN_FLIGHT)
        self.on_socket_open = self._send_at_once

    @staticmethod
    def _send_at_once(_client: mqtt.Client, _data: Any, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def reconnect(self) -> MQTTErrorCode:
        """See paho."""
        try:
            return super().reconnect()
        except OSError as error:
            self._fail(error)
            raise


class _Socket(ssl.SSLSocket):
    """One that does not stay open where the two sides cannot agree."""

    def do_handshake(self, block: bool = False) -> None:
        """See ssl."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def _tls(ca: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise NetworkError(f"cannot read the certificate authority {ca}: {error}") from error
    context.sslsocket_class = _Socket
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _sentence(broker: Broker, error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {broker} is not to be trusted: {error.verify_message}"
    if isinstance(error, _WRONG):
        return f"{broker} does not speak TLS as it should; is it a plain one?"
    if isinstance(error, socket.gaierror):
        return f"nobody is called {broker.host}"
    if isinstance(error, ConnectionRefusedError):
        return f"no broker listens at {broker}"
    if isinstance(error, TimeoutError):
        return f"{broker} does not answer"
    return f"no connection to {broker}: {getattr(error, 'strerror', None) or error}"
