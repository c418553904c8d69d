"""The plugin in pytest: isolation, switching off, parallel runs, and what a suite without it pays."""

import os
import subprocess
import sys

import pytest

NOT_OURS = """
def test_nothing_of_ours():
    assert 1 + 1 == 2
"""


def test_a_suite_that_does_not_use_it_loads_two_modules_and_no_library(pytester):
    """Over the whole session, its end included: modules are listed when the interpreter exits."""
    pytester.makepyfile(NOT_OURS)
    pytester.makeconftest(
        """
        import atexit, sys

        def report():
            wanted = ("pytest_eventbridge", "boto3", "botocore", "moto", "freezegun", "responses", "hypothesis")
            loaded = sorted(name for name in sys.modules if name.partition(".")[0] in wanted)
            print("LOADED", *loaded, file=sys.__stderr__)

        atexit.register(report)
        """
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "pytest_eventbridge", "-v", "--durations=3"],
        cwd=pytester.path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert [line for line in result.stderr.splitlines() if line.startswith("LOADED")] == [
        "LOADED pytest_eventbridge pytest_eventbridge.plugin"
    ]


@pytest.mark.parametrize("spelling", ["eventbridge", "pytest_eventbridge"])
def test_both_spellings_switch_it_off(pytester, spelling):
    pytester.makepyfile("def test_it(eventbridge): pass")

    result = pytester.runpytest_subprocess("-p", f"no:{spelling}", "-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'eventbridge' not found"])


def test_state_of_one_test_never_reaches_the_next(run):
    body = """
    assert eventbridge.client().list_rules()["Rules"] == []
    assert boto3.client("sqs").list_queues().get("QueueUrls", []) == []
    assert boto3.client("lambda").list_functions()["Functions"] == []
    assert eventbridge.events == [] and eventbridge.pending == []
    boto3.client("sqs").create_queue(QueueName="q")
    eventbridge.rule("r", pattern={"source": ["s"]}, targets=[lambda event, context: 1 / 0])
    eventbridge.publish("s", "d")
"""
    allow = '@pytest.mark.eventbridge(allow=["handler-errors"])'
    tests = "".join(f"\n{allow}\ndef test_{number}(eventbridge):{body}" for number in range(3))

    run(f"import boto3, pytest\n{tests}").assert_outcomes(passed=3)


def test_everything_is_undone_also_after_an_error(run):
    result = run(
        """
        import os, boto3, botocore.endpoint, botocore.signers, pytest
        from moto.events.models import EventsBackend

        def state():
            return (
                {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
                boto3.DEFAULT_SESSION,
                botocore.endpoint.Endpoint._send,
                botocore.signers.RequestSigner.get_auth_instance,
                EventsBackend.put_events,
            )

        before = state()

        @pytest.mark.eventbridge(now="2026-03-01")
        def test_that_fails(eventbridge):
            boto3.setup_default_session(region_name="eu-west-1")
            raise RuntimeError

        @pytest.fixture
        def broken(eventbridge):
            yield
            raise RuntimeError

        def test_whose_teardown_fails(broken):
            boto3.client("events").list_rules()

        def test_that_does_not_use_it():
            assert state() == before
        """
    )
    result.assert_outcomes(passed=2, failed=1, errors=1)


def test_an_aws_configuration_of_the_users_own_is_left_alone(run, pytester, monkeypatch):
    config = pytester.path / "config"
    config.write_text("[default]\nregion = eu-north-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "theirs")
    result = run(
        """
        import os, boto3

        def test_it():
            assert boto3.Session().region_name == "eu-north-1"
            assert os.environ["AWS_ACCESS_KEY_ID"] == "theirs"
        """,
        subprocess=True,
    )
    result.assert_outcomes(passed=1)


def test_outside_of_the_fixture_boto3_is_its_own(run):
    result = run(
        """
        import boto3

        def test_first(eventbridge):
            boto3.client("events")
            assert boto3.DEFAULT_SESSION is not None

        def test_second():
            assert boto3.DEFAULT_SESSION is None
        """,
        subprocess=True,
    )
    result.assert_outcomes(passed=2)


def test_one_session_is_kept_so_that_models_are_read_once(run):
    result = run(
        """
        import boto3, botocore.loaders

        read = []
        original = botocore.loaders.JSONFileLoader.load_file

        def load_file(self, path):
            read.append(path)
            return original(self, path)

        botocore.loaders.JSONFileLoader.load_file = load_file

        def test_first(eventbridge):
            boto3.client("events").list_rules()

        def test_second(eventbridge):
            read.clear()
            boto3.client("events").list_rules()
            assert read == []
        """
    )
    result.assert_outcomes(passed=2)


def test_it_works_in_classes_of_unittest(run):
    result = run(
        """
        import unittest, boto3, pytest

        @pytest.mark.eventbridge(region="eu-west-1")
        class TestShop(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _mocked(self, eventbridge):
                self.eventbridge = eventbridge

            def test_publishes(self):
                boto3.client("events").put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}])
                self.eventbridge.assert_event_published(source="s", region="eu-west-1")

            def test_is_strict_too(self):
                boto3.client("events").put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "[]"}])
        """
    )
    result.assert_outcomes(passed=1, failed=1)


def test_it_works_in_asynchronous_tests(run, pytester):
    # As pytest-asyncio and anyio do it: the test is a coroutine in a loop, its fixtures were made outside.
    pytester.makeconftest(
        """
        import asyncio
        import inspect
        import pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            if inspect.iscoroutinefunction(pyfuncitem.obj):
                arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
                asyncio.run(pyfuncitem.obj(**arguments))
                return True
        """
    )
    result = run(
        """
        import asyncio
        import pytest

        async def handler(event, context):
            await asyncio.sleep(0)
            return event["detail"]

        async def test_a_coroutine_handler_runs_while_a_loop_runs(eventbridge):
            eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[handler])
            await asyncio.sleep(0)
            eventbridge.publish("shop", "Paid", {"n": 1})
            assert eventbridge.assert_function_invoked(handler).result == {"n": 1}

        @pytest.mark.eventbridge(now="2026-03-01")
        async def test_sleeping_under_a_still_clock_ends(eventbridge):
            await asyncio.wait_for(asyncio.sleep(0.001), timeout=5)

        async def test_it_is_strict_too(eventbridge):
            eventbridge.publish("shop", "Paid", bus="none")
        """
    )

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["event 0 went to bus 'none', which does not exist"])


def test_it_works_beside_motos_own_decorator(run):
    result = run(
        """
        import boto3
        from moto import mock_aws

        ENTRY = {"Source": "s", "DetailType": "d", "Detail": "{}"}

        @mock_aws
        def test_decorated(eventbridge):
            boto3.client("events").put_events(Entries=[ENTRY])
            eventbridge.assert_event_published(source="s")

        def test_nested(eventbridge):
            with mock_aws():
                boto3.client("events").put_events(Entries=[ENTRY])
            boto3.client("events").put_events(Entries=[ENTRY])
            eventbridge.assert_event_published(source="s", times=2)
        """
    )
    result.assert_outcomes(passed=2)


def test_it_works_inside_a_mock_of_the_users_own_and_leaves_no_trace(run):
    result = run(
        """
        import boto3, moto.core.config, pytest
        from moto import mock_aws

        before = {name: dict(value) for name, value in moto.core.config.default_user_config.items()}

        @pytest.fixture
        def mocked():
            with mock_aws():
                boto3.client("sqs").create_queue(QueueName="theirs")
                yield

        def test_inside(mocked, eventbridge):
            eventbridge.rule("r", pattern={"source": ["s"]}, targets=["arn:aws:sqs:us-east-1:123456789012:theirs"])
            eventbridge.publish("s", "d")
            eventbridge.assert_delivered("theirs")

        def test_after():
            assert boto3.DEFAULT_SESSION is None
            assert moto.core.config.default_user_config == before

        @mock_aws
        def test_on_its_own():
            assert boto3.client("sqs").list_queues().get("QueueUrls", []) == []
        """,
        subprocess=True,
    )
    result.assert_outcomes(passed=3)


def test_it_runs_in_parallel(run):
    tests = "\n".join(
        f"def test_{number}(eventbridge):\n    assert eventbridge.publish('s', 'd').number == 0" for number in range(8)
    )

    run(tests, "-n", "2", subprocess=True).assert_outcomes(passed=8)


def test_a_handlers_assertion_is_an_error_of_the_handler(run):
    result = run(
        """
        def check(event, context):
            assert event["detail"]["total"] == 3

        def test_it(eventbridge):
            eventbridge.rule("r", pattern={"source": ["s"]}, targets=[check])
            eventbridge.publish("s", "d", {"total": 2})
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["function 'check' raised AssertionError: assert 2 == 3"])


def test_durations_stay_sane_under_a_frozen_clock(run):
    result = run(
        """
        import pytest

        @pytest.mark.eventbridge(now="2001-01-01")
        def test_it(eventbridge):
            eventbridge.clock.advance(days=365)
        """,
        "--durations=0",
        "-vv",
    )
    seconds = [float(line.split("s ")[0]) for line in result.outlines if " call " in line or " setup " in line]
    assert seconds
    assert max(seconds) < 60
