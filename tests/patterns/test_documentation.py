"""docs/patterns.md is normative: each of its statements has examples, and each example is run here."""

import re
from pathlib import Path

import pytest

from pytest_eventbridge.patterns import EventPattern, InvalidEventPatternError

PAGE = (Path(__file__).parents[2] / "docs" / "patterns.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r"^    - `(?P<pattern>.*?)` (?:(?P<verdict>matches|does not match) `(?P<event>.*)`|is refused: (?P<reason>.*))$",
    re.MULTILINE,
)
EXAMPLES = [match.groupdict() for match in EXAMPLE.finditer(PAGE)]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_page_tells_the_truth(example):
    if example["reason"] is not None:
        with pytest.raises(InvalidEventPatternError) as refused:
            EventPattern(example["pattern"])
        assert refused.value.reason == example["reason"]
    else:
        assert EventPattern(example["pattern"]).matches(example["event"]) is (example["verdict"] == "matches")


def test_every_statement_has_an_example():
    statements = re.split(r"^- ", PAGE, flags=re.MULTILINE)[1:]

    assert len(EXAMPLES) == PAGE.count("\n    - ")
    assert [each.splitlines()[0] for each in statements if "\n    - " not in each] == []
