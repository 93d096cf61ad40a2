"""Who has work and stands still does not get on; who has none may stand as long as it likes."""

from eyes.progress import Progress, Seen


def test_lag_without_advance_is_a_stall_and_any_advance_ends_it():
    progress = Progress(stalled_after_s=30.0)
    assert progress.look(0.0, {"0": Seen(5, waiting=True)}) == set()
    assert progress.look(30.0, {"0": Seen(5, waiting=True)}) == set()
    assert progress.look(30.1, {"0": Seen(5, waiting=True)}) == {"0"}
    assert progress.look(31.0, {"0": Seen(6, waiting=True)}) == set()


def test_nothing_to_do_is_no_stall_and_the_time_counts_from_the_first_lag():
    progress = Progress(stalled_after_s=30.0)
    assert progress.look(0.0, {"0": Seen(5, waiting=False)}) == set()
    assert progress.look(100.0, {"0": Seen(5, waiting=False)}) == set()
    assert progress.look(101.0, {"0": Seen(5, waiting=True)}) == set()
    assert progress.look(129.0, {"0": Seen(5, waiting=True)}) == set()


def test_a_partition_that_was_given_away_is_forgotten():
    progress = Progress(stalled_after_s=30.0)
    progress.look(0.0, {"0": Seen(5, waiting=True)})
    progress.look(10.0, {})
    assert progress.look(50.0, {"0": Seen(5, waiting=True)}) == set()
