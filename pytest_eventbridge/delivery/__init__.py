"""The data plane: timeline, routing, delivery, retries and dead letters.

Engine layer. ``engine`` is the whole way of an event in one readable file; ``timeline`` orders the work, ``routing``
finds the rules, ``attempts`` sends and tries again as ``retry_policy`` says, ``dead_letter`` keeps what was given up.
``recurring`` brings scheduled rules and the schedules of EventBridge Scheduler onto the timeline, ``archives`` replays.
``ports`` names what the adapters provide.
"""
