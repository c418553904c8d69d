"""Whole suites: pytest runs in processes of their own, with the plugin and without it."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import measuring
from benchmarks.measuring import Comparison

_ROUNDS = 5
_QUIET = ("-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist")

EMPTY = "import pytest\n@pytest.mark.parametrize('n', range(20))\ndef test(n): pass\n"

FIXTURE = """
import boto3, pytest
@pytest.mark.parametrize("n", range(200))
def test(eventbridge, n):
    boto3.client("events").list_event_buses()
"""

BARE_MOTO = """
import boto3, pytest
from moto import mock_aws
@pytest.mark.parametrize("n", range(200))
def test(n, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws({settings}):
        boto3.client("events").list_event_buses()
"""


def comparisons() -> Iterator[Comparison]:
    yield compare_suites(
        "start-up of a suite without the fixture",
        EMPTY,
        "without the plugin",
        EMPTY,
        their_options=("-p", "no:pytest_eventbridge"),
        most=0.020,
        rounds=11,
    )
    yield compare_suites(
        "a test with the fixture", FIXTURE, "bare mock_aws and a client", BARE_MOTO.format(settings=""),
        tests=200, target=0.25,
    )  # fmt: skip
    kept = 'config={"core": {"reset_boto3_session": False}}'
    yield compare_suites(
        "a test with the fixture", FIXTURE, "mock_aws with its session kept", BARE_MOTO.format(settings=kept),
        tests=200, target=1.2,
    )  # fmt: skip


def compare_suites(
    what: str,
    ours: str,
    peer: str,
    theirs: str,
    *,
    options: Sequence[str] = (),
    their_options: Sequence[str] = (),
    tests: int = 1,
    target: float | None = None,
    most: float | None = None,
    rounds: int = _ROUNDS,
) -> Comparison:
    """Run two test modules in turns, each in a pytest of its own.

    Args:
        what: What is measured.
        ours: The source of our module.
        peer: Whom it is held against.
        theirs: The source of the peer's module.
        options: For our pytest.
        their_options: For the peer's.
        tests: By which the times are divided, less the start-up of a suite with no such test; 1 for the whole run.
        target: The ratio to stay below.
        most: Seconds by which ours may be slower.
        rounds: How often each runs.
    """
    if measuring.is_quick:
        ours, theirs, rounds = _with_tests(ours, 3), _with_tests(theirs, 3), 1
    with tempfile.TemporaryDirectory() as folder:
        modules = []
        for name, source in (
            ("ours", ours),
            ("theirs", theirs),
            ("none_ours", _with_tests(ours, 1)),
            ("none", _with_tests(theirs, 1)),
        ):
            module = Path(folder, name, "test_it.py")
            module.parent.mkdir()
            module.write_text(source)
            modules.append(module)
        plans = list(zip(modules[:2], (options, their_options), strict=True))
        if tests > 1:
            plans += zip(modules[2:], (options, their_options), strict=True)
        seconds: list[list[float]] = [[] for _ in plans]
        for _ in range(rounds):
            for number, (module, arguments) in enumerate(plans):
                seconds[number].append(_run(module, arguments))
        medians = [statistics.median(each) for each in seconds]
    if tests > 1:
        medians = [(whole - one) / (tests - 1) for whole, one in zip(medians[:2], medians[2:], strict=True)]
    return Comparison(what, medians[0], peer, medians[1], target, most)


def _with_tests(source: str, count: int) -> str:
    """Return the module with so many tests; with one it pays for the imports and little else."""
    return re.sub(r"range\(\d+\)", f"range({count})", source)


def _run(module: Path, options: Sequence[str]) -> float:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHONDONT"))}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", *_QUIET, *options, str(module)],
        check=True, cwd=module.parent, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start
