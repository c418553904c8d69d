"""Schedule expressions: the languages of scheduled rules and of EventBridge Scheduler.

Core layer, usable without a test, pytest or AWS. ``expression`` tells the forms apart and counts periods; ``cron``
lists the times of a cron expression, whose fields ``cron_fields`` reads.
"""

from pytest_eventbridge.errors import InvalidScheduleExpressionError
from pytest_eventbridge.schedules.expression import ScheduleExpression

__all__ = ["InvalidScheduleExpressionError", "ScheduleExpression"]
