"""Ours beside a peer, in one run: ``python -m benchmarks``, or one of them by name.

Each line is a ratio of two things measured in turns, medians of several rounds, so that what else the machine does
falls on both.
"""
