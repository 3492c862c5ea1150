"""Which counts of persons may a summary publish?

Those under the threshold are hidden, and the total with them where it would tell the only one that is hidden.
"""

from collections.abc import Sequence

from conference.documents.summary_content import Count


def published(count: int, threshold: int) -> Count:
    """The count, or None where it may not be published; an annulation can make one negative."""
    return None if 0 < abs(count) < threshold else count


def published_list(counts: Sequence[int], threshold: int) -> list[Count]:
    """A list of counts that ends with its total, without those that are small or that the others would tell."""
    *members, total = counts
    shown = [published(count, threshold) for count in members]
    return [*shown, None if shown.count(None) == 1 else published(total, threshold)]
