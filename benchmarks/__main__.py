"""Run benchmarks: ``python -m benchmarks [NAME ...] [--json]``."""

from __future__ import annotations

import argparse
import importlib
import json

from benchmarks import measuring
from benchmarks.measuring import printed

NAMES = ("patterns", "schedules", "publishing", "suites", "load", "memory", "whole")
ONLY_BY_NAME = ("year",)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ours beside a peer, as ratios.")
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*NAMES, *ONLY_BY_NAME, []],
        help=f"which of {', '.join([*NAMES, *ONLY_BY_NAME])}; {', '.join(NAMES)} when absent",
    )
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--quick", action="store_true", help="once each, only to see that everything runs")
    arguments = parser.parse_args()
    if arguments.quick:
        measuring.once()
    for name in arguments.names or NAMES:
        comparisons = list(importlib.import_module(f"benchmarks.{name}").comparisons())
        if arguments.json:
            print(json.dumps([each.as_json() for each in comparisons]))
        else:
            print(f"\n{name}\n\n{printed(comparisons)}")


main()
