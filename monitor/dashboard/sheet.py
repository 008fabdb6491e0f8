"""The window's style sheet: one quiet hierarchy of type, one radius, one grid of 4 pixels."""

from __future__ import annotations

from string import Template

from monitor.dashboard.states import ORANGE
from monitor.dashboard.themes import AA_TEXT, Style, readable

FONTS = '"Inter", "Segoe UI", "SF Pro Text", "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif'

_SHEET = Template("""
* { font-family: $fonts; font-size: ${body}px; color: $text; }
QMainWindow, QDialog, QMessageBox, #page { background: $background; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
#card, #linkCard { background: $card; border: 1px solid $line; border-radius: ${radius}px; }
#title { font-size: ${title}px; font-weight: 600; }
#clock { font-size: ${clock}px; font-weight: 600; }
#speed { font-size: ${title}px; font-weight: 600; color: $muted; }
#muted, #small { color: $muted; }
#small, #caption, #captionNote, #tileName, #tileNote, #foot { font-size: ${small}px; }
#linkFacts { font-size: ${tiny}px; }
#caption, #linkRole { font-weight: 600; }
#captionNote, #tileName, #tileNote, #linkFacts, #foot { color: $muted; }
#captionAlert { font-size: ${small}px; font-weight: 600; color: $alert; }
#bigFact { font-size: ${big}px; font-weight: 600; }
#reason { font-size: ${reason}px; }
#points { color: $muted; }
#advice { font-size: ${advice}px; font-weight: 700; }
#guide { font-size: ${title}px; font-weight: 600; }
#tile { background: $raised; border-radius: ${radius}px; }
#tileFact { font-size: ${tile}px; font-weight: 600; }
#simulated { background: $text; color: $background; font-size: ${title}px; font-weight: 700;
    letter-spacing: 1px; border-radius: ${radius}px; padding: 0 ${pad}px; }
#notice { background: $text; color: $background; font-size: ${reason}px; font-weight: 600;
    border-radius: ${radius}px; padding: ${half}px ${pad}px; }
#recording { color: $text; font-size: ${small}px; }
QPushButton { background: $raised; border: 1px solid $line; border-radius: ${radius}px;
    padding: 0 ${pad}px; min-height: ${button}px; font-weight: 600; }
QPushButton:hover { border-color: $muted; }
QPushButton:pressed { background: $muted; color: $background; }
QPushButton:checked { background: $text; color: $background; border-color: $text; }
QPushButton:focus { border-color: $text; }
QPushButton:disabled { color: $muted; }
QPushButton#quiet { background: transparent; border-color: transparent; color: $muted; font-size: ${small}px;
    min-height: ${quiet}px; padding: 0 ${half}px; }
QPushButton#quiet:hover { color: $text; border-color: $line; }
QPushButton[asking="true"], QPushButton#quiet[asking="true"] { background: $text; color: $background; }
QPushButton#square { padding: 0; min-width: ${button}px; }
QPushButton#huge { font-size: ${advice}px; min-height: ${huge}px; }
QPushButton#primary, QPushButton#hugePrimary { background: $text; color: $background; border-color: $text; }
QPushButton#primary:disabled, QPushButton#hugePrimary:disabled { background: $raised; color: $muted;
    border-color: $line; }
QPushButton#hugePrimary { font-size: ${advice}px; min-height: ${huge}px; }
QPushButton#start { padding: 0; min-height: ${start}px; background: $card; }
QPushButton#start:hover, QPushButton#start:focus { border-color: $text; background: $raised; }
QPushButton#chip { padding: 0 ${half}px; min-height: ${chip}px; font-weight: 400; }
QPushButton#rail { background: transparent; border: 0; color: $muted; text-align: left; padding: 0 ${half}px; }
QPushButton#rail[now="true"] { color: $text; }
QPushButton#rail:focus, QPushButton#rail:hover { color: $text; background: $raised; }
#rail { background: $card; }
#card[now="now"] { border: 2px solid $text; }
#phase { color: $muted; border: 1px solid $line; border-radius: ${radius}px; padding: ${half}px ${pad}px; }
#phase[now="now"] { color: $background; background: $text; font-weight: 700; }
QLabel#huge { font-size: ${prompt}px; font-weight: 600; }
#count { font-size: ${count}px; font-weight: 700; }
#key { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 2px ${half}px; font-weight: 600; }
#undo { background: $text; border-radius: ${radius}px; }
#undoSaid { color: $background; font-weight: 600; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }
QScrollArea#card { background: $card; border: 1px solid $line; border-radius: ${radius}px; }
QCheckBox { spacing: ${pad}px; }
QCheckBox::indicator { width: 18px; height: 18px; border: 2px solid $muted; border-radius: 5px; background: $card; }
QCheckBox::indicator:checked { background: $text; border-color: $text; }
QComboBox { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 0 ${half}px; }
QComboBox QAbstractItemView { background: $raised; color: $text; selection-background-color: $line; }
QSlider::groove:horizontal { background: $line; height: 6px; border-radius: 3px; }
QSlider::sub-page:horizontal { background: $muted; border-radius: 3px; }
QSlider::handle:horizontal { background: $text; width: 14px; margin: -5px 0; border-radius: 7px; }
QListWidget, QTableWidget, QLineEdit { background: $card; border: 1px solid $line; border-radius: 4px; color: $text;
    selection-background-color: $raised; selection-color: $text; gridline-color: $line; }
QHeaderView::section, QTableCornerButton::section { background: $raised; color: $muted; border: 0; padding: 3px; }
QDockWidget::title { background: $card; padding: 3px 6px; font-weight: 600; }
QToolButton#quiet { background: transparent; border: 0; color: $muted; padding: 0; }
QToolButton#quiet::menu-indicator { image: none; }
QToolButton#quiet:hover { color: $text; }
QMenu { background: $raised; border: 1px solid $line; }
QMenu::item:selected { background: $line; }
QMainWindow::separator { background: $background; width: 4px; height: 3px; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: ${half}px ${pad}px; font-weight: 600;
    border-bottom: 3px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $text; }
""")


def sheet(style: Style) -> str:
    """The style sheet of a theme at a size."""
    theme = style.theme
    sizes = {"body": 13, "small": 12, "title": 16, "clock": 26, "big": 16, "reason": 14, "tile": 16, "radius": 8}
    sizes |= {
        "tiny": 11,
        "pad": 12,
        "half": 6,
        "button": 32,
        "quiet": 18,
        "start": 96,
        "advice": 21,
        "huge": 60,
        "chip": 26,
        "prompt": 32,
        "count": 190,
    }
    return _SHEET.substitute(
        {name: style.px(size) for name, size in sizes.items()},
        fonts=FONTS,
        alert=readable(ORANGE, theme.card, AA_TEXT),
        background=theme.background,
        card=theme.card,
        raised=theme.raised,
        line=theme.line,
        text=theme.text,
        muted=theme.muted,
    )
