"""How good the warnings are: frozen definitions, figures with intervals, baselines beside us, a page."""
