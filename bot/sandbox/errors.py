"""How the practice workspace says no: to the bot as Slack would, to a person in words."""

from typing import Any

JSON = dict[str, Any]


class SlackError(Exception):
    """A Web API answer with `ok: false`; `more` holds further keys of the answer (needed, response_metadata)."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class NotPossible(Exception):
    """A person tried what Slack would not offer or allow; the text says why."""
