"""Forgetting a person in every room: a room that comes to know people has its line here."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.pilot import acts as pilot
from bot.core.pulse import acts as pulse
from bot.core.replies import forgetting
from bot.core.replies.forgetting import Stays


def forget_everywhere(session: Session, actor: Actor, *, kit: Kit, left: bool = False) -> list[Stays]:
    """Hide all that leads to this person now, for the next sweep; what stays. `left`: somebody left the company."""
    stays = forgetting.forget(session, actor, kit=kit, left=left)
    pulse.forget(session, actor.person, kit)
    pilot.forget(session, actor.person, kit)
    return stays
