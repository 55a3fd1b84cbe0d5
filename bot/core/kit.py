"""What acts need and must not take from nowhere."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bot.core.identity.sealing import Sealing
from bot.core.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Kit:
    """Keys, randomness and the outbox; passed in, so that a world can be run twice."""

    sealing: Sealing
    randomness: random.Random = field(repr=False)
    outbox: Outbox

    @classmethod
    def of(cls, sealing: Sealing, randomness: random.Random) -> Kit:
        return cls(sealing, randomness, Outbox(sealing, randomness))
