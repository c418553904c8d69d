"""The timeline: what is due is done in order, what is planned waits for its instant, and threads share the work."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from pytest_eventbridge import InvalidInputError
from pytest_eventbridge.delivery.timeline import Call, Timeline

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def timeline():
    timeline = Timeline()
    timeline.frozen_at = START
    return timeline


def advance(timeline, seconds, seen=None, refresh=lambda: None, limit=100):
    moves = [] if seen is None else seen
    return timeline.advance_to(
        timeline.now() + timedelta(seconds=seconds), move=moves.append, refresh=refresh, limit=limit
    )


def test_work_added_meanwhile_waits_behind_what_is_due(timeline):
    done = []
    timeline.add(Call("a", lambda: (done.append("a"), timeline.add(Call("c", lambda: done.append("c"))))))
    timeline.add(Call("b", lambda: done.append("b")))

    assert timeline.run() == 3
    assert done == ["a", "b", "c"]


def test_a_limit_leaves_the_rest(timeline):
    for label in "abc":
        timeline.add(Call(label, lambda: None))

    assert timeline.run(2) == 2
    assert [work.label for work in timeline.due] == ["c"]


def test_an_error_of_work_leaves_the_rest_to_be_done(timeline):
    done = []
    timeline.add(Call("bad", lambda: 1 / 0))
    timeline.add(Call("good", lambda: done.append("good")))

    with pytest.raises(ZeroDivisionError):
        timeline.run()
    timeline.run()

    assert done == ["good"]


def test_running_within_work_does_nothing_by_itself(timeline):
    inner = []
    timeline.add(Call("outer", lambda: inner.append(timeline.run())))
    timeline.add(Call("next", lambda: inner.append("next")))

    timeline.run()

    assert inner == [0, "next"]


def test_planned_work_is_done_at_its_instant_in_order(timeline):
    done, moves = [], []
    for seconds in (30, 10, 20, 10):
        timeline.add_later(START + timedelta(seconds=seconds), str(seconds), lambda: done.append(timeline.now()))

    occurrences = advance(timeline, 25, moves)

    assert [occurrence.label for occurrence in occurrences] == ["10", "10", "20"]
    assert done == [START + timedelta(seconds=seconds) for seconds in (10, 10, 20)]
    assert moves == [*done, START + timedelta(seconds=25)]
    assert [work.label for work in timeline.later] == ["30"]


def test_work_planned_by_work_is_done_in_the_same_move(timeline):
    timeline.add_later(
        START + timedelta(seconds=1),
        "first",
        lambda: timeline.add_later(START + timedelta(seconds=2), "second", lambda: None),
    )

    assert [each.label for each in advance(timeline, 5)] == ["first", "second"]


def test_cancelled_work_is_not_done(timeline):
    work = timeline.add_later(START + timedelta(seconds=1), "never", lambda: None)

    timeline.cancel(work)
    timeline.cancel(work)

    assert advance(timeline, 5) == []


def test_it_is_refreshed_before_every_step(timeline):
    steps = []
    timeline.add_later(START + timedelta(seconds=1), "a", lambda: None)

    advance(timeline, 5, refresh=lambda: steps.append(timeline.now()))

    assert steps == [START, START + timedelta(seconds=1)]


def test_what_never_ends_is_stopped_and_named(timeline):
    def again():
        timeline.add_later(timeline.now() + timedelta(seconds=1), "again", again)

    again()

    with pytest.raises(InvalidInputError, match="stopped after 3 occurrences in one move: again came 3 times"):
        advance(timeline, 100, limit=3)


def test_work_of_other_threads_is_taken_along_and_none_is_lost(timeline):
    done = []

    def publish():
        for _ in range(200):
            timeline.add(Call("work", lambda: done.append(1)))
            timeline.run()

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 1600
    assert timeline.due == []


def test_nothing_is_done_while_what_follows_all_work_is(timeline):
    begun, begun_during_rest = threading.Event(), []

    def publish():
        timeline.add(Call("from another thread", begun.set))
        timeline.run()

    other = threading.Thread(target=publish)

    def rest():
        if not begun_during_rest:
            other.start()
            begun_during_rest.append(begun.wait(0.05))

    timeline.after_work = rest
    timeline.add(Call("from this thread", lambda: None))
    timeline.run()
    other.join()

    assert begun_during_rest == [False]
    assert begun.is_set()
    assert not timeline.is_at_work
