"""Slack's figures: rate limits by method, and the room that messages and views have."""

from dataclasses import dataclass, field

from bot.sandbox.clock import PracticeClock

# Calls a minute. Slack promises "20+" and tolerates short bursts: a full minute's worth may come at once.
TIERS = {
    "Tier1": 1,
    "Tier2": 20,
    "Tier3": 50,
    "Tier4": 100,
    "SpecialTier_auth_test": 600,
    "SpecialTier_chat_postMessage": 300,
    "SpecialTier_chat_getPermalink": 300,
}

METHOD_TIERS = {
    "apps.connections.open": "Tier1",
    "auth.test": "SpecialTier_auth_test",
    "bots.info": "Tier3",
    "chat.delete": "Tier3",
    "chat.getPermalink": "SpecialTier_chat_getPermalink",
    "chat.postEphemeral": "Tier4",
    "chat.postMessage": "SpecialTier_chat_postMessage",
    "chat.update": "Tier3",
    "conversations.history": "Tier3",
    "conversations.info": "Tier3",
    "conversations.join": "Tier3",
    "conversations.list": "Tier2",
    "conversations.members": "Tier4",
    "conversations.open": "Tier3",
    "conversations.replies": "Tier3",
    "files.completeUploadExternal": "Tier4",
    "files.getUploadURLExternal": "Tier4",
    "files.info": "Tier4",
    "reactions.add": "Tier3",
    "reactions.get": "Tier3",
    "team.info": "Tier3",
    "usergroups.list": "Tier2",
    "usergroups.users.list": "Tier2",
    "users.info": "Tier4",
    "users.list": "Tier2",
    "users.lookupByEmail": "Tier3",
    "views.open": "Tier4",
    "views.publish": "Tier4",
    "views.push": "Tier4",
    "views.update": "Tier4",
}

# A restarted bot opens its connections again: Slack tolerates bursts here, tests restart it often.
TIER1_BURST = 30
POSTS_A_SECOND_AND_CHANNEL = 1.0
POST_BURST = 4

MESSAGE_TEXT = 40_000
UPDATE_TEXT = 4_000
MESSAGE_BLOCKS_TEXT = 13_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
STACK = 3
PRIVATE_METADATA = 3_000
TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 1_800.0
SOCKETS = 10
ACK_SECONDS = 3.0
REDELIVER_AFTER = (0.0, 60.0, 300.0)


@dataclass
class Bucket:
    room: float
    refill: float  # a second
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Take one; the seconds to wait when there is none."""
        self.level = min(self.room, self.level + (now - self.at) * self.refill)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.refill


@dataclass
class RateLimits:
    """Counts calls a method and a channel; `strict` off lets everything pass."""

    clock: PracticeClock
    strict: bool = True
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def wait(self, method: str, channel: str | None) -> float:
        """Seconds until this call would be allowed, 0 when it is allowed now (and then counted)."""
        if not self.strict:
            return 0.0
        if method == "chat.postMessage" and channel is not None:
            left = self._take(f"{method} {channel}", POST_BURST, POSTS_A_SECOND_AND_CHANNEL)
            if left:
                return left
        tier = METHOD_TIERS.get(method)
        if tier is None:
            return 0.0
        a_minute = TIERS[tier]
        return self._take(method, TIER1_BURST if tier == "Tier1" else a_minute, a_minute / 60)

    def _take(self, key: str, room: float, refill: float) -> float:
        now = self.clock.running()
        bucket = self._buckets.setdefault(key, Bucket(room, refill, room, now))
        return bucket.wait(now)
