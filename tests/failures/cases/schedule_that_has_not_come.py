import pytest


def sync(event, context):
    pass


@pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
def test_flights_are_synchronised_every_day(eventbridge):
    eventbridge.rule("sync", schedule="cron(0 6 * * ? *)", targets=[sync])

    eventbridge.clock.advance(hours=5)

    eventbridge.assert_function_invoked(sync)
