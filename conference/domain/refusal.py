"""How does the house say no?

One exception for every "no" that a user can understand and act upon. Its message is a French sentence that says what
happened and what to do; `field` names the form field or the column to point at; `code` is stable, for the command line,
the API and the tests.
"""


class Refusal(Exception):
    """A rule forbids what was asked. `str(refusal)` is the French sentence to show.

    Attributes: `message` (French), `field` (name of the faulty field, or None), `code` (stable snake_case identifier).
    """

    def __init__(self, message: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code


class NotFound(Refusal):
    """The object does not exist, or the reader may not know that it does: the answer is the same."""

    def __init__(self, message: str = "Cette page n’existe pas ou n’est plus accessible.") -> None:
        super().__init__(message, code="not_found")


class Forbidden(Refusal):
    """The actor's role does not grant the action."""

    def __init__(self, message: str = "Votre rôle ne permet pas cette action.") -> None:
        super().__init__(message, code="forbidden")


class Conflict(Refusal):
    """Someone else changed the object since it was read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="conflict")
