"""The way from a gateway to the broker, which can be slow and can be cut.

A TCP proxy, and where root allows it a network namespace for the gateway, whose cable is pulled.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import threading


class Proxy:
    """Passes bytes on between any number of clients and one port here. delay_s : each way; cut : nothing passes."""

    def __init__(self, host: str, target_port: int) -> None:
        self.delay_s, self.cut = 0.0, False
        self._target_port = target_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, host, 0), self._loop).result(5.0)
        self.port: int = server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Let go of everybody."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5.0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.close()
            return
        for end in (writer, back):
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sending = asyncio.ensure_future(self._send(waiting, writer))
        with contextlib.suppress(OSError):
            while content := await reader.read(65536):
                waiting.put_nowait((self._loop.time() + self.delay_s, content))
        waiting.put_nowait((0.0, b""))
        await sending

    async def _send(self, waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while (due := await waiting.get())[1]:
                while self.cut or self._loop.time() < due[0]:
                    await asyncio.sleep(0.01)
                writer.write(due[1])
                await writer.drain()
        writer.close()


class Way:
    """From one gateway to the broker's port. number : of the gateway, from 1."""

    def __init__(self, number: int, broker_port: int, host: str) -> None:
        self.host = host
        self._name = f"cw{os.getpid()}-{number}"
        self.namespace = host != "127.0.0.1" and self._make()
        self._proxy = Proxy(host, broker_port)
        self.port = self._proxy.port

    @property
    def prefix(self) -> list[str]:
        """Before a command that is to run at the gateway."""
        return ["ip", "netns", "exec", self._name] if self.namespace else []

    def delay(self, seconds: float) -> None:
        """From now on all takes so much longer, each way."""
        self._proxy.delay_s = seconds

    def cut(self) -> None:
        """Nothing passes."""
        if self.namespace:
            _ip("link", "set", self._name, "down")
        else:
            self._proxy.cut = True

    def mend(self) -> None:
        """All passes again, and as fast as ever."""
        if self.namespace:
            _ip("link", "set", self._name, "up")
        self._proxy.cut, self._proxy.delay_s = False, 0.0

    def stop(self) -> None:
        """Take it away."""
        self._proxy.stop()
        if self.namespace:
            _ip("netns", "del", self._name)

    def _make(self) -> bool:
        there = self.host.rsplit(".", 1)[0] + ".2"
        _ip("netns", "add", self._name)
        _ip("link", "add", self._name, "type", "veth", "peer", "name", "eth0", "netns", self._name)
        _ip("addr", "add", f"{self.host}/24", "dev", self._name)
        _ip("link", "set", self._name, "up")
        _ip("-n", self._name, "addr", "add", f"{there}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", self._name, "link", "set", device, "up")
        return True


def hosts(n_gateways: int) -> list[str]:
    """Addresses of this machine as each gateway sees it: in a namespace of its own where that can be had."""
    if _may_make_namespaces():
        net = 16 + os.getpid() % 200
        return [f"10.{net}.{number}.1" for number in range(1, n_gateways + 1)]
    return ["127.0.0.1"] * n_gateways


def _may_make_namespaces() -> bool:
    if shutil.which("ip") is None or os.geteuid() != 0:
        return False
    name = f"cw{os.getpid()}-try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
    pair = ["ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name]
    paired = made and subprocess.run(pair, capture_output=True, check=False).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return paired


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
