"""A live session, of real or of virtual sensors, from the open radio to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Thread

from monitor.acquisition.profile_model import Profile
from monitor.cli.alerting import LiveAlerts, alerting
from monitor.cli.controls import LiveControls
from monitor.cli.headers import live_header
from monitor.cli.live_source import Source
from monitor.cli.lsl_options import lsl_sinks
from monitor.cli.printing import say
from monitor.cli.running import Run, is_watched, recorder, show_outcomes, sinks, tell_advice, watch
from monitor.context.advice import StatesSeen
from monitor.dashboard import get_ready
from monitor.dashboard.controls import Controls
from monitor.dashboard.web.plan import WebPlan
from monitor.engine import FRAME_S, SQUAD_FRAME_S, Engine, Sink
from monitor.session import Session
from monitor.snapshot import Snapshot

_BEHIND_S = 1.0  # wall seconds


@dataclass(frozen=True, slots=True)
class LiveRun:
    """How to run it. kind: demo or live; until_s: session time of its end, None = open; wall: on the sideline wall.

    about : more facts for the header of its recording; watchers : more sinks; lines : see `Run`; quiet : states are not
    printed; webhook : where alerts go besides; sound : see `alerting`; dress : see `Run`; web : how to serve the page;
    lsl : publish LSL streams, too.
    """

    title: str
    kind: str
    simulated: bool
    window: bool
    as_json: bool
    record: Path | None = None
    until_s: float | None = None
    wall: bool = False
    about: Mapping[str, object] = field(default_factory=dict)
    watchers: tuple[Sink, ...] = ()
    lines: Callable[[], Iterable[str]] = tuple
    quiet: bool = False
    webhook: str | None = None
    sound: Callable[[], bool] | None = None
    dress: Callable[[Snapshot], Snapshot] | None = None
    web: WebPlan | None = None
    show: Callable[[Callable[[], Snapshot], Controls], object] | None = None
    lsl: bool = False

    def play(self, source: Source, session: Session, profiles: Mapping[str, Profile]) -> None:
        """Run it to its end."""
        if self.window and self.show is None:
            get_ready(wall=self.wall)
        if not self.window:  # where one opens, it is painted before the first sample wants this
            Thread(target=import_module, args=("scipy.signal",), daemon=True).start()
        with (
            recorder(self.record, lambda: self._header(source, session, profiles)) as file,
            alerting(source, session, self.webhook, self.sound) as alerts,
        ):
            seen = StatesSeen()
            engine = Engine(
                source,
                session,
                describe=lambda: self._describe(source, session, alerts),
                sinks=(
                    *self.watchers,
                    *lsl_sinks(self.lsl, lambda: session, session.speed),
                    *sinks(file),
                    alerts,
                    seen,
                ),
                until_s=self.until_s,
                watched=is_watched(self.window, self.web),
                frame_s=SQUAD_FRAME_S if self.wall else FRAME_S,
                curves=not self.wall,
                on_outcome=None if self.window or self.quiet else show_outcomes(self.as_json, say),
                recording=(lambda: file.status) if file else None,
            )
            watch(
                Run(
                    engine,
                    source.stop,
                    LiveControls(source),
                    lambda: (*self.lines(), *alerts.lines()),
                    self.dress,
                    alerts.calls,
                    self.show,
                ),
                self.window,
                wall=self.wall,
                web=self.web,
            )
        if not (self.as_json or self.quiet):
            tell_advice(seen, session, session.journal)

    def _header(self, source: Source, session: Session, profiles: Mapping[str, Profile]) -> dict[str, object]:
        epoch_s = time.time() - source.clock.now_s() / source.clock.speed  # the clock has run since the radio opened
        header = live_header(session, profiles, self.title, session.speed, simulated=self.simulated, epoch_s=epoch_s)
        return header | dict(self.about)

    def _describe(self, source: Source, session: Session, alerts: LiveAlerts) -> dict[str, object]:
        behind_s = source.behind_s(session.now_s)
        late = behind_s > _BEHIND_S * max(1.0, session.speed)
        notes = (f"This computer does not keep up: what you see is {behind_s:.0f} s old.",) if late else ()
        said = {"source": self.kind, "title": self.title, "simulated": self.simulated}
        calling = {"alerts": alerts.rules.standing(session.now_s), "muted": tuple(sorted(alerts.rules.muted))}
        calling["away"] = alerts.away
        return {"speed": session.speed, "notes": notes + alerts.notes} | said | calling
