"""The conversation of `crampwatch pair`: tense this, shake that, and the sensor that answers is the one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monitor.acquisition.seating import Seat, Seating, seats, told

_TRIES = 3


class Dialog:
    """Asks for one action after the other.

    ask : puts a question and gives what is typed. say : tells a line.
    """

    def __init__(self, seating: Seating, ask: Callable[[str], str], say: Callable[[str], object]) -> None:
        self._seating, self._ask, self._say = seating, ask, say

    def connect(self) -> None:
        """Wait until the sensors stream, and learn how they are at rest. Raises: LinkError if none does."""
        self._say("connecting the sensors, one after the other ...")
        self._seating.connect()
        for name, reason in self._seating.left_out.items():
            self._say(f"{name} does not stream and is left out: {reason}")
        self._ask("Everybody still, muscles loose: press Enter, then hold still")
        self._seating.learn_rest()

    def seat(self, athlete: str, legs: Sequence[str]) -> None:
        """Find the sensors of one athlete."""
        for seat in seats(athlete, [leg.strip() for leg in legs]):
            if seat not in self._seating.taken and (found := self._find(seat)) is not None:
                self._seating.take(seat, found)

    def _find(self, seat: Seat) -> str | None:
        """The sensor that does what is asked for; None if there is none, or the seat stays empty."""
        for _ in range(_TRIES if self._seating.able(seat) else 0):
            if self._ask(f"Press Enter, then {seat.action} (s = there is no such sensor)").strip().lower() == "s":
                return None
            judged = self._seating.look(seat)
            if judged.sensor is None:
                self._say(f"not clear: {told(judged)}; once more")
            elif self._ask(f"{judged.sensor} ({told(judged)}): Enter = yes, n = no").strip().lower() != "n":
                return judged.sensor
        return None
