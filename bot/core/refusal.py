"""What a person is told when something can't be done."""

from __future__ import annotations


class Refusal(Exception):
    """A refusal in the person's words: a text of the catalogue and the values that fill it.

    The Slack side translates and shows it to the person alone; nothing else is said or written.
    """

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class Unsaid(Refusal):
    """A sentence has to be there, and is not."""


class Stale(Refusal):
    """The person acted on something that has changed meanwhile."""


class NotFound(Refusal):
    """Not there, or not for this person: the two must not be told apart."""
