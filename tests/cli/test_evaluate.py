"""`crampwatch evaluate` as a user runs it."""

from __future__ import annotations

import json

from cli.running import crampwatch, sentence


def test_a_small_evaluation_of_simulated_sessions(tmp_path):
    page, table = tmp_path / "page.html", tmp_path / "cramps.csv"
    arguments = ("--simulated", 1, "--minutes", 1, "--quick", "--json", "--out", page, "--table", table)
    done = crampwatch("evaluate", *arguments)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["sessions"], answer["simulated"], answer["failures"]) == (1, True, [])
    assert answer["seeds"] == [1_010_000, 1_010_000]
    assert "Definitions, frozen on" in page.read_text()
    assert "crampwatch evaluate --simulated 1 --seed 1 --minutes 1 --quick (" in answer["made_by"]
    assert table.read_text().startswith("session,athlete,leg,onset_s,precursor,strength,")
    assert table.read_text().count("\n") == 1 + answer["cramps"] == 1 + len(answer["by_cramp"])
    refused = crampwatch("evaluate", "--simulated", 1, "--table", table)
    assert refused.returncode == 1 and "never overwritten" in sentence(refused)
    assert answer["config_hash"] in answer["made_by"] in page.read_text()


def test_what_makes_no_sense_is_refused(tmp_path):
    assert crampwatch("evaluate").returncode == 2
    assert crampwatch("evaluate", "a.xdf").returncode == 2
    missing = crampwatch("evaluate", "a.xdf", "--labels", tmp_path / "none.csv")
    assert missing.returncode == 1
    assert sentence(missing).endswith("none.csv: No such file or directory")
