"""The README tells the truth: its test is run, and its failure is the one that is printed."""

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SHOP = """\
import json

import boto3

events = boto3.client("events", region_name="us-east-1")


def place_order(email, total):
    detail = json.dumps({"email": email, "total": TOTAL})
    events.put_events(Entries=[{"Source": "SOURCE", "DetailType": "OrderCreated", "Detail": detail}])


def send_confirmation(event, context):
    return event["detail"]["email"]
"""


def block(name):
    return re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", README, re.DOTALL)[1]


@pytest.fixture
def shop(pytester):
    def make(source, total):
        pytester.makepyfile(shop=SHOP.replace("SOURCE", source).replace("TOTAL", total), test_shop=block("test"))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly")

    return make


def test_its_test_passes(shop):
    shop("com.shop.orders", "total").assert_outcomes(passed=1)


def test_its_failure_is_the_one_that_is_printed(shop):
    result = shop("com.shop.order", "str(total)")

    result.assert_outcomes(failed=1)
    printed = "\n".join(line.removeprefix("E").lstrip(" ") for line in result.outlines if line.startswith("E  "))
    wanted = "\n".join(line.lstrip(" ") for line in block("failure").splitlines())
    assert printed == wanted


def test_its_blocks_of_python_are_python():
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

    assert len(blocks) == 5
    for source in blocks:
        compile(source + ("\ndef decorated(): ..." if source.startswith("@") else ""), "README.md", "exec")


def test_it_has_exactly_two_commands():
    assert re.findall(r"<!-- command: (\w+) -->", README) == ["example", "tests"]
    assert README.count("```console") == 2
