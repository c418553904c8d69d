"""Settings: where they are given, how they are merged, and how wrong ones are refused."""

import pytest

from pytest_eventbridge import ConfigurationError
from pytest_eventbridge.configuration import CHECKS, DEFAULT_CHECKS, Settings, setting_names, settings_from
from pytest_eventbridge.plugin import _MARKER, _OPTIONS

NAMES = "region, account_id, delivery, now, entry_size_limit, seed, flexible_time_windows, past_schedules, permissions, strict, allow"


def test_the_plugin_offers_an_ini_option_and_a_marker_keyword_for_each_setting():
    assert sorted(_OPTIONS) == sorted(setting_names())
    assert all(f"{name}=" in _MARKER for name in setting_names())


def test_the_defaults_are_those_of_the_documentation():
    assert settings_from([]) == Settings()
    assert Settings().region == "us-east-1"
    assert Settings().entry_size_limit == 1_048_576
    assert set(CHECKS) - DEFAULT_CHECKS == {"unmatched-events"}


def test_inner_places_replace_outer_ones():
    merged = settings_from([("outer", {"region": "eu-west-1", "seed": 1}), ("inner", {"seed": 2})])

    assert (merged.region, merged.seed) == ("eu-west-1", 2)


def test_strict_adds_checks_and_allow_takes_them_away_place_by_place():
    outer = ("outer", {"strict": ["unmatched-events"], "allow": ["handler-errors"]})
    inner = ("inner", {"allow": ["unmatched-events"], "strict": ["handler-errors"]})

    assert settings_from([outer]).checks == DEFAULT_CHECKS - {"handler-errors"} | {"unmatched-events"}
    assert settings_from([outer, inner]).checks == DEFAULT_CHECKS


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"regon": "x"}, f"here has no setting 'regon': did you mean 'region'? (all: {NAMES})"),
        ({"region": "mars"}, "here: region must be a Region such as 'eu-central-1', got 'mars'"),
        ({"account_id": "12"}, "here: account_id must be twelve digits, got '12'"),
        ({"delivery": "later"}, "here: delivery must be 'immediate' or 'manual', got 'later'"),
        ({"now": "soon"}, "here: now: 'soon' is not an instant: give a datetime, ISO 8601 text such as"
            " '2026-03-01T00:00:00Z', or seconds since the epoch"),
        ({"entry_size_limit": 0}, "here: entry_size_limit must be a number of bytes, got 0"),
        ({"seed": "x"}, "here: seed must be a whole number, got 'x'"),
        ({"flexible_time_windows": "end"}, "here: flexible_time_windows must be 'start' or 'random', got 'end'"),
        ({"permissions": "no"}, "here: permissions must be 'ignore' or 'enforce', got 'no'"),
        ({"past_schedules": "no"}, "here: past_schedules must be 'skip' or 'run', got 'no'"),
        ({"allow": "handler-errors"}, f"here: allow must be a list of checks: {', '.join(CHECKS)}, got 'handler-errors'"),
        ({"strict": ["handler-error"]}, "here: strict has no check 'handler-error': did you mean 'handler-errors'?"
            f" (all: {', '.join(CHECKS)})"),
        (None, "here must give a mapping of settings, got NoneType"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_with_what_is_allowed(settings, message):
    with pytest.raises(ConfigurationError) as refused:
        settings_from([("here", settings)])

    assert str(refused.value) == message


def test_settings_come_from_ini_fixture_and_markers_in_this_order(run, pytester):
    pytester.makeini(
        """
        [pytest]
        eventbridge_region = eu-west-1
        eventbridge_seed = 1
        eventbridge_delivery = manual
        eventbridge_allow = handler-errors unknown-buses
        eventbridge_entry_size_limit = 262144
        """
    )
    result = run(
        """
        import pytest
        pytestmark = pytest.mark.eventbridge(account_id="111111111111")

        @pytest.fixture(scope="module")
        def eventbridge_config():
            return {"seed": 2, "delivery": "immediate"}

        @pytest.mark.eventbridge(seed=3)
        class TestInner:
            @pytest.mark.eventbridge(seed=4, strict=["unknown-buses"])
            def test_all(self, eventbridge):
                s = eventbridge.settings
                assert (s.region, s.seed, s.delivery, s.account_id) == ("eu-west-1", 4, "immediate", "111111111111")
                assert s.entry_size_limit == 262144
                assert "handler-errors" not in s.checks and "unknown-buses" in s.checks

            def test_class(self, eventbridge):
                assert eventbridge.settings.seed == 3

        def test_module(eventbridge):
            assert eventbridge.settings.seed == 2
        """
    )
    result.assert_outcomes(passed=3)


def test_the_marker_alone_gives_the_fixture(run):
    result = run(
        """
        import boto3, pytest

        @pytest.mark.eventbridge(region="eu-west-1")
        def test_it():
            assert boto3.client("events").list_event_buses()["EventBuses"][0]["Arn"].split(":")[3] == "eu-west-1"
        """
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        ("regon='x'", "ConfigurationError: @pytest.mark.eventbridge has no setting 'regon': did you mean 'region'?*"),
        ("'eu-west-1'", "ConfigurationError: @pytest.mark.eventbridge takes keywords only, got 'eu-west-1'"),
    ],
)
def test_a_wrong_marker_is_an_error_without_a_traceback(run, marker, line):
    result = run(f"import pytest\n@pytest.mark.eventbridge({marker})\ndef test_it(): pass")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_the_clock_can_stand_still_from_the_start(run):
    result = run(
        """
        import datetime, pytest

        @pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
        def test_it(eventbridge):
            assert datetime.datetime.now(datetime.UTC).isoformat() == "2026-03-01T00:00:00+00:00"
            assert eventbridge.publish("s", "d").envelope["time"] == "2026-03-01T00:00:00Z"

        def test_next(eventbridge):
            assert datetime.datetime.now(datetime.UTC).year > 2025 and type(datetime.datetime.now()) is datetime.datetime
        """
    )
    result.assert_outcomes(passed=2)


def test_options_markers_and_fixtures_describe_themselves(run):
    help_text = run("", "--help").stdout.str()
    markers = run("", "--markers").stdout.str()
    fixtures = run("", "--fixtures").stdout.str()

    assert all(f"eventbridge_{name}" in help_text for name in setting_names())
    assert "@pytest.mark.eventbridge(region='us-east-1', account_id='123456789012', delivery='immediate'" in markers
    assert "A mocked Amazon EventBridge, empty and alone with this test" in fixtures
    assert "Settings of the mocked EventBridge for a whole suite" in fixtures
