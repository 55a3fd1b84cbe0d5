"""Who and what is in the workspace, and who may see it. No rules of delivery, no clock."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import JSON


@dataclass
class Person:
    id: str
    handle: str
    name: str
    email: str
    team_id: str
    title: str = ""
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_admin: bool = False
    steward: bool = False
    app_id: str = ""
    updated: int = 0


@dataclass
class Reaction:
    name: str
    people: list[str]


@dataclass
class Message:
    """A message as everybody sees it; `seen_by` names the one person who sees an ephemeral message."""

    place: str
    ts: str
    author: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    by_app: bool = False
    thread_ts: str | None = None
    broadcast: bool = False
    edited_ts: str | None = None
    reactions: list[Reaction] = field(default_factory=list)
    metadata: JSON | None = None
    files: list[str] = field(default_factory=list)
    subtype: str | None = None
    seen_by: str | None = None
    gone: bool = False


@dataclass
class Place:
    """A channel, private channel, group DM or DM."""

    id: str
    name: str
    kind: str  # "channel", "private", "mpim", "im"
    members: list[str]
    creator: str
    created: int
    archived: bool = False
    shared_with: list[str] = field(default_factory=list)
    pending_with: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    previous_id: str | None = None
    threads: dict[str, list[Message]] = field(default_factory=dict)

    def put(self, message: Message) -> None:
        """Add a message, to its thread too when it answers one."""
        self.messages[message.ts] = message
        if message.thread_ts not in {None, message.ts}:
            self.threads.setdefault(str(message.thread_ts), []).append(message)

    def take(self, ts: str) -> None:
        """Remove a message for everybody; its replies stay, as at Slack. Nothing happens when it is gone already."""
        message = self.messages.pop(ts, None)
        if message is not None and message.thread_ts not in {None, ts}:
            self.threads[str(message.thread_ts)].remove(message)

    @property
    def is_private(self) -> bool:
        return self.kind != "channel"

    @property
    def is_shared(self) -> bool:
        return bool(self.shared_with)


@dataclass
class Group:
    """A user group, which is how a team looks in Slack."""

    id: str
    handle: str
    name: str
    description: str
    members: list[str]
    created_by: str
    date_create: int
    date_update: int
    date_delete: int = 0
    function: str = ""


@dataclass
class File:
    id: str
    name: str
    title: str
    length: int
    alt_text: str
    owner: str
    token: str
    created: int
    content: bytes | None = None
    completed: bool = False
    ready_at: float = 0.0
    places: list[str] = field(default_factory=list)


@dataclass
class State:
    """Everything that the workspace knows, kept in memory."""

    team_id: str
    team_name: str
    domain: str
    bot: Person
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)

    def may_see(self, person: Person, place: Place) -> bool:
        """Whether this person can open the place and read it: members always, home people any public channel."""
        if person.deleted:
            return False
        if person.id in place.members:
            return True
        return place.kind == "channel" and person.team_id == self.team_id and not person.is_guest

    def dm(self, *members: str) -> Place | None:
        wanted = sorted(set(members))
        found = (
            p for p in self.places.values() if p.kind in {"im", "mpim"} and sorted(set(p.members)) == wanted
        )
        return next(found, None)

    def find_person(self, who: "str | Person") -> Person:
        """A person by id, handle, e-mail or full name; KeyError when nobody answers to it."""
        if isinstance(who, Person):
            return self.people[who.id]
        if who in self.people:
            return self.people[who]
        plain = who.removeprefix("@")
        for person in self.people.values():
            if plain in {person.handle, person.email, person.name}:
                return person
        raise KeyError(f"nobody here is called {who!r}")

    def find_place(self, where: "str | Place") -> Place:
        """A place by id or by name, with or without `#`; KeyError when there is none."""
        if isinstance(where, Place):
            return self.places[where.id]
        if where in self.places:
            return self.places[where]
        plain = where.removeprefix("#")
        for place in self.places.values():
            if plain and place.name == plain:
                return place
        raise KeyError(f"there is no place called {where!r}")

    def find_group(self, which: "str | Group") -> Group:
        """A user group by id, handle or name; KeyError when there is none."""
        if isinstance(which, Group):
            return self.groups[which.id]
        if which in self.groups:
            return self.groups[which]
        for group in self.groups.values():
            if which.removeprefix("@") in {group.handle, group.name}:
                return group
        raise KeyError(f"there is no user group called {which!r}")


def answered(message: Message, place: Place) -> list[Message]:
    """The replies in this message's thread, oldest first."""
    return place.threads.get(message.ts, [])


def copied(value: Any) -> Any:
    """A deep copy of JSON-like data, so that what was handed out is never the workspace's own."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value
