"""Noting down Lambda functions that are created with an old runtime."""
