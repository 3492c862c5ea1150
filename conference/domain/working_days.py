"""How many working days away is a day?

A working day is one from Monday to Friday that is not in `closed`, the public holidays that the caller gives. One is
counted by its arrival: the day one starts from is never counted, the one reached always is, so that three working days
after a Friday is the Wednesday. A start on a day of rest is counted like its eve: the first working day after it is the
next one at work.
"""

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def is_working_day(day: date, closed: frozenset[date]) -> bool:
    """From Monday to Friday, and not closed."""
    return day.weekday() < 5 and day not in closed


def add_working_days(day: date, count: int, closed: frozenset[date]) -> date:
    """The working day that lies `count` working days after `day`, before it when negative; `day` itself for 0."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, closed)
    return day


def working_days_between(first: date, last: date, closed: frozenset[date]) -> int:
    """How many working days lie after `first`, up to `last` included; negative, and counted from `last`, when `last` is
    before `first`."""
    if last < first:
        return -working_days_between(last, first, closed)
    weeks, rest = divmod((last - first).days, 7)
    days = weeks * 5 + sum((first + ONE_DAY * ahead).weekday() < 5 for ahead in range(1, rest + 1))
    return days - sum(first < day <= last and day.weekday() < 5 for day in closed)
