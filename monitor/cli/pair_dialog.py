"""The conversation of `crampwatch pair`: tense this, shake that, and the sensor that answers is the one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from monitor.acquisition.in_range import InRange
from monitor.acquisition.pairing import EMG, MOTION, Verdict, Watching, placed, verdict
from monitor.acquisition.profile_model import Profile
from monitor.errors import LinkError
from monitor.team import Sensor

CONNECT_S = 20.0  # for all of them, one after the other
STILL_S = 3.0
ACT_S = 4.0
_TRIES = 3
_ACTIONS = {
    "emg": "tense {whose} {leg} calf hard and let it go, again and again",
    "shank": "swing {whose} {leg} shank (sit down, kick with the lower leg)",
    "foot": "shake the sensor on {whose} {leg} foot",
}


class Dialog:
    """Asks for one action after the other.

    ask : puts a question and gives what is typed. say : tells a line. act_s, still_s : how long to look.
    """

    def __init__(
        self,
        watching: Watching,
        heard: Mapping[str, InRange],
        profiles: Mapping[str, Profile],
        ask: Callable[[str], str],
        say: Callable[[str], object],
        act_s: float = ACT_S,
        still_s: float = STILL_S,
    ) -> None:
        self._watching, self._heard, self._profiles = watching, heard, profiles
        self._ask, self._say = ask, say
        self._act_s, self._still_s = act_s, still_s
        self._free: list[str] = []
        self._rest: dict[Collection[str], dict[str, float]] = {}

    def connect(self) -> None:
        """Wait until the sensors stream, and learn how they are at rest. Raises: LinkError if none does."""
        self._say(f"connecting {len(self._heard)} sensors, one after the other ...")
        self._free = self._watching.wait_until_live(CONNECT_S)
        for name in self._heard.keys() - set(self._free):
            reason = self._watching.details.get(name) or str(self._watching.links[name])
            self._say(f"{name} does not stream and is left out: {reason}")
        if not self._free:
            raise LinkError("no sensor streams; switch them off and on, come nearer, and try again")
        self._learn_rest()

    def _learn_rest(self) -> None:
        self._ask("Everybody still, muscles loose: press Enter, then hold still")
        for kinds in (EMG, MOTION):
            self._rest[kinds] = self._watching.collect(self._still_s, kinds)

    def seat(self, athlete: str, legs: Sequence[str]) -> Iterator[Sensor]:
        """The sensors of one athlete, as they are found."""
        for leg in legs:
            roles = ["emg", "shank", "foot"]
            while roles:
                role = roles.pop(0)
                found = self._find(athlete, leg.strip(), role)
                if found is None:
                    continue
                plays = [role]
                if role == "emg" and self._measures_angle(found):
                    plays.append("shank")  # it sits on the calf
                    roles.remove("shank")
                self._free.remove(found)
                yield placed(found, self._heard[found], leg.strip(), plays)

    def _find(self, athlete: str, leg: str, role: str) -> str | None:
        """The sensor that does what is asked for; None if there is none, or the seat stays empty."""
        kinds = EMG if role == "emg" else MOTION
        able = [name for name in self._free if name in self._rest[kinds] and self._suits(name, role)]
        for _ in range(_TRIES if able else 0):
            action = _ACTIONS[role].format(whose=f"{athlete}'s", leg=leg)
            if self._ask(f"Press Enter, then {action} (s = there is no such sensor)").strip().lower() == "s":
                return None
            spreads = self._watching.collect(self._act_s, kinds)
            judged = verdict({name: spreads[name] for name in able if name in spreads}, self._rest[kinds], kinds)
            if judged.sensor is None:
                self._say(f"not clear: {_told(judged)}; once more")
            elif self._ask(f"{judged.sensor} ({_told(judged)}): Enter = yes, n = no").strip().lower() != "n":
                return judged.sensor
        return None

    def _suits(self, name: str, role: str) -> bool:
        return "emg" in self._profiles[name].kind if role == "emg" else self._measures_angle(name)

    def _measures_angle(self, name: str) -> bool:
        profile = self._profiles[name]
        kinds = {stream.kind for stream in profile.streams.values()}
        return profile.quality.angle_use != "none" and {"acc", "gyro"} <= kinds


def _told(judged: Verdict) -> str:
    ratios = sorted(judged.ratios.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {ratio:.0f} x rest" for name, ratio in ratios[:3]) or "nothing was measured"
