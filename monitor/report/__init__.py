"""Reports as one HTML file: no network, own SVG, prints well. A sink: it knows what `analyze` says and no more."""

from monitor.report.page import report

__all__ = ["report"]
