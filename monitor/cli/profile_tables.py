"""Profiles in words and tables, for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.acquisition.link_model import PHASES, Step
from monitor.acquisition.packet import Packet
from monitor.acquisition.profile import Profile

UNTRIED = "from documents, not yet tried on hardware"


def table(*columns: str, title: str | None = None) -> Table:
    """A table with these columns."""
    made = Table(title=title, title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def show(one: Table) -> None:
    """Print it."""
    Console().print(one)


def overview(summaries: list[dict[str, Any]]) -> Table:
    """The profiles that can be used, a line each."""
    made = table("id", "model", "measures", "EMG", "spectrum", "angle", "losses")
    made.columns[0].no_wrap = True
    untried = any(not entry["verified_on_hardware"] for entry in summaries)
    made.caption, made.caption_justify = f"* {UNTRIED}" if untried else None, "left"
    for entry in summaries:
        rate_hz = entry["emg_rate_nominal_hz"]
        made.add_row(
            entry["id"] + ("" if entry["verified_on_hardware"] else " *"),
            escape(entry["model"]),
            " ".join(entry["kind"]),
            "-" if rate_hz is None else f"{rate_hz:g} Hz",
            entry["spectral_use"],
            entry["angle_use"],
            entry["loss_visibility"],
        )
    return made


def described(profile: Profile) -> Iterator[Table]:
    """One resolved profile: what it is, what it can, what its bytes mean, what is sent to it."""
    yield _about(profile)
    yield from _choices(profile)
    yield _streams(profile)
    yield _packets(profile)
    yield _characteristics(profile)
    yield _commands(profile)
    quirks = table("quirk", "what", "effect", "source", title="Quirks")
    for quirk in profile.quirks:
        quirks.add_row(quirk.id, *(escape(text) for text in (quirk.text, quirk.effect, quirk.source)))
    yield quirks


def _about(profile: Profile) -> Table:
    identity, quality, link = profile.profile, profile.quality, profile.link
    about = table("", profile.key.replace("[", r"\["), title=f"{profile.vendor} {profile.model}")
    tried = "tried on hardware" if identity.verified_on_hardware else UNTRIED
    about.add_row("known from", f"{identity.confidence}; {tried}")
    about.add_row("known by", escape(_known_by(profile)))
    about.add_row("spectrum, angle", f"{quality.spectral_use}, {quality.angle_use}")
    about.add_row("losses show", _LOSSES[quality.loss_visibility])
    most = "not known" if link.max_per_adapter is None else f"at most {link.max_per_adapter} on one adapter"
    about.add_row("link", f"MTU {link.min_mtu} or more; {most}; {budget(profile)}")
    for title, text in (("quality", quality.notes), ("notes", identity.notes)):
        about.add_row(title, escape(text or "-"))
    about.add_row("sources", escape("\n".join(identity.sources)))
    return about


_LOSSES = {
    "counted": "the sensor counts what it sends",
    "turn": "by a break of the turn in which its characteristics send",
    "time": "by the sensor's own time",
    "rate-only": "in a sagging rate alone",
}


def budget(profile: Profile) -> str:
    """What the sensor asks of the air: notifications and bytes a second, as its virtual twin sends them."""
    notifications = n_bytes = 0.0
    for notify in profile.sim.notify:
        spec = profile.packet(notify.packet)
        length = spec.length_with(notify.repetitions or 0)
        rate_hz = notify.true_rate_hz / (spec.n_samples_in(length) or 1)
        notifications += rate_hz
        n_bytes += rate_hz * length
    return f"{notifications:.0f} packets and {n_bytes:.0f} bytes a second"


def _known_by(profile: Profile) -> str:
    match = profile.match
    parts = [f"names that begin with {name}" for name in match.name_prefixes]
    parts += [f"names with {name}" for name in match.name_contains]
    parts += [f"the name {name}" for name in match.names[len(match.name_prefixes) + len(match.name_contains) :]]
    parts += [f"the service {uuid}" for uuid in match.service_uuids if match.service_advertised]
    parts += [f"the company 0x{number:04X}" for number in match.manufacturer_ids]
    return "nothing: others include it" if match.never else ", ".join(parts)


def _choices(profile: Profile) -> Iterator[Table]:
    whole = profile.whole
    if whole.variants:
        variants = table("variant", "by the name", "packet lengths", title="Variants (--variant)")
        for variant in whole.variants:
            mark = " (default)" if variant.default else ""
            names = escape(", ".join(variant.names) or "-")
            variants.add_row(variant.id + mark, names, " ".join(map(str, variant.lengths)) or "-")
        yield variants
    if whole.choices:
        options = table("option", "what", "choices", "default", title="Options (--option NAME=VALUE)")
        for name, option in whole.choices.items():
            options.add_row(name, escape(option.text), " ".join(option.choices), option.default)
        yield options


def _streams(profile: Profile) -> Table:
    columns = ("stream", "channels", "unit", "unit per count", "nominal Hz", "true unit", "stamped by")
    streams = table(*columns, title="Streams")
    for name, s in profile.streams.items():
        cells = (" ".join(s.channels), s.unit, f"{s.gain:.6g}", f"{s.rate_nominal_hz:g}", s.calibrated, s.clock)
        streams.add_row(name, *cells)
    return streams


def _packets(profile: Profile) -> Table:
    packets = table("packet", "bytes", "on", "samples", "remark", title="Packets")
    for p in profile.packets:
        more = " or more" if p.select.length is None else ""
        n_samples = f"{p.n_samples_in(p.shortest) or 1}{more}"
        remark = "not verified" if p.unverified else ""
        packets.add_row(p.id, f"{p.shortest}{more}", " ".join(p.chars), n_samples, remark)
    return packets


def _characteristics(profile: Profile) -> Table:
    made = table("characteristic", "UUID", "service", "can", "", title="Characteristics")
    for alias, spec in profile.gatt.items():
        made.add_row(alias, spec.char, spec.service, " ".join(spec.props), "optional" if spec.optional else "")
    return made


def _commands(profile: Profile) -> Table:
    made = table("when", "what", "characteristic", "bytes or wait", title="Commands")
    for phase in PHASES:
        for step in getattr(profile.step, phase):
            made.add_row(phase, step.op, step.char or "-", escape(_content(step)))
    return made


def _content(step: Step) -> str:
    if step.op == "write":
        return repr(step.ascii) if step.ascii else step.payload.hex(" ")
    return f"{step.delay_ms} ms" if step.op == "delay" else "-"


def packet_tables(profile: Profile, packet: Packet) -> Iterator[Table]:
    """The samples of a decoded packet."""
    for name, samples in packet.streams.items():
        spec = profile.streams[name]
        made = table(*spec.channels, title=f"{name}, {spec.unit}")
        for row in samples.tolist():
            made.add_row(*(f"{value:.5g}" for value in row))
        yield made
