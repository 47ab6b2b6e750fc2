"""The one base of everything that goes wrong and that a user can mend: a list of problems, each with its place.

Every exception class of `core` derives from `AnswerDiffError` and is defined in the room that raises it, so that a page
or the command line catches all of them by one name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_LISTED = 50  # problems that a message spells out; `AnswerDiffError.problems` has them all


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        where: such as `file.json: article 3 'title', paragraph 2, question 6548850-0-0`, where numbers count from 1;
            empty when `what` says it.
        what: such as `'answers' is empty`.
    """

    where: str
    what: str

    def __str__(self) -> str:
        """Returns both as one line."""
        return f"{self.where}: {self.what}" if self.where else self.what


class AnswerDiffError(Exception):
    """What was asked cannot be done; the message lists why.

    Attributes:
        problems: every problem, the most telling one first, at least one.
    """

    def __init__(self, problems: str | Problem | Sequence[str | Problem], where: object = "") -> None:
        """Takes one problem or all of them; `where` is the place of those that are given as plain texts."""
        given = [problems] if isinstance(problems, str | Problem) else problems
        self.problems = tuple(Problem(str(where), one) if isinstance(one, str) else one for one in given)
        super().__init__(self.problems)

    @classmethod
    def of(cls, error: OSError, path: object = "") -> Self:
        """Returns this error for one of the operating system, such as a full disk; `path` if that does not name one."""
        return cls(error.strerror or str(error), error.filename or path)

    def __str__(self) -> str:
        """Returns the problems, a line each, the first fifty at most."""
        lines = [str(problem) for problem in self.problems[:_LISTED]]
        if len(self.problems) > _LISTED:
            lines.append(f"... and {len(self.problems) - _LISTED} more problems")
        return "\n".join(lines)

    def text(self, language: str) -> str:
        """Returns the message in `language` (`ko` or `en`) where it is known in it, else in English; plain text."""
        return str(self)
