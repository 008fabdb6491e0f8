"""Everything that an Eclipse mosquitto needs to serve a squad: TLS, users with passwords, who may say and hear what.

mosquitto.conf  ca.crt server.crt server.key passwords acl    the broker's; it starts with `mosquitto -c mosquitto.conf`
ca.key                                                       makes further certificates; keep it elsewhere
NAME.password                                                one for each gateway and hub, to be taken there
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from monitor.errors import NetworkError
from monitor.network.certificates import make_certificates
from monitor.network.messages import ROOT, checked_name

_ITERATIONS = 10_000  # the passwords are 144 random bits: no stretching is needed, and the broker waits for it
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,200}")
_CONFIG = """\
# Written by `crampwatch broker-config`. Start it with: mosquitto -c "{folder}/mosquitto.conf"
per_listener_settings false
user {user}
listener {port}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl
certfile {folder}/server.crt
keyfile {folder}/server.key
tls_version tlsv1.2
set_tcp_nodelay true
max_packet_size 1100000
max_inflight_messages 100
max_queued_messages 20000
max_queued_bytes 400000000
persistent_client_expiration 1d
persistence true
persistence_location {folder}/store/
autosave_interval 60
log_dest stderr
connection_messages true
"""


def write_broker_config(
    folder: Path, hosts: Sequence[str], gateways: Sequence[str], hubs: Sequence[str], *, port: int, days: int
) -> list[Path]:
    """Write it all into a new folder, for its owner alone; gives the files with passwords.

    hosts : names or addresses by which gateways reach the broker. days : until its certificate expires.
    Raises: NetworkError where the folder is there already, cannot be written, or a name is none.
    """
    users = [checked_name(name) for name in (*gateways, *hubs)]
    if len(set(users)) != len(users):
        raise NetworkError("each gateway and hub needs a name of its own")
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise NetworkError(f"{host!r} is no name or address of a machine")
    passwords = {user: secrets.token_urlsafe(18) for user in users}
    made = make_certificates(hosts, days)
    absolute = folder.absolute()
    contents = {
        "ca.crt": made.ca,
        "ca.key": made.ca_key,
        "server.crt": made.server,
        "server.key": made.server_key,
        "passwords": _password_lines(passwords),
        "acl": _acl(gateways, hubs),
        "mosquitto.conf": _CONFIG.format(folder=absolute, port=port, user=getpass.getuser()).encode(),
    } | {f"{user}.password": f"{password}\n".encode() for user, password in passwords.items()}
    _write(absolute, contents)
    return [folder / f"{user}.password" for user in users]


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(mode=0o700)
        try:
            (folder / "store").mkdir(mode=0o700)
            for name, content in contents.items():
                with os.fdopen(os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                    file.write(content)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise NetworkError(f"cannot write the broker's configuration to {folder}: {error.strerror}") from error


def _password_lines(passwords: Mapping[str, str]) -> bytes:
    """As mosquitto 2 keeps them: PBKDF2 with SHA-512."""
    return "".join(f"{user}:{_hashed(password)}\n" for user, password in passwords.items()).encode()


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def _acl(gateways: Sequence[str], hubs: Sequence[str]) -> bytes:
    """A gateway speaks for itself alone and hears beats; a hub hears all gateways and speaks for itself."""
    lines = ["# what a gateway or a hub may say and hear; whatever is not named is refused"]
    for name in gateways:
        lines += [
            f"user {name}",
            f"topic write {ROOT}/gateway/{name}/block",
            f"topic write {ROOT}/gateway/{name}/beat",
            f"topic write {ROOT}/gateway/{name}/status",
            f"topic read {ROOT}/gateway/{name}/alert",
            f"topic read {ROOT}/gateway/+/beat",
            f"topic read {ROOT}/hub/+/beat",
        ]
    for name in hubs:
        lines += [
            f"user {name}",
            f"topic read {ROOT}/gateway/#",
            f"topic write {ROOT}/gateway/+/alert",
            f"topic write {ROOT}/hub/{name}/beat",
        ]
    return "\n".join([*lines, ""]).encode()
