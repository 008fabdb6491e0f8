"""What was decoded live and what is decoded again from the raw bytes in the file are the same."""

from __future__ import annotations

import numpy as np
from benchmarks.decoding import notifications

from monitor.acquisition.profile import find, stored
from monitor.chunk import Chunk
from monitor.events import Heartbeat
from monitor.keeping import session_facts, session_from_header
from monitor.recording.header import session_header
from monitor.recording.recorder import Recorder
from monitor.recording.replay import RecordingSource
from monitor.recording.xdf_read import open_recording
from monitor.session import Session
from monitor.settings import Settings
from monitor.team import Athlete, Sensor, Team


def test_raw_bytes_give_the_decoded_streams_again_with_recorded_and_with_todays_profiles(tmp_path):
    profile = find("umyo")
    sent = notifications(profile, 8.0, seed=3)
    worn = Sensor(match=sent[0].sensor, profile="umyo", leg="left", roles=("emg",))
    team, profiles = Team(athletes=(Athlete(name="A7", sensors=(worn,)),)), {worn.match: profile}
    session = Session(team, profiles, Settings())
    header = session_header(
        title="x",
        settings=Settings().to_dict(),
        team=team.model_dump(mode="json"),
        profiles={profile.key: stored(profile)},
        speed=1.0,
        simulated=True,
        epoch_s=0.0,
    ) | session_facts(session, profiles)
    recorder = Recorder(tmp_path / "a.xdf", header)
    for event in [*sent, Heartbeat(sent[-1].time_s + 1)]:
        outcome = session.feed(event)
        recorder.put(event, outcome.chunks, [])
    recorder.close()
    with open_recording(tmp_path / "a.xdf") as recording:
        kept = Chunk.joined(list(recording.chunks(f"{worn.match} emg")))
    for newest in (False, True):
        with RecordingSource(tmp_path / "a.xdf") as source:
            again = session_from_header(source.header, newest=newest)
            chunks = [c for event in source for c in again.feed(event).chunks if c.stream.name == "emg"]
        found = Chunk.joined(chunks)
        assert len(found) > 3000
        np.testing.assert_array_equal(found.samples.astype(np.float32), kept.samples)
        np.testing.assert_allclose(found.time_s, kept.time_s, rtol=0, atol=6e-5)
