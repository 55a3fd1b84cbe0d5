"""Follows a channel whose id has changed, wherever it is written down."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.editions.records import ChannelMove, Edition
from bot.core.outbox import Message
from bot.core.problems import places
from bot.core.store import upsert


def channel_moved(session: Session, old: str, new: str) -> None:
    """A channel bears another id from now on: for tags, editions and what is still to be said there."""
    places.renamed(session, old, new)
    session.execute(sa.update(Message).where(Message.channel == old).values(channel=new))
    session.execute(sa.update(Edition).where(Edition.channel == old).values(channel=new))
    # One step from every old id to the newest, also after several moves and where one leads back.
    session.execute(sa.update(ChannelMove).where(ChannelMove.new == old).values(new=new))
    session.execute(sa.delete(ChannelMove).where(ChannelMove.old == new))
    if old != new:
        upsert(session, ChannelMove, {"old": old, "new": new}, key=["old"])


def channel_now(session: Session, channel: str) -> str:
    """The id that a channel bears now."""
    move = session.get(ChannelMove, channel, populate_existing=True)
    return move.new if move else channel
