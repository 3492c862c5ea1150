"""Which counts of persons may a summary publish?

Those under the threshold are hidden, and with them what would tell them (`domain/suppression.py`). An annulation can make
the count of a period negative: it is hidden too, and then so is the total that it lowers.
"""

from collections.abc import Sequence

from conference.documents.summary_content import Count
from conference.domain.suppression import hidden_cells, shown_count


def published(threshold: int, count: int) -> Count:
    """The count, or None where it may not be published."""
    return None if count < 0 else shown_count(count, threshold)


def published_list(threshold: int, counts: Sequence[int]) -> list[Count]:
    """A list of counts that ends with its total, without those that are small or that the others would tell."""
    *members, total = counts
    if min(counts) < 0:
        return [*(published(threshold, count) for count in members), None]
    pattern = hidden_cells([[count] for count in members], threshold)
    hidden = {rank for rank, _ in pattern.cells} | pattern.rows
    shown = [None if rank in hidden else count for rank, count in enumerate(members)]
    return [*shown, None if pattern.total or pattern.columns else total]
