"""What pytest prints of us: the story of a failed test, comparisons of records, and the header."""

from xml.etree import ElementTree

import pytest

FAILING = """
import pytest

def test_it(eventbridge):
    eventbridge.rule("r", pattern={"source": ["shop"]}, targets=[lambda event, context: None])
    eventbridge.publish("shop", "Paid", {"n": 1})
    assert False
"""
STORY = [
    "*- EventBridge -*",
    "event 0 'shop' 'Paid' {\"n\":1} on 'default'  (*.py:5)",
    "*rule 'r' * function:lambda: delivered",
    "*run 1: returned null",
    "seed 0",
]


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_a_failed_test_tells_its_story_also_from_another_process(run, arguments):
    run(FAILING, *arguments, subprocess=True).stdout.fnmatch_lines(STORY)


def test_a_test_that_fails_for_a_strict_check_tells_its_story_too(run):
    run("def test_it(eventbridge): eventbridge.publish('s', 'd', bus='none')").stdout.fnmatch_lines(
        ["event 0 went to bus 'none', which does not exist", "*- EventBridge -*", "*dropped: there is no such bus"]
    )


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_the_story_stands_in_junit_s_xml_too(run, pytester, arguments):
    run(FAILING, "--junitxml=report.xml", *arguments, subprocess=True)

    (failure,) = ElementTree.parse(pytester.path / "report.xml").getroot().iter("failure")
    assert "event 0 'shop' 'Paid' {\"n\":1} on 'default'" in failure.text


def test_the_seed_of_a_shuffled_order_is_printed(run):
    source = FAILING.replace("    assert", "    eventbridge.faults.shuffle_deliveries(42)\n    assert")

    run(source).stdout.fnmatch_lines(["seed 0, shuffled with 42"])


def test_a_test_that_passes_tells_nothing(run):
    run(FAILING.replace("assert False", "")).stdout.no_fnmatch_line("*- EventBridge -*")


def test_a_failed_comparison_prints_the_records(run):
    result = run(
        """
        def test_it(eventbridge):
            eventbridge.publish("shop", "Paid", {"n": 1})
            assert eventbridge.events == []
        """
    )
    result.stdout.fnmatch_lines(
        [
            "E       assert 1 events == []",
            "E         1 events:",
            "E           <event 0 'shop' 'Paid' {\"n\":1} on 'default'>",
        ]
    )


def test_the_header_shows_options_that_are_set_and_only_then(run, pytester):
    run("", "-v").stdout.no_fnmatch_line("eventbridge:*")
    pytester.makeini("[pytest]\neventbridge_region = eu-west-1\neventbridge_allow = unknown-buses\n")

    run("", "-v").stdout.fnmatch_lines(["eventbridge: region=eu-west-1, allow=[[]'unknown-buses']"])
    run("").stdout.no_fnmatch_line("eventbridge:*")
