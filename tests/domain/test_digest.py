"""The text of a digest, the days on which it comes, and what the coming of a day is told as."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.digest import Digest, News, ToldAlert, ToldHandoff, news_of_day, period_of, write
from conference.domain.working_days import is_working_day

MONDAY = date(2026, 4, 27)
EASTER = frozenset({date(2026, 4, 6)})
MAY_DAY = frozenset({date(2026, 5, 1)})
ALERT = ToldAlert(7, News.NEW, "Temps mort", "P-2026-000001", "40 jours entre deux étapes.", None)
HANDOFF = ToldHandoff(3, "R-2026-0003", "Région", "P-2026-000001", date(2026, 7, 1), date(2026, 5, 4), 1)


def address(kind: str, number: int) -> str:
    return f"https://c.example/{kind}/{number}"


def text(digest: Digest, frequency: str = "daily") -> str:
    written = write(
        digest, conference="Été", frequency=frequency, address=address, unsubscribe="https://c.example/stop"
    )
    return f"{written.subject}\n\n{written.body}".replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("frequency", "day", "closed", "period"),
    [
        ("daily", MONDAY, frozenset(), MONDAY),
        ("daily", date(2026, 5, 1), MAY_DAY, None),
        ("daily", date(2026, 5, 2), MAY_DAY, None),
        ("weekly", MONDAY, frozenset(), MONDAY),
        ("weekly", date(2026, 4, 7), EASTER, date(2026, 4, 6)),
        ("weekly", date(2026, 4, 6), EASTER, None),
        ("weekly", date(2026, 5, 1), frozenset(), MONDAY),
        ("weekly", date(2026, 5, 2), frozenset(), None),
        ("never", MONDAY, frozenset(), None),
    ],
)
def test_a_digest_comes_on_working_days(
    frequency: str, day: date, closed: frozenset[date], period: date | None
) -> None:
    assert period_of(frequency, day, closed) == period


@pytest.mark.parametrize(
    ("due_on", "news"),
    [
        (None, None),
        (date(2026, 4, 26), None),
        (date(2026, 4, 27), News.PAST),
        (date(2026, 4, 28), None),
        (date(2026, 4, 30), None),
        (date(2026, 5, 1), News.NEAR),
        (date(2026, 5, 2), None),
    ],
)
def test_a_day_is_told_when_it_is_near_and_when_it_is_past(due_on: date | None, news: News | None) -> None:
    assert news_of_day(due_on, since=MONDAY, on=MONDAY + timedelta(days=1), closed=frozenset()) == news


@given(st.integers(0, 40), st.lists(st.integers(1, 9), min_size=1, max_size=40))
def test_a_day_is_told_once_near_and_once_past_however_often_the_digest_comes(ahead: int, steps: list[int]) -> None:
    """From digest to digest, of any number of working days, until well after the day."""
    due_on, since, told = MONDAY + timedelta(days=ahead), MONDAY, []
    for step in [*steps, 60]:
        on = since + timedelta(days=step)
        while not is_working_day(on, MAY_DAY):
            on += timedelta(days=1)
        if news := news_of_day(due_on, since=since, on=on, closed=MAY_DAY):
            told.append(news)
        since = on
    assert told.count(News.PAST) == 1
    assert told.count(News.NEAR) <= 1
    assert told in ([News.NEAR, News.PAST], [News.PAST])


def test_nothing_to_say() -> None:
    assert Digest(MONDAY).is_empty
    assert not Digest(MONDAY, drafts=1).is_empty
    assert not Digest(MONDAY, (HANDOFF,), handoff_count=1).is_empty
    assert not Digest(MONDAY, (), (ALERT,), alert_count=1).is_empty


def test_the_whole_text() -> None:
    late = ToldAlert(8, News.PAST, "Jours sans revenu", "P-2026-000002", "31 jours.", date(2026, 4, 27))
    digest = Digest(MONDAY, (HANDOFF,), (ALERT, late), 2, handoff_count=1, alert_count=14)
    assert text(digest) == "\n\n".join(
        (
            "1 relais à répondre, 14 alertes, 2 brouillons – Été",
            "Bonjour,",
            (
                "Voici ce qui vous attend sur l’outil de la conférence : ce qui est nouveau depuis le 27 avril 2026 et les "
                "relais qui attendent une réponse."
            ),
            "RELAIS À RÉPONDRE",
            (
                "– R-2026-0003, reçu il y a 1 jour ouvré : Région vous propose P-2026-000001 à partir du 1er juillet 2026. "
                "Réponse attendue le 4 mai 2026 au plus tard.\n  https://c.example/handoff/3"
            ),
            "ALERTES",
            "– Nouvelle : Temps mort, P-2026-000001. 40 jours entre deux étapes.\n  https://c.example/alert/7",
            (
                "– Échéance passée : Jours sans revenu, P-2026-000002. 31 jours. À régler au plus tard le 27 avril 2026.\n"
                "  https://c.example/alert/8"
            ),
            "– et 12 autres :\n  https://c.example/alert/0",
            "BROUILLONS",
            "– 2 saisies commencées et pas encore finies.\n  https://c.example/draft/0",
            "Vous recevez ce point chaque jour ouvré. Pour changer de rythme : https://c.example/account/0",
            "Pour ne plus le recevoir, sans vous connecter : https://c.example/stop",
        )
    )


def test_one_of_each_is_said_in_the_singular() -> None:
    today = ToldHandoff(3, "R-2026-0003", "Région", "P-2026-000001", date(2026, 7, 1), None, 0)
    older = ToldHandoff(4, "R-2026-0004", "Région", "P-2026-000002", date(2026, 7, 1), None, 2)
    told = text(Digest(MONDAY, (today, older), handoff_count=3), "weekly")
    assert told.startswith("3 relais à répondre – Été")
    assert "nouveau depuis" not in told
    assert "reçu aujourd’hui" in told
    assert "reçu il y a 2 jours ouvrés" in told
    assert "– et 1 autre :\n  https://c.example/handoff/0" in told
    assert "chaque semaine" in told
    assert "Réponse attendue" not in told
    one = text(Digest(MONDAY, (), (ALERT,), 1, alert_count=1))
    assert one.startswith("1 alerte, 1 brouillon – Été")
    assert "– 1 saisie commencée et pas encore finie.\n" in one
    assert "les relais qui attendent" not in one
