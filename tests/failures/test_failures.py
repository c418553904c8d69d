"""What people read when a test fails: whole outputs, reviewed, with and without parallel runs.

Each module in ``cases/`` fails; the text beside it is what pytest prints. To see and review new ones:
``EVENTBRIDGE_REWRITE=1 pytest tests/failures``, then ``git diff``.
"""

import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).with_name("cases")
CASES = sorted(path.stem for path in FOLDER.glob("*.py"))
OPTIONS = ("-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly", "--strict-markers")


@pytest.fixture
def printed(pytester, monkeypatch):
    """Run a case, and return what pytest printed, without what differs from run to run."""
    # On a CI server pytest does not cut the lines of its short summary.
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)

    def printed(case, *options):
        pytester.makepyfile(**{f"test_{case}": (FOLDER / f"{case}.py").read_text()})
        result = pytester.runpytest_subprocess(*OPTIONS, *options)
        return _lasting("\n".join(result.outlines), pytester.path)

    return printed


def _lasting(text, folder):
    text = text.replace(str(folder), "").replace("bringing up nodes...\n", "")
    text = re.sub(r"^\[gw\d\] .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"in \d+\.\d+s", "in 0.00s", text)
    text = re.sub(r"^[.FE]+ +\[100%\]$", "", text, flags=re.MULTILINE)
    text = re.sub(r"Endpoint\.\w+|0x[0-9a-f]+", "0x0", text)
    text = re.sub(r"^\S*(?:/site-packages/|pytest_eventbridge/)(\S+?):\d+:", r".../\1:N:", text, flags=re.MULTILINE)
    # Each version of Python underlines more or less of a line.
    text = re.sub(r"^ +[~^]+\n", "", text, flags=re.MULTILINE)
    return text.strip() + "\n"


@pytest.mark.parametrize("case", CASES)
def test_a_failure_reads_as_it_was_reviewed(printed, case):
    snapshot = FOLDER / f"{case}.txt"
    text = printed(case)
    if os.environ.get("EVENTBRIDGE_REWRITE"):
        snapshot.write_text(text)

    assert text == snapshot.read_text()


@pytest.mark.parametrize("case", CASES)
def test_it_reads_the_same_in_a_parallel_run(printed, case):
    wanted, text = (FOLDER / f"{case}.txt").read_text(), printed(case, "-n", "2")

    assert _by_test(text) == _by_test(wanted)


def _by_test(text):
    """Return the reports in an order of their own: processes end when they end."""
    return sorted(
        part.strip() for part in re.split(r"^_+ .* _+$", re.split("=+ short test summary", text)[0], flags=re.MULTILINE)
    )


def test_there_are_twenty_of_them():
    assert len(CASES) >= 20
