"""The claims of the threat model: that each has its test, and those that are about the whole package."""

from __future__ import annotations

import ast
import json
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.licences import Package, bill_of_materials, packages

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "monitor"
GUIDE = (PACKAGE / "guides" / "security.md").read_text(encoding="utf-8")
TREES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
UNSAFE_MODULES = {"pickle", "shelve", "marshal", "dill", "cloudpickle", "yaml", "code", "pty", "runpy"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
XML_ROOM = "recording/xdf_header.py"  # refuses document types and entities before it parses
NETWORK = {"socket", "socketserver", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc", "websockets"}
NETWORK |= {"requests", "httpx", "aiohttp", "aiomqtt", "paho", "pylsl", "distributed"}
NETWORK_ROOMS = (  # each off until it is asked for
    "network/",  # MQTT, LSL
    "dashboard/web/",  # the page for a phone
    "alerts/webhook.py",
    "batch.py",  # many machines, with --cluster
    "acquisition/lsl",  # other programs' streams
    "acquisition/udp_markers.py",  # loopback
    "dashboard/display.py",  # asks the X server whether it is there
    "simulation/",  # virtual sensors on loopback
)


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("claimed", sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", GUIDE))), ids="::".join)
def test_every_claim_has_its_test(claimed: tuple[str, str]) -> None:
    path, name = claimed
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_of_claims_names_a_test() -> None:
    rows = [line for line in GUIDE.splitlines() if line.startswith("| ") and not line.startswith("| claim")]
    assert len(rows) > 15 and all("`tests/" in row for row in rows)


def test_no_file_can_become_code() -> None:
    assert [fault for name, tree in TREES.items() for fault in unsafe(name, tree)] == []


def unsafe(name: str, tree: ast.AST) -> Iterator[str]:
    for module in imports(tree):
        if module.partition(".")[0] in UNSAFE_MODULES or (module.startswith("xml.") and name != XML_ROOM):
            yield f"{name} imports {module}"
    for call in calls(tree):
        said = ast.unparse(call.func)
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        loads = said in ("np.load", "numpy.load") and "allow_pickle" not in given
        if said in UNSAFE_CALLS | SHELLS or loads:
            yield f"{name}:{call.lineno} calls {said}"
        if {given.get("shell", "False"), given.get("allow_pickle", "False")} != {"False"}:
            yield f"{name}:{call.lineno} calls {said} unsafely"


def test_the_look_for_unsafe_code_finds_it() -> None:
    code = "import pickle\nimport xml.dom\neval('1')\nrun('ls', shell=True)\nnp.load(f)\nnp.load(f, allow_pickle=yes)"
    assert len(list(unsafe("x.py", ast.parse(code)))) == 6


def test_only_the_named_rooms_reach_a_network() -> None:
    reaching = {name for name, tree in TREES.items() if {m.partition(".")[0] for m in imports(tree)} & NETWORK}
    assert reaching, "the test looks in the wrong place"
    assert not {name for name in reaching if not name.startswith(NETWORK_ROOMS)}


def test_what_a_command_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "monitor", "licences", "--sbom", str(tmp_path / "bom.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, umask=0o022)
    assert done.returncode == 0, done.stdout
    assert stat.S_IMODE((tmp_path / "bom.json").stat().st_mode) == 0o600


def test_licences_are_accepted_and_listed() -> None:
    found = {package.name.lower(): package for package in packages()}
    assert {"crampwatch", "numpy", "bleak", "pyside6_essentials", "cffi"} <= found.keys()
    assert [package for package in found.values() if not package.accepted] == []


@pytest.mark.parametrize(
    ("licence", "accepted"),
    [
        ("MIT", True),
        ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-2.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("Proprietary", False),
        ("Mozilla Public License 2.0 (MPL 2.0)", True),
        ("EPL-2.0 OR BSD-3-Clause", True),
        ("", False),
    ],
)
def test_a_licence_is_judged(licence: str, accepted: bool) -> None:
    assert Package("x", "1", licence, False).accepted is accepted


def test_the_bill_of_materials_is_the_same_each_time_and_names_every_package() -> None:
    found = packages()
    bill = bill_of_materials(found)
    assert json.dumps(bill) == json.dumps(bill_of_materials(packages()))
    assert bill["bomFormat"] == "CycloneDX" and len(bill["components"]) == len(found) - 1
    assert all(part["purl"].startswith("pkg:pypi/") and part["version"] for part in bill["components"])
