"""What happened, as a person reads it. Imported only when it is asked for.

Harness layer. ``trail`` tells a test's whole story as a tree by cause.
"""
