"""What pytest loads: options, the marker, the fixtures, and hooks of a few lines.

Surface layer. Only pytest and the standard library are imported here; everything else is imported when a test first
uses the fixture, so that other suites pay nothing.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_eventbridge.eventbridge import EventBridge

_OPTIONS = {
    "region": ("string", "Region of clients that name none (default us-east-1)"),
    "account_id": ("string", "account that tests act in (default 123456789012)"),
    "delivery": ("string", "'immediate' (default): PutEvents returns once the work due is done; or 'manual'"),
    "now": ("string", "instant at which the clock stands still, such as 2026-03-01T00:00:00Z (default: real time)"),
    "strict": ("args", "strict checks to make besides the default ones, such as unmatched-events"),
    "allow": ("args", "strict checks not to make, such as handler-errors"),
    "entry_size_limit": ("int", "bytes that the entries of one PutEvents request must stay below (default 1048576)"),
    "seed": ("int", "seed of event ids and everything else that looks random (default 0)"),
    "flexible_time_windows": ("string", "Scheduler calls targets at a window's 'start' (default), or 'random'ly in it"),
    "past_schedules": ("string", "a schedule created after its at(...) has passed: 'skip' (default) or 'run' it"),
    "permissions": ("string", "policies and roles of targets: 'ignore' them (default) or 'enforce' them"),
}

_MARKER = (
    "eventbridge(region='us-east-1', account_id='123456789012', delivery='immediate', now=None, strict=[], allow=[], "
    "entry_size_limit=1048576, seed=0, flexible_time_windows='start', past_schedules='skip', permissions='ignore'): "
    "settings of the mocked EventBridge; the marker alone gives the fixture"
)

_TRAIL_LINES = 60

_SOURCES_OF_KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)

_SCOPE_MISMATCH = re.compile(r"ScopeMismatch: .*fixture eventbridge with", re.DOTALL)
_ONE_TEST = (
    "the fixture 'eventbridge' is one test's own mocked AWS: a fixture of a wider scope cannot use it.\n"
    "Make that fixture function-scoped; what many tests share, and is no state of AWS, can stay in a wider one.\n"
    "Settings for a whole suite, module or class are given by the fixture 'eventbridge_config', in any scope."
)

_NOT_USERS = frozenset({"pytest_eventbridge", "boto3", "botocore", "moto", "unittest"})

_running = pytest.StashKey["EventBridge"]()
_fakes = pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, (kind, text) in _OPTIONS.items():
        parser.addini(f"eventbridge_{name}", f"pytest-eventbridge: {text}", type=kind, default=None)  # type: ignore[arg-type]  # a table has no literal types


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Stand in for a missing AWS configuration, before modules are imported that make clients at import time."""
    fakes = _fake_configuration()
    os.environ.update(fakes)
    early_config.stash[_fakes] = fakes


def _fake_configuration() -> dict[str, str]:
    """Return what a test machine lacks: a Region if none is set anywhere, and keys if there is no way to get any."""
    config = Path(os.environ.get("AWS_CONFIG_FILE", "~/.aws/config")).expanduser().is_file()
    credentials = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")).expanduser().is_file()
    fakes = {}
    if "AWS_DEFAULT_REGION" not in os.environ and not config:
        fakes["AWS_DEFAULT_REGION"] = os.environ.get("AWS_REGION", "us-east-1")
    if not config and not credentials and not any(name in os.environ for name in _SOURCES_OF_KEYS):
        fakes |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    return fakes


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)


def pytest_unconfigure(config: pytest.Config) -> None:
    for name, value in config.stash.get(_fakes, {}).items():
        if os.environ.get(name) == value:
            del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the fixture to every test that has the marker."""
    for item in items:
        names = getattr(item, "fixturenames", None)
        if names is not None and "eventbridge" not in names and item.get_closest_marker("eventbridge"):
            names.insert(0, "eventbridge")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Make the strict checks after the test's body, so that the test itself fails; not when it has failed already."""
    result = yield
    eventbridge = item.stash.get(_running, None)
    if eventbridge is not None:
        complaints = eventbridge.complaints()
        if complaints:
            pytest.fail("\n\n".join(complaints), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell a failed test's story in a section of its report, which reaches other processes and other formats."""
    if call.excinfo is not None and not item.config.getoption("fulltrace"):
        call.excinfo = _end_on_the_users_line(call.excinfo)
    report = yield
    eventbridge = item.stash.get(_running, None)
    if eventbridge is not None and report.when == "call" and report.failed:
        unicode = (getattr(sys.__stdout__, "encoding", None) or "").lower().startswith("utf")
        story = eventbridge.trail(unicode=unicode, limit=_TRAIL_LINES)
        shuffled = eventbridge.faults.shuffle_seed
        seeds = f"seed {eventbridge.settings.seed}" + (f", shuffled with {shuffled}" if shuffled is not None else "")
        _add_section(report, f"{story}\n{seeds}")
    if report.when == "setup" and report.failed and _SCOPE_MISMATCH.search(str(report.longrepr)):
        _add_section(report, _ONE_TEST)
    return report


def _add_section(report: pytest.TestReport, text: str) -> None:
    """Put text below a failure; where the failure has sections of its own, there: JUnit's XML has only those."""
    add: Callable[[str, str], None] | None = getattr(report.longrepr, "addsection", None)
    if add is not None:
        add("EventBridge", text)
    else:
        report.sections.append(("EventBridge", text))


def _end_on_the_users_line(excinfo: pytest.ExceptionInfo[BaseException]) -> pytest.ExceptionInfo[BaseException]:
    """Leave the way through our package, and through AWS's libraries, out of the traceback of an error of ours."""
    errors = sys.modules.get("pytest_eventbridge.errors")
    if errors is None or not isinstance(excinfo.value, errors.EventBridgeError):
        return excinfo
    steps, step = [], excinfo.value.__traceback__
    while step is not None:
        steps.append(step)
        step = step.tb_next
    shown = None
    for step in reversed(steps):
        if step.tb_frame.f_globals.get("__name__", "").partition(".")[0] not in _NOT_USERS:
            shown = TracebackType(shown, step.tb_frame, step.tb_lasti, step.tb_lineno)
    if shown is None:
        return excinfo
    return pytest.ExceptionInfo.from_exc_info((excinfo.type, excinfo.value, shown))


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Print the records themselves when a comparison of them fails."""
    views = sys.modules.get("pytest_eventbridge.recording.views")
    if views is None or op not in ("==", "!="):
        return None
    records = [side for side in (left, right) if isinstance(side, views.Records)]
    if not records:
        return None
    sides = (f"{len(side)} {side.noun}" if isinstance(side, views.Records) else repr(side) for side in (left, right))
    return [f" {op} ".join(sides), *(line for side in records for line in repr(side).splitlines())]


def pytest_report_header(config: pytest.Config) -> str | None:
    given = {name: config.getini(f"eventbridge_{name}") for name in _OPTIONS}
    shown = ", ".join(f"{name}={value}" for name, value in given.items() if value not in (None, []))
    return f"eventbridge: {shown}" if shown and config.get_verbosity() > 0 else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Give the next test the real time again, unless it uses the fixture: freezing anew would be dear."""
    try:
        return (yield)
    finally:
        clock = sys.modules.get("pytest_eventbridge.clock")
        if clock is not None and "eventbridge" not in getattr(nextitem, "fixturenames", ()):
            clock.thaw()


@pytest.fixture(scope="session")
def eventbridge_config() -> Mapping[str, Any]:
    """Settings of the mocked EventBridge for a whole suite, module or class: override it to return a mapping.

    The names are those of the marker: region, account_id, delivery, now, strict, allow,
    entry_size_limit, seed, flexible_time_windows, past_schedules, permissions.
    """
    return {}


@pytest.fixture
def eventbridge(request: pytest.FixtureRequest, eventbridge_config: Mapping[str, Any]) -> Iterator[EventBridge]:
    """A mocked Amazon EventBridge, empty and alone with this test, inside a mocked AWS.

    It records every PutEvents entry, evaluates rules as AWS does, invokes handlers in process, delivers to queues, and
    asserts on what happened. Everything is undone afterwards.
    """
    from pytest_eventbridge.configuration import settings_from
    from pytest_eventbridge.errors import ConfigurationError
    from pytest_eventbridge.running import running

    fault = None
    try:
        settings = settings_from(_setting_places(request, eventbridge_config))
    except ConfigurationError as error:
        fault = f"{type(error).__name__}: {error}"
    if fault is not None:
        pytest.fail(fault, pytrace=False)
    with running(settings) as started:
        request.node.stash[_running] = started
        try:
            yield started
        finally:
            del request.node.stash[_running]


def _setting_places(
    request: pytest.FixtureRequest, configured: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    options = {name: request.config.getini(f"eventbridge_{name}") for name in _OPTIONS}
    yield "the ini options eventbridge_*", {name: value for name, value in options.items() if value not in (None, [])}
    yield "the fixture eventbridge_config", configured
    for marker in reversed(list(request.node.iter_markers("eventbridge"))):
        if marker.args:
            from pytest_eventbridge.errors import ConfigurationError

            raise ConfigurationError(f"@pytest.mark.eventbridge takes keywords only, got {marker.args[0]!r}")
        yield "@pytest.mark.eventbridge", marker.kwargs
