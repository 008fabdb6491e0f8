"""A field with two gateways and players who run from one to the other, in virtual time: links, packets, beats, blocks.

As on air: a sensor has one link, does not advertise while it has it, and goes on counting while it has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from acquisition.synthetic import profile_of

from monitor.events import Event, Heartbeat, Link, LinkChange, Notification
from monitor.network.blocks import Block, encode
from monitor.network.messages import GatewayBeat
from monitor.network.ownership import Ownership
from monitor.simulation.packing import Packer

PROFILE = profile_of("counter")
PACKET_S = 24 / 1137.3
STEP_S = 1 / 128  # exact in binary, as the times made of it are
BLOCK_S, BEAT_S = 6 * STEP_S, 0.5
WEAKEST_DBM = -88.0
SUPERVISION_S, CONNECT_S, ADVERTISE_S = 1.0, 0.3, 0.1


def dbm(distance_m: float) -> float:
    return -50.0 - 20.0 * math.log10(max(distance_m, 1.0))


@dataclass
class Message:
    """What a gateway sends. at_s: true time; kind: block or beat."""

    at_s: float
    gateway: str
    kind: str
    content: bytes


@dataclass
class FieldGateway:
    """began_s : the true time at its session time 0."""

    name: str
    at_m: float
    began_s: float
    field_: Field
    run: int = 1
    made: list[Event] = field(default_factory=list)
    counter: int = 0

    def __post_init__(self) -> None:
        self.own = Ownership(self.name, now_s=lambda: self.field_.now_s)

    def tell(self, event: Event) -> None:
        self.own.follow(event)
        self.made.append(event)

    @property
    def session_s(self) -> float:
        return self.field_.now_s - self.began_s

    def block(self) -> Message:
        self.made.append(Heartbeat(self.session_s))
        content = encode(Block(self.run, self.counter, tuple(self.made)))
        self.counter, self.made = self.counter + 1, []
        return Message(self.field_.now_s, self.name, "block", content)

    def beat(self) -> GatewayBeat:
        held, heard = self.own.told_here()
        return GatewayBeat(
            run=self.run, now_s=self.session_s, epoch_s=0.0, oldest=0, next=self.counter, held=held, heard=heard
        )


@dataclass
class Player:
    """Runs to and fro between the ends of the field. by : the gateway that has the sensor."""

    sensor: str
    phase_s: float
    payloads: list[bytes]
    char: str
    by: FieldGateway | None = None
    live_at_s: float = math.inf
    far_since_s: float | None = None

    def x_m(self, time_s: float) -> float:
        return 50.0 * (1.0 - math.cos(2 * math.pi * (time_s + self.phase_s) / 25.0))


class Field:
    """links : (true time, sensor, gateway) of every link that went live."""

    def __init__(self, n_players: int, seconds: float) -> None:
        self.now_s, self.seconds = 0.0, seconds
        self.gateways = [FieldGateway("gw1", 0.0, -4.0, self), FieldGateway("gw2", 100.0, -2.5, self)]
        self.players = [self._player(i, n_players) for i in range(n_players)]
        self.links: list[tuple[float, str, str]] = []
        self.packets: dict[str, list[float]] = {player.sensor: [] for player in self.players}  # true times on air

    def _player(self, number: int, n_players: int) -> Player:
        spec = PROFILE.packet("signal")
        n = int(self.seconds / PACKET_S) + 2
        counts = {"emg": np.random.default_rng(number).integers(-3000, 3000, (24 * n, 1))}
        payloads = Packer(PROFILE, spec).pack(counts, 0)
        return Player(f"S{number}", 25.0 * number / n_players, list(payloads), PROFILE.uuid(spec.chars[0]))

    def run(self) -> Iterator[Message]:
        """All that the gateways send, in true order."""
        for step in range(1, round(self.seconds / STEP_S) + 1):
            before_s, self.now_s = self.now_s, step * STEP_S
            for player in self.players:
                self._move(player, before_s)
            if step % round(BLOCK_S / STEP_S) == 0:
                yield from (gateway.block() for gateway in self.gateways)
            if step % round(BEAT_S / STEP_S) == 0:
                beats = [(gateway, gateway.beat()) for gateway in self.gateways]
                for gateway, beat in beats:
                    for other in self.gateways:
                        other.own.told(gateway.name, beat)
                    yield Message(self.now_s, gateway.name, "beat", beat.text())

    def _move(self, player: Player, before_s: float) -> None:
        strength = {gw.name: dbm(abs(player.x_m(self.now_s) - gw.at_m)) for gw in self.gateways}
        if player.by is None:
            self._advertise(player, strength, before_s)
        elif strength[player.by.name] < WEAKEST_DBM:
            player.far_since_s = self.now_s if player.far_since_s is None else player.far_since_s
            if self.now_s - player.far_since_s >= SUPERVISION_S:
                player.by.tell(LinkChange(player.by.session_s, player.sensor, Link.LOST, "the link was lost"))
                player.by, player.far_since_s = None, None
        else:
            player.far_since_s = None
            self._send(player, player.by, before_s)

    def _advertise(self, player: Player, strength: dict[str, float], before_s: float) -> None:
        if int(self.now_s / ADVERTISE_S) == int(before_s / ADVERTISE_S):
            return
        for gateway in self.gateways:
            heard = strength[gateway.name]
            if player.by is None and heard >= WEAKEST_DBM and gateway.own.may_take(player.sensor, heard):
                player.by, player.live_at_s = gateway, self.now_s + CONNECT_S
                gateway.tell(LinkChange(gateway.session_s, player.sensor, Link.CONNECTING))

    def _send(self, player: Player, gateway: FieldGateway, before_s: float) -> None:
        if before_s < player.live_at_s <= self.now_s:
            gateway.tell(LinkChange(gateway.session_s, player.sensor, Link.LIVE))
            self.links.append((self.now_s, player.sensor, gateway.name))
        if self.now_s < player.live_at_s:
            return
        for index in range(int(before_s / PACKET_S), int(self.now_s / PACKET_S)):
            self.packets[player.sensor].append(self.now_s)
            gateway.tell(Notification(gateway.session_s, player.sensor, player.char, player.payloads[index]))
