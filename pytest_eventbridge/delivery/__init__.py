"""The data plane: timeline, routing, delivery, retries and dead letters.

Engine layer. ``engine`` is the whole way of an event in one readable file; ``timeline`` orders the work, ``routing``
finds the rules, ``retry_policy`` and ``dead_letter`` decide what follows a failure, ``ports`` names what the
adapters provide.
"""
