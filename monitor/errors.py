"""Every error that Crampwatch raises on purpose. The text is one plain sentence: what, where, what to do."""

from __future__ import annotations


class CrampwatchError(Exception):
    """The root: the command line prints its text and ends with exit code 1; nothing else is caught there."""


class WiringError(CrampwatchError):
    """Streams and stages that do not fit each other; found at start-up."""


class SettingsError(CrampwatchError):
    """A setting out of its range or of no known name."""


class ProfileError(CrampwatchError):
    """A firmware profile that cannot be used; the text names file, place and reason."""


class PacketError(CrampwatchError):
    """Bytes that are no packet of the profile: cut, too long, of no known kind."""


class TeamError(CrampwatchError):
    """A team file that cannot be used."""


class RadioError(CrampwatchError):
    """No adapter, no permission, no service: the radio cannot be opened."""


class LinkError(CrampwatchError):
    """One sensor's link failed; its supervisor reports it and tries again."""


class RecordingError(CrampwatchError):
    """A recording that cannot be written or read."""


class TableError(CrampwatchError):
    """An imported table that cannot be read as what it is said to be."""


class ScenarioError(CrampwatchError):
    """A simulated scenario that does not exist or cannot be played."""


class EvaluationError(CrampwatchError):
    """An evaluation that cannot be made: labels that do not fit, seeds that were fitted on."""


class JournalError(CrampwatchError):
    """A context journal that cannot be read."""


class NetworkError(CrampwatchError):
    """A broker that cannot be reached or refuses, or what came over the network and cannot be used."""


class WebError(CrampwatchError):
    """A page for the touchline that cannot be served, or not as safely as its address needs."""
