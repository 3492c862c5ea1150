"""Which handoffs follow one another: year 1, 2 and 3, three payers?

One follows another when it leaves the step that the other led to, and is sent by who received it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One handoff: the step that it leaves, the one that it leads to, from whom to whom."""

    id: int
    from_step_id: int
    target_step_id: int
    sender_id: int
    receiver_id: int

    def follows(self, other: "Link") -> bool:
        """Does it leave where `other` led, from the funder that received the person there?"""
        same = other.target_step_id == self.from_step_id and other.receiver_id == self.sender_id
        return same and other.id < self.id


def chains(links: Iterable[Link]) -> list[tuple[Link, ...]]:
    """The links in chains, each in its order; a link alone is a chain of one. Each link is in one chain: where two could
    follow the same one, the later begins its own."""
    found: list[list[Link]] = []
    for link in sorted(links, key=lambda each: each.id):
        before = next((chain for chain in reversed(found) if link.follows(chain[-1])), None)
        if before is None:
            found.append([link])
        else:
            before.append(link)
    return [tuple(chain) for chain in found]


def chain_of(links: Sequence[Link], handoff_id: int) -> tuple[Link, ...]:
    """The chain that holds that handoff; empty when no link is it."""
    return next((chain for chain in chains(links) if any(link.id == handoff_id for link in chain)), ())
