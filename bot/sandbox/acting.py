"""One method for each thing that a person does; each is the act of the control API."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.sandbox.errors import JSON
from bot.sandbox.outcome import Outcome
from bot.sandbox.running import Running


class Acting(Running):
    """People's acts: `who` is an id, handle, name or e-mail; `at` a message (anything with channel and ts)."""

    def say(self, who: str, where: str, text: str, thread_ts: str | None = None) -> Outcome:
        return self._act("say", who, where, text, thread_ts)

    def reply(self, who: str, at: JSON, text: str) -> Outcome:
        return self._act("reply", who, at, text)

    def edit(self, who: str, at: JSON, text: str) -> Outcome:
        return self._act("edit", who, at, text)

    def delete(self, who: str, at: JSON) -> Outcome:
        return self._act("delete", who, at)

    def react(self, who: str, at: JSON, emoji: str, *, wait: bool = True, item_user: bool = True) -> Outcome:
        return self._act("react", who, at, emoji, wait=wait, item_user=item_user)

    def unreact(
        self, who: str, at: JSON, emoji: str, *, wait: bool = True, item_user: bool = True
    ) -> Outcome:
        return self._act("unreact", who, at, emoji, wait=wait, item_user=item_user)

    def dm(self, who: str, *others: str) -> str:
        """Open a conversation with others (`ws.bot.id` for the app); its id."""
        return str((self._act("dm", who, list(others)).message or {})["channel"])

    def slash(self, command: str, text: str = "", channel: str = "general", user: str = "amara") -> Outcome:
        return self._act("slash", user, command, text, channel)

    def message_shortcut(self, who: str, callback_id: str, at: JSON) -> Outcome:
        return self._act("message_shortcut", who, callback_id, at)

    def global_shortcut(self, who: str, callback_id: str) -> Outcome:
        return self._act("global_shortcut", who, callback_id)

    def press(
        self,
        who: str,
        action_id: str,
        at: JSON | str | None = None,
        value: str | None = None,
        block_id: str | None = None,
    ) -> Outcome:
        return self._act("press", who, action_id, at, value, block_id)

    def choose(
        self,
        who: str,
        action_id: str,
        value: Any,
        at: JSON | str | None = None,
        block_id: str | None = None,
        query: str | None = None,
    ) -> Outcome:
        return self._act("choose", who, action_id, value, at, block_id, query)

    def fill(self, who: str, fields: Mapping[str, Any], *, enter: bool = False) -> Outcome:
        return self._act("fill", who, dict(fields), enter=enter)

    def type_in(self, who: str, field: str, text: str, *, wait: bool = True) -> Outcome:
        return self._act("type_in", who, field, text, wait=wait)

    def suggest(self, who: str, action_id: str, query: str, at: JSON | str | None = None) -> Outcome:
        return self._act("suggest", who, action_id, query, at)

    def submit(self, who: str, fields: Mapping[str, Any] | None = None) -> Outcome:
        return self._act("submit", who, dict(fields or {}))

    def close(self, who: str, *, everything: bool = False) -> Outcome:
        return self._act("close", who, everything=everything)

    def open_home(self, who: str, tab: str = "home") -> Outcome:
        return self._act("open_home", who, tab)

    def create_channel(self, who: str, name: str, *, private: bool = False) -> str:
        """Make a channel; its id."""
        return str((self._act("create_channel", who, name, private=private).message or {})["channel"])

    def join(self, who: str, where: str) -> Outcome:
        return self._act("join", who, where)

    def invite(self, who: str, where: str, whom: str = "bot") -> Outcome:
        return self._act("invite", who, where, whom)

    def kick(self, who: str, where: str, whom: str = "bot") -> Outcome:
        return self._act("kick", who, where, whom)

    def rename(self, who: str, where: str, name: str) -> Outcome:
        return self._act("rename", who, where, name)

    def archive(self, who: str, where: str, *, undo: bool = False) -> Outcome:
        return self._act("archive", who, where, undo=undo)

    def share(self, who: str, where: str, *, organisation: str = "", pending: bool = False) -> Outcome:
        return self._act("share", who, where, organisation=organisation, pending=pending)

    def unshare(self, who: str, where: str) -> Outcome:
        return self._act("unshare", who, where)

    def change_channel_id(self, who: str, where: str) -> Outcome:
        return self._act("change_channel_id", who, where)

    def create_group(
        self, who: str, handle: str, name: str, members: Iterable[str] = (), function: str = ""
    ) -> Outcome:
        return self._act("create_group", who, handle, name, list(members), function)

    def change_group(
        self, who: str, group: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Outcome:
        return self._act("change_group", who, group, list(add), list(remove))

    def rename_group(self, who: str, group: str, name: str) -> Outcome:
        return self._act("rename_group", who, group, name)

    def disable_group(self, who: str, group: str) -> Outcome:
        return self._act("disable_group", who, group)

    def deactivate(self, whom: str) -> Outcome:
        return self._act("deactivate", whom)

    def reactivate(self, whom: str) -> Outcome:
        return self._act("reactivate", whom)

    def change_profile(self, whom: str, **changes: str) -> Outcome:
        return self._act("change_profile", whom, **changes)

    def hire(self, handle: str, name: str, *, title: str = "", guest: bool = False) -> Outcome:
        return self._act("hire", handle, name, title, guest)

    def revoke_token(self) -> Outcome:
        return self._act("revoke_token")

    def rotate_token(self) -> Outcome:
        return self._act("rotate_token")

    def uninstall(self, *, uninstalled_first: bool = False) -> Outcome:
        return self._act("uninstall", uninstalled_first=uninstalled_first)

    def send_event(self, event: Mapping[str, Any], where: str | None = None) -> Outcome:
        return self._act("send_event", dict(event), where)
