"""Each great rule, once broken, turns the test red that stands for it."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What is broken → what the failing test says.
EXPECTED = {
    "test_ranking_by_ethnic_group": "assert",
    "test_a_column_without_a_migration": "forgotten",
    "test_log_lines_unscrubbed": "assert",
    "test_a_name_in_a_log": "name in a log line",
    "test_a_number_in_a_url": "ID number in a URL",
    "test_a_phone_in_a_file": "phone in left-over.txt",
    "test_a_column_unsealed": "phone in jobfair.db",
    "test_a_message_without_chinese": "A sentence nobody has translated.",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each test with a broken rule said when it failed; empty where it passed."""
    report = tmp_path_factory.mktemp("controls") / "report.xml"
    command = [sys.executable, "-m", "pytest", "tests/controls/broken.py", f"--junitxml={report}"]
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql"]
    done = subprocess.run(  # noqa: S603 - our own tests
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
        name = case.attrib["name"].partition("[")[0]
        faults = [*case.iter("failure"), *case.iter("error")]
        found[name] = found.get(name, "") + "".join(
            f"{fault.get('message', '')} {fault.text or ''}" for fault in faults
        )
    return found


def test_every_broken_rule_was_tried(said: dict[str, str]) -> None:
    assert said.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_rule_turns_its_test_red(said: dict[str, str], name: str) -> None:
    assert EXPECTED[name] in said[name]
