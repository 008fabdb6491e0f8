"""What the page is made of: its own small files, and colours and shapes made from those of the window."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources

from monitor.dashboard.looks import band_colours, paint_for
from monitor.dashboard.shapes import OUTLINES, svg_path
from monitor.dashboard.sheet import FONTS
from monitor.dashboard.states import NOT_UPDATING, ORANGE, STATES, Look, state_look
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, THEMES, Theme, readable
from monitor.sounding.tones import MELODIES
from monitor.warning.texts import FOOT

TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}
FILES = (
    "index.html",
    "page.css",
    "page.js",
    "draw.js",
    "alarms.js",
    "worker.js",
    "crampwatch.webmanifest",
    "icon-192.png",
    "icon-512.png",
)
_SIZE = 256.0


@lru_cache(maxsize=1)
def assets() -> dict[str, tuple[bytes, str]]:
    """Every file of the page: name -> contents and type."""
    folder = resources.files("monitor.dashboard.web") / "page"
    made = {"colours.css": colours(), "shapes.svg": shapes(), "words.json": _words()}
    found = {name: (folder / name).read_bytes() for name in FILES} | {
        name: text.encode() for name, text in made.items()
    }
    return {name: (contents, TYPES[name.rpartition(".")[2]]) for name, contents in found.items()}


def colours() -> str:
    """The themes as style: the ground of the page, and of every state surface, ink and shape."""
    return "\n".join(line for theme in THEMES.values() for line in _theme(theme))


def _theme(theme: Theme) -> list[str]:
    where = f'[data-theme="{theme.name}"]'
    ground = {name: getattr(theme, name) for name in ("background", "card", "raised", "line", "text", "muted")}
    ground |= {"alert": readable(ORANGE, theme.card, AA_TEXT), "trace": theme.traces[0], "fonts": FONTS}
    looks = {**STATES, "OLD": NOT_UPDATING, "UNKNOWN": state_look("")}
    return [f"{where} {{ {_variables(ground)} }}"] + [
        f"{where} .look-{name} {{ {_variables(_look(look, theme))} }}" for name, look in looks.items()
    ]


def _look(look: Look, theme: Theme) -> dict[str, str]:
    surface, ink, second = band_colours(look, theme)
    paint = paint_for(look, surface)
    edge = readable(look.colour, theme.background, AA_GRAPHIC)
    return {
        "surface": surface,
        "ink": ink,
        "second": second,
        "shape": paint.fill,
        "around": paint.edge or "none",
        "edge": edge,
    }


def _variables(values: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def shapes() -> str:
    """The states' shapes as symbols, named as the page asks for them."""
    symbols = (
        f'<symbol id="{shape.name.lower()}" viewBox="0 0 256 256">'
        + "".join(f'<path fill-rule="evenodd" d="{svg_path(layer, _SIZE)}"/>' for layer in layers)
        + "</symbol>"
        for shape, layers in OUTLINES.items()
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _words() -> str:
    """What the page says and plays, so that it stands in one place."""
    return json.dumps({"melodies": MELODIES, "disclaimer": FOOT})
