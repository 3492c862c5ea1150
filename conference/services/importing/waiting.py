"""Which files did this account send that still wait for something? Who left the page finds them again in the history."""

from pathlib import Path

from conference.domain.permissions import Actor
from conference.services.staging import OVER, Stage, StagedImport, StagedState


def waiting_imports(instance: Path, by: Actor) -> list[StagedState]:
    """The staged imports of that account that are neither done, cancelled nor failed, latest change first."""
    found: list[tuple[float, StagedState]] = []
    for path in (instance / "staged").glob("*/state.json"):
        try:
            changed, state = path.stat().st_mtime, StagedImport(path.parent).state
        except FileNotFoundError:  # swept meanwhile
            continue
        if by.account_id is not None and state.account_id == by.account_id and state.stage not in (*OVER, Stage.FAILED):
            found.append((changed, state))
    return [state for _, state in sorted(found, key=lambda each: each[0], reverse=True)]
