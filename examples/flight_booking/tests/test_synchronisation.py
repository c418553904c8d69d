"""The day's flights go on sale every day."""

import pytest
from flight_booking.sync_flights import DESTINATIONS, sync_flights

pytestmark = pytest.mark.eventbridge(now="2026-03-01T06:00:00Z")


def test_every_day_has_its_flights(eventbridge, airline):
    eventbridge.clock.advance(days=3)

    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        assert [airline.seats(destination, day) for destination in DESTINATIONS] == [60] * 7
    assert len(airline.flights.scan()["Items"]) == 21


def test_a_flight_can_be_booked_once_its_day_was_synchronised(eventbridge, airline):
    tomorrow = {"destination": "Rome", "flightDate": "2026-03-02", "numberOfSeats": 2, "email": "ann@example.com"}
    assert airline.book(**tomorrow) == (404, "No flight to Rome on 2026-03-02")

    eventbridge.clock.advance(days=1)

    assert airline.book(**tomorrow) == (200, "Flight booked")
    assert airline.seats("Rome", "2026-03-02") == 58


def test_the_synchronisation_runs_once_a_day(eventbridge, airline):
    eventbridge.clock.advance(days=30)

    runs = eventbridge.function(sync_flights).invocations
    assert [run.started_at.day for run in runs[:3]] == [2, 3, 4]
    assert len(runs) == 30
