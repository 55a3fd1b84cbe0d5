"""One practice workspace: its state, clock, limits, faults and wires, put together. Lives in one event loop."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.sandbox import company, shapes
from bot.sandbox.beside import Beside
from bot.sandbox.changes import Changes
from bot.sandbox.clock import PracticeClock
from bot.sandbox.delivery import Courier
from bot.sandbox.errors import JSON, NotPossible
from bot.sandbox.faults import Faults
from bot.sandbox.ids import Ids
from bot.sandbox.journal import Journal, ObjectionKind
from bot.sandbox.limits import RESPONSE_URL_SECONDS, RESPONSE_URL_USES, TRIGGER_SECONDS, RateLimits
from bot.sandbox.manifest import Manifest, lacks, lacks_event, lacks_scope
from bot.sandbox.stacks import Stacks
from bot.sandbox.state import Message, Person, Place, State
from bot.sandbox.transports import OverSockets

EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "channel_rename": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "channel_id_changed": ("channels:read", "groups:read"),
    "group_rename": ("groups:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "group_left": ("groups:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
}


@dataclass
class Trigger:
    """A right to open one form, for three seconds; `view` is the form that it came from."""

    id: str
    person: str
    at: float
    view: str | None
    used: bool = False


@dataclass
class ResponseUrl:
    key: str
    place: str
    person: str
    at: float
    message_ts: str | None
    ephemeral: bool
    uses: int = 0


@dataclass
class Tokens:
    bot: str
    app: str
    signing_secret: str
    verification: str
    past: dict[str, str]  # an old token and the error it is answered with


@dataclass(frozen=True)
class Settings:
    """How a practice workspace is set up; see PracticeWorkspace.started for the meaning of each."""

    seed: int
    manifest: "Path | str | Mapping[str, Any]"
    folder: Path
    company: Path | None = None
    without_scopes: Iterable[str] = ()
    starts_at: datetime | None = None
    frozen: bool = False
    rate_limits: bool = True
    files_ready_after: float = 0.2
    usergroups_on_plan: bool = True


class World:
    """Everything of one workspace. Use it from its own event loop only."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.manifest = Manifest.load(settings.manifest, without=settings.without_scopes)
        self.ids = Ids(settings.seed)
        self.clock = PracticeClock(
            starts_at=settings.starts_at, frozen=settings.frozen, file=settings.folder / "clock"
        )
        self.changes = Changes()
        self.journal = Journal()
        self.faults = Faults()
        self.limits = RateLimits(self.clock, settings.rate_limits)
        self.courier = Courier(self.clock, self.journal, self.faults, self.changes)
        self.sockets = OverSockets(
            self.ids, lambda: self.changes.publish("connection", open=len(self.sockets.links))
        )
        self.base_url = ""
        self.beside = Beside()
        self.tokens = self.new_tokens()
        self._fill()

    def _fill(self) -> None:
        content = company.load(self.settings.company)
        self.about = {key: content.get(key) for key in ("digest", "misconduct", "stewards", "sponsor")}
        self.state: State = company.seeded(content, ids=self.ids, clock=self.clock, manifest=self.manifest)
        self.stacks = Stacks()
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.tickets: set[str] = set()
        self.installed = True

    def new_tokens(self) -> Tokens:
        number = self.ids.count("install")
        secret = self.ids.secret
        return Tokens(
            bot=f"xoxb-practice-{secret(f'bot{number}')}",
            app=f"xapp-practice-{secret('app')}",
            signing_secret=secret("signing"),
            verification=secret("verification")[:24],
            past={},
        )

    def reset(self) -> None:
        """Back to the seeded company: people, places and messages; the clock and tokens stay."""
        self.journal.calls.clear()
        self.journal.deliveries.clear()
        self.journal.objections.clear()
        self.faults.clear()
        self._fill()
        self.changes.publish("reset")

    def object_to(self, kind: ObjectionKind, text: str) -> None:
        self.journal.object_to(kind, text)
        self.changes.publish("objection", text=text, objection=kind)

    def trigger(self, person: Person, view: str | None = None) -> str:
        number = self.ids.count("trigger")
        made = f"{int(self.clock.now())}.{number}.{self.ids.of('', f'trigger{number}', 16).lower()}"
        self.triggers[made] = Trigger(made, person.id, self.clock.now(), view)
        return made

    def trigger_error(self, trigger_id: str) -> str | None:
        """Slack's error for this trigger, None when it is good (it then counts as used)."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            return "invalid_trigger_id"
        if trigger.used:
            return "exchanged_trigger_id"
        if self.clock.now() - trigger.at > TRIGGER_SECONDS:
            return "expired_trigger_id"
        trigger.used = True
        return None

    def response_url(self, person: Person, place: Place, message: Message | None = None) -> str:
        key = self.ids.next("response", length=20).lower()
        self.response_urls[key] = ResponseUrl(
            key, place.id, person.id, self.clock.now(), message.ts if message else None,
            bool(message and message.seen_by),
        )  # fmt: skip
        return f"{self.base_url}/respond/{key}"

    def spend_response_url(self, key: str) -> ResponseUrl | str:
        """The address for one use, or the word that Slack refuses with."""
        url = self.response_urls.get(key)
        if url is None:
            return "no_such_url"
        if url.uses >= RESPONSE_URL_USES:
            return "used_url"
        if self.clock.now() - url.at > RESPONSE_URL_SECONDS:
            return "expired_url"
        url.uses += 1
        return url

    def permalink(self, place: Place, ts: str, thread_ts: str | None = None) -> str:
        link = f"{self.base_url}/archives/{place.id}/p{ts.replace('.', '')}"
        return f"{link}?thread_ts={thread_ts}&cid={place.id}" if thread_ts and thread_ts != ts else link

    def may_deliver(self, event: str, scopes: tuple[str, ...] | None = None) -> bool:
        """Whether the manifest lets this event through; objects aloud when it does not."""
        if not self.installed:
            return False
        if event not in self.manifest.events:
            if not event.startswith("message."):
                self.object_to("undeclared_event", lacks_event(event))
            return False
        needed = scopes if scopes is not None else EVENT_SCOPES.get(event, ())
        if needed and not self.manifest.scopes.intersection(needed):
            self.object_to("missing_scope", f"the event {event} needs {needed[0]}: {lacks_scope(needed[0])}")
            return False
        return True

    def may_interact(self) -> bool:
        if not self.manifest.interactivity:
            self.object_to("undeclared_setting", lacks("settings.interactivity", "is_enabled: true"))
        return self.manifest.interactivity and self.installed

    def event_payload(self, event: JSON, place: Place | None) -> JSON:
        """The outer part that every event has."""
        number = self.ids.count("event")
        context = json.dumps([number, event.get("type"), place.id if place else ""])
        return {
            "token": self.tokens.verification,
            "team_id": self.state.team_id,
            "api_app_id": self.state.bot.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.ids.of("Ev", f"event{number}"),
            "event_time": int(self.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self.state.team_id,
                    "user_id": self.state.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(place and place.is_shared),
            "event_context": "4-" + self.ids.of("", context, 24).lower(),
        }

    def require_seen(self, person: Person, place: Place) -> None:
        """Stop a person who cannot open this place."""
        if not self.state.may_see(person, place):
            raise NotPossible(f"{person.name} cannot see {place.name or 'this conversation'}")

    def user_shape(self, person: Person, *, email: bool = True, locale: bool = False) -> JSON:
        return shapes.user(self.state, person, now=self.clock.now(), email=email, locale=locale)
