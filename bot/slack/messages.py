"""Every kind of message in the outbox, and what puts it in words for whom it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from bot.core.calendar_rules import instant
from bot.core.decisions import queries as decisions
from bot.core.figures import MissingLibraries
from bot.core.identity.hearing import hears
from bot.core.identity.people import Actor
from bot.core.identity.records import Hears
from bot.core.outbox import Message
from bot.core.problems import handing, sponsoring, tagging, trackers
from bot.core.pulse import queries as waves
from bot.core.pulse import silence, tone
from bot.core.pulse.records import Side, WaveState
from bot.core.refusal import NotFound
from bot.core.replies import queries as replies
from bot.core.replies import reviews
from bot.core.teams import queries as teams
from bot.slack import text as t
from bot.slack.deciding import payer_views
from bot.slack.desk import morning
from bot.slack.editions import posting
from bot.slack.handing import views as hands
from bot.slack.home.composing import view_for
from bot.slack.pilot import files as pilot_files
from bot.slack.pilot import report_views as pilot
from bot.slack.pulse import views as pulse
from bot.slack.raising import views as raising
from bot.slack.reading.views import NEWS
from bot.slack.rendered import Call, HomeTab, Kind, Nothing, NotYet, Rendered, Said
from bot.slack.replying import review_views
from bot.slack.replying import views as replying
from bot.slack.turn import Bot, Viewer
from bot.words import Words

_NEWER: Final = dt.timedelta(minutes=1)


def render(session: Session, bot: Bot, message: Message, person: str | None) -> Rendered:
    """Put a message in words for `person`, None in a channel.

    A kind that this release does not know is left for the newer process that wrote it.
    """
    kind = KINDS.get(message.kind)
    return kind.render(session, bot, message, person) if kind else NotYet(_NEWER)


def _tag_prompt(session: Session, bot: Bot, message: Message, person: str | None) -> Rendered:
    ident = int(message.about["problem"])
    if not tagging.asks_for_words(session, ident, person or ""):
        return Nothing()
    said, blocks = raising.tag_prompt(bot.words(), ident)
    return Said(said, blocks)


def _pilot_report(session: Session, bot: Bot, _message: Message, person: str | None) -> Rendered:
    """In the channel with the page, the sheet and the pictures; to a steward who asked, in words."""
    words = bot.words()
    try:
        found = pilot_files.read(session, words)
    except MissingLibraries:
        return Said(
            words("The pilot's report can't be worked out here: the extra `reports` is not installed.")
        )
    if found is None:
        return Nothing()
    if person is not None:
        return Said(pilot.text(words, found), pilot.blocks(words, found))
    none = words("The page, the sheet and the pictures are missing: Slack did not allow me to upload files.")
    return Said(pilot.post(words, found), files=lambda: pilot_files.drawn(bot), without_files=none)


def _asked_team(session: Session, bot: Bot, message: Message, person: str | None) -> Rendered:
    about = (int(message.about["problem"]), int(message.about["team"]))
    try:
        asked = replies.for_contact(session, Actor(person or ""), *about)
    except NotFound:
        return Nothing()  # somebody else answers for the team by now, or nothing is asked any more
    if asked.text is not None:
        return Nothing()
    said, blocks = replying.something_waits(bot.words(), asked.team.name, *about)
    return Said(said, blocks)


def _reviewed(session: Session, bot: Bot, message: Message, person: str | None) -> Rendered:
    problem, team = int(message.about["problem"]), int(message.about["team"])
    try:
        found = reviews.answered(session, Actor(person or ""), problem, team, kit=bot.kit)
    except NotFound:
        return Nothing()  # somebody else answers for the team by now, or it is over
    said, blocks = review_views.answered(bot.words(), found.name, problem)
    return Said(said, blocks)


def _handed_team(session: Session, bot: Bot, message: Message, person: str | None) -> Rendered:
    about = (int(message.about["problem"]), int(message.about["team"]))
    try:
        found = handing.for_contact(session, Actor(person or ""), *about)
    except NotFound:
        return Nothing()  # answered or taken back by now, or somebody else answers for the team
    said, blocks = hands.team_waits(bot.words(), found.team.name, *about)
    return Said(said, blocks)


def _asked_sponsor(session: Session, bot: Bot, message: Message, person: str | None) -> Rendered:
    ident = int(message.about["problem"])
    try:
        sponsoring.for_sponsor(session, Actor(person or ""), ident, sponsor=bot.settings.sponsor)
    except NotFound:
        return Nothing()
    said, blocks = hands.sponsor_waits(bot.words(), ident)
    return Said(said, blocks)


def _asked_payer(session: Session, bot: Bot, message: Message, person: str | None) -> Rendered:
    about = (int(message.about["decision"]), int(message.about["team"]))
    try:
        asked = decisions.for_payer(session, Actor(person or ""), *about)
    except NotFound:
        return Nothing()  # somebody else answers for the team by now, or it is over
    said, blocks = payer_views.something_waits(bot.words(), asked.payer.name, *about)
    return Said(said, blocks)


def _webhook(session: Session, _bot: Bot, message: Message, _person: str | None) -> Rendered:
    problem, what = int(message.about["problem"]), trackers.News(message.about["news"])
    content = trackers.payload_of(session, problem, what, str(message.id))
    return Nothing() if content is None else Call(content)


def _home(session: Session, bot: Bot, _message: Message, person: str | None) -> Rendered:
    viewer = Viewer(person=person or "", at=bot.clock(), words=bot.words(), bot=bot)
    return HomeTab(view_for(viewer, session))


def _wave(said: Callable[[Words, int, dt.datetime, int], pulse.Said], state: WaveState) -> Kind:
    """A message to everybody whom a wave asks, as long as it is in that state."""

    def render(session: Session, bot: Bot, message: Message, _person: str | None) -> Rendered:
        wave = waves.by_id(session, message.about.get("wave"))
        if wave is None or wave.state != state.value:
            return Nothing()  # called off, or closed before it was sent
        questions = len(waves.questions(wave).page(1))
        return Said(*said(bot.words(), wave.id, wave.closes_at, questions))

    return Kind(render)


def _silence(session: Session, bot: Bot, message: Message, _person: str | None) -> Rendered:
    found = silence.latest(session)
    if found is None:
        return Nothing()
    # Who is quiet was asked with the quarter's look.
    named = [] if message.about.get("flow") else silence.named(session, found)
    return Said(*pulse.silence(bot.words(), named, fell=found.fell))


def _tone(session: Session, bot: Bot, message: Message, _person: str | None) -> Rendered:
    problem, team = int(message.about["problem"]), teams.by_id(session, int(message.about["team"]))
    if team is None or tone.said(session, Side.STEWARD, problem, team.id, bot.kit):
        return Nothing()
    return Said(*pulse.tone_message(bot.words(), team.name, problem, team.id))


def _news(session: Session, bot: Bot, _message: Message, person: str | None) -> Rendered:
    match hears(session, person or "", bot.kit.sealing):
        case Hears.NEVER:
            return Nothing()
        case Hears.MONDAYS if wait := _until_monday(bot):
            return NotYet(wait)
    said, blocks = news(bot.words())
    return Said(said, blocks)


def _until_monday(bot: Bot) -> dt.timedelta:
    """Until Monday's batch hour; nothing on a Monday."""
    settings, now = bot.settings, bot.clock()
    today = now.astimezone(settings.time_zone).date()
    days = -today.weekday() % 7
    if not days:
        return dt.timedelta()
    return instant(today + dt.timedelta(days=days), settings.batch_hour, settings.time_zone) - now


def news(words: Words) -> tuple[str, list[dict[str, Any]]]:
    """To a raiser or follower, always the same, whatever the news."""
    said = words("There is news on something you follow.")
    return said, [t.section(said), t.buttons(t.button(words("Open"), NEWS, "mine", label=said))]


KINDS: Final[Mapping[str, Kind]] = {
    "edition": Kind(posting.in_channel, posting.channel_stands, posting.channel_held, inside_only=True),
    "edition_to_steward": Kind(posting.to_steward, each=True),
    "edition_thread": Kind(posting.in_thread, posting.part_stands, inside_only=True),
    "correct_edition": Kind(posting.corrected),
    "asked_team": Kind(_asked_team, each=True),
    "reviewed": Kind(_reviewed, each=True),
    "handed_team": Kind(_handed_team, each=True),
    "asked_sponsor": Kind(_asked_sponsor, each=True),
    "webhook": Kind(_webhook),
    "payer_asked": Kind(_asked_payer, each=True),
    "tag_prompt": Kind(_tag_prompt, missable=True),
    "home": Kind(_home, each=True, missable=True),
    "pulse_invite": _wave(pulse.invite, WaveState.OPEN),
    "pulse_reminder": _wave(lambda words, wave, at, _n: pulse.reminder(words, wave, at), WaveState.OPEN),
    "pulse_results": _wave(lambda words, wave, _at, _n: pulse.results_ready(words, wave), WaveState.CLOSED),
    "silence": Kind(_silence),
    "tone": Kind(_tone, each=True),
    "pilot_report": Kind(_pilot_report, inside_only=True),
    "pilot_report_to_steward": Kind(_pilot_report, each=True),
    "something_waits": Kind(morning.something_waits),
    "news": Kind(_news),
}
