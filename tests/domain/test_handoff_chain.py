"""Are handoffs that follow one another told as one chain?"""

from conference.domain.handoff_chain import Link, chain_of, chains

FIRST = Link(1, 10, 20, 100, 200)
SECOND = Link(2, 20, 30, 200, 300)
THIRD = Link(3, 30, 30, 300, 400)


def test_three_years_three_payers() -> None:
    assert chains([THIRD, FIRST, SECOND]) == [(FIRST, SECOND, THIRD)]
    assert chain_of([FIRST, SECOND, THIRD], 2) == (FIRST, SECOND, THIRD)


def test_another_sender_or_another_step_begins_its_own_chain() -> None:
    other_sender = Link(4, 20, 30, 999, 300)
    other_step = Link(5, 21, 30, 200, 300)
    assert chains([FIRST, other_sender, other_step]) == [(FIRST,), (other_sender,), (other_step,)]


def test_what_came_before_does_not_follow() -> None:
    early = Link(0, 20, 30, 200, 300)
    assert chains([early, FIRST]) == [(early,), (FIRST,)]


def test_where_two_could_follow_the_later_begins_its_own() -> None:
    rival = Link(4, 20, 31, 200, 300)
    assert chains([FIRST, SECOND, rival]) == [(FIRST, SECOND), (rival,)]


def test_a_handoff_within_one_step_follows_itself_not() -> None:
    within = Link(1, 10, 10, 100, 200)
    onward = Link(2, 10, 10, 200, 100)
    assert chains([within, onward]) == [(within, onward)]


def test_no_link_no_chain() -> None:
    assert chains([]) == []
    assert chain_of([FIRST], 9) == ()
