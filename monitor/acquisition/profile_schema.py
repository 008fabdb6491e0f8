"""The JSON schema of profile files, for editors that complete and check as one types."""

from __future__ import annotations

import json

from monitor.acquisition.profile_model import Profile


def schema_text() -> str:
    """The schema as it stands in `firmware_profiles/profile.schema.json`."""
    schema = Profile.model_json_schema(by_alias=True)
    schema["properties"].pop("chosen")  # stands in recordings only
    schema["$defs"].pop("Chosen")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Crampwatch firmware profile"
    schema["required"] = [key for key in schema["required"] if key not in ("packet", "stream")]  # may be included
    return json.dumps(schema, indent=2) + "\n"
