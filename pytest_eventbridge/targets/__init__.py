"""Targets: bringing a delivery's input to whatever its ARN names.

Adapter layer. ``caller`` picks the kind by the ARN; each kind has a file of its own, and ``failures`` says what an
error of a target's API means to EventBridge. ``scheduled`` is what schedules call, and ``permissions`` whether a target
lets anyone in.
"""
