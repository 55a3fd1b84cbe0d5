"""The check-up: what would keep the bot from working, what it would work without, and how to mend each."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

import sqlalchemy as sa

from bot.core import figures, migrating, outbox
from bot.core.calendar_rules import batch_due, instant, period_due
from bot.core.editions.moving import channel_now
from bot.core.identity.installation import mode
from bot.core.identity.sealing import Sealing
from bot.core.problems.similar import Index, of_another_model
from bot.core.pulse import instrument
from bot.core.pulse.queries import current, ever_run
from bot.core.store import Sessions
from bot.core.teams.queries import team_of
from bot.jobs.keys import done_with, missing
from bot.jobs.places import is_shared
from bot.jobs.team_sync import NO_GROUPS
from bot.jobs.worker import AWAY
from bot.manifest import declared
from bot.own_key import own_key_file
from bot.setting_kinds import DAYS
from bot.settings import REQUIRED, Settings
from bot.slack.client import ChannelGone, NotOnThisPlan, PersonGone, Refused, Slack, SlackTrouble

_SKEW = dt.timedelta(seconds=60)
_WEEK = dt.timedelta(days=7)
#: The dialect of an installation that `groundswell run` sets up by itself.
_FILE = "sqlite"
#: What is lost without each scope that may be declined.
WITHOUT = {
    "usergroups:read": "teams can't follow user groups; import them with `groundswell teams import FILE`",
    "channels:history": "an edition can't be found again after a crash and waits for a steward's word; "
    "a tagged message is no first draft",
    "groups:history": "the same in private channels",
    "files:write": "editions have no pictures, and a pilot's report is posted without its files",
    "files:read": "editions have no pictures",
    "users:read.email": "a file of teams must name people by their member ID",
}


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"  # it works, with less
    BAD = "bad"  # it does not work


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked at; `mend` says what to do where it is not good."""

    level: Level
    what: str
    mend: str = ""


Findings = Iterator[Found]


def good(what: str) -> Found:
    return Found(Level.GOOD, what)


def warning(what: str, mend: str) -> Found:
    return Found(Level.WARNING, what, mend)


def bad(what: str, mend: str) -> Found:
    return Found(Level.BAD, what, mend)


def examine(
    settings: Settings, sessions: Sessions, slack: Slack, app_slack: Slack | None, now: dt.datetime
) -> Findings:
    """Look at everything, in the order in which it is mended. `app_slack` bears the app-level token."""
    yield from _needed(settings, sessions)
    yield from _database(settings, sessions)
    yield from _pulse(settings, sessions)
    if settings.slack_bot_token is None:
        return
    try:
        granted, told = slack.granted()
    except Refused as error:
        yield bad(
            f"Slack refuses SLACK_BOT_TOKEN ({error.code}).",
            "Install the app again (its page on api.slack.com/apps, Install App) and set the token shown there.",
        )
        return
    except SlackTrouble as error:
        yield bad(
            f"Slack does not answer ({error.code}).",
            f"Check that this machine reaches {settings.slack_api_url}; behind a proxy, set HTTPS_PROXY.",
        )
        return
    yield good("Slack takes SLACK_BOT_TOKEN.")
    yield from _scopes(granted)
    yield from _time(settings, told, now)
    if app_slack is not None:
        yield from _said(lambda: _app_token(app_slack))
    yield from _said(lambda: _channel(settings, sessions, slack))
    yield from _said(lambda: _stewards(settings, sessions, slack))
    yield from _schedule(settings, now)


def _said(look: Callable[[], Findings]) -> Findings:
    """What one look found, or that Slack did not answer it."""
    try:
        yield from list(look())
    except SlackTrouble as error:
        yield warning(f"Slack did not answer {error.method} ({error.code}).", "Try again in a minute.")


def _needed(settings: Settings, sessions: Sessions) -> Findings:
    for name in dict.fromkeys((*REQUIRED["run"], *REQUIRED["web"])):
        field = Settings.model_fields[name]
        if name in ("slack_app_token", "slack_signing_secret", "sealing_keys") or getattr(settings, name):
            continue
        yield bad(f"{field.alias} is missing.", str(field.description))
    if not (settings.slack_app_token or settings.slack_signing_secret):
        app_token, secret = (
            Settings.model_fields[name] for name in ("slack_app_token", "slack_signing_secret")
        )
        yield bad(
            f"{app_token.alias} and {secret.alias} are missing; one of them will do.",
            f"{app_token.description} Or: {secret.description}",
        )
    if not settings.sealing_keys:
        yield from _no_key(sessions)
    if settings.people_channel:
        yield good("Misconduct and safety reports have a place of their own, and the form names it.")
    if settings.stewards_checked:
        yield good(f"That no steward has line authority was looked at: {settings.stewards_checked}.")
    else:
        yield warning(
            "Nobody has said that no steward has line authority over the people served.",
            "Look at pay, promotion and projects, and set GROUNDSWELL_STEWARDS_CHECKED to by whom and when.",
        )
    if settings.sponsor is None:
        yield warning(
            "No sponsor is named.",
            "Set GROUNDSWELL_SPONSOR: somebody has to answer problems of authority, and complaints about a steward.",
        )


def _no_key(sessions: Sessions) -> Findings:
    field = Settings.model_fields["sealing_keys"]
    if sessions.dialect == _FILE:
        yield warning(
            "There is no sealing key yet; `groundswell run` makes one.",
            f"It will lie in {own_key_file()}: keep a copy apart from the database's backups.",
        )
    else:
        yield bad(f"{field.alias} is missing.", str(field.description))


def _database(settings: Settings, sessions: Sessions) -> Findings:
    try:
        behind = migrating.pending(sessions.engine)
    except AWAY as error:
        yield bad(f"The database does not answer ({type(error).__name__}).", "Check DATABASE_URL.")
        return
    if behind and sessions.dialect == _FILE:
        yield warning(
            "The database is not up to date; `groundswell run` sees to it when it starts.",
            "Nothing is to be done; `groundswell migrate` does it now.",
        )
        return
    if behind:
        yield bad("The database is not up to date.", "Run `groundswell migrate`.")
        return
    yield good(f"The database ({sessions.dialect}) answers and is up to date.")
    if not sessions.lets_go_of_log():
        yield warning(
            "Postgres keeps old parts of its write-ahead log, which tell when a problem was raised.",
            "docs/operating.md, Logs, says which settings and rights let go of them once a day.",
        )
    with sessions.reading() as session:
        stuck = len(outbox.unsent(session))
        keys = [key.get_secret_value() for key in settings.sealing_keys]
        idle, lost = done_with(session, keys), missing(session, keys)
    if stuck:
        yield warning(f"{stuck} messages could not be sent.", "The desk in App Home says why, one by one.")
    yield from _similar(settings, sessions)
    if idle and not lost:
        places = ", ".join(str(place) for place in idle)
        yield warning(
            f"Nothing needs the old sealing key any more (number {places}, counted from the newest).",
            "Take it out of the settings, or of the key's file; keep a copy as long as you keep backups.",
        )
    if lost:
        yield bad(
            "A sealing key is missing that addresses or open problems need.",
            "Put the old key behind the new one: GROUNDSWELL_SEALING_KEY=new,old.",
        )


def _similar(settings: Settings, sessions: Sessions) -> Findings:
    index = Index(settings.similar)
    with sessions.reading() as session:
        others = of_another_model(session, index)
    if index.trouble:
        yield warning("Similar problems are found by their words alone: the model is missing.", index.trouble)
    elif others:
        yield warning(
            f"{others} published problems were read by another model, and are found by their words alone.",
            "Run `groundswell similar rebuild`.",
        )


def _pulse(settings: Settings, sessions: Sessions) -> Findings:
    """The questions, the mode, and whether figures get their intervals."""
    try:
        instrument.load(settings.pulse_file)
    except instrument.Malformed as error:
        yield bad(
            f"The pulse's questions in {settings.pulse_file} can't be used: {' '.join(error.faults)}",
            "Mend the file that GROUNDSWELL_PULSE_FILE names, or unset it for our own questions.",
        )
    if not figures.available():
        yield warning(
            "Without the extra `reports` the pulse's figures have no intervals, and a pilot has no report.",
            "Install it: pip install 'groundswell[reports]'. The image has it.",
        )
    with suppress(sa.exc.DBAPIError), sessions.reading() as session:  # what is wrong with it is said above
        wave = current(session)
        if wave is not None and wave.salt_mark is not None:
            keys = Sealing([key.get_secret_value() for key in settings.sealing_keys], random.SystemRandom())
            if not keys.holds(wave.salt_mark):
                yield bad(
                    "A sealing key is missing that the open pulse was opened with, so nobody can answer it.",
                    "Put the old key behind the new one: GROUNDSWELL_SEALING_KEY=new,old.",
                )
        if mode(session) is None and not ever_run(session):
            yield warning(
                "No pulse has been run and nobody has chosen a mode, so it is open.",
                "Begin carefully: the desk's Pulse and mode button changes it, and plans a first pulse.",
            )


def _scopes(granted: frozenset[str]) -> Findings:
    asked = declared()
    missing = sorted(asked.required_scopes - granted)
    if missing:
        yield bad(
            f"Scopes are missing: {', '.join(missing)}.",
            "Put the manifest of `groundswell manifest` into the app's page, then install the app again.",
        )
    else:
        yield good("All needed scopes are granted.")
    for scope in sorted(asked.optional_scopes - granted):
        yield warning(
            f"Without {scope}: {WITHOUT.get(scope, 'something is missing')}.", "Grant it if you want that."
        )


def _time(settings: Settings, told: str, now: dt.datetime) -> Findings:
    if settings.practice_clock is not None:
        yield warning(
            "The bot runs on a practice clock.", "Unset GROUNDSWELL_PRACTICE_CLOCK outside practice."
        )
        return
    try:
        off = abs(parsedate_to_datetime(told) - now)
    except ValueError:
        return
    if off > _SKEW:
        yield bad(
            f"This machine's clock is {int(off.total_seconds())} seconds off Slack's.",
            "Let it be set over the network (NTP): requests older than five minutes are refused.",
        )
    else:
        yield good("The clock is right.")


def _app_token(slack: Slack) -> Findings:
    try:
        slack.call("apps.connections.open")
    except Refused as error:
        yield bad(
            f"Slack refuses SLACK_APP_TOKEN ({error.code}).",
            "Make one with the scope connections:write (the app's page, Basic Information, App-Level Tokens).",
        )
    else:
        yield good("Slack takes SLACK_APP_TOKEN.")


def _channel(settings: Settings, sessions: Sessions, slack: Slack) -> Findings:
    channel = settings.digest_channel
    if channel is None:
        return
    with suppress(sa.exc.DBAPIError), sessions.reading() as session:  # what is wrong with it is said above
        channel = channel_now(session, channel)
    if channel != settings.digest_channel:
        yield warning(
            "The digest channel has another id since; editions go there all the same.",
            f"Name it in the settings: GROUNDSWELL_DIGEST_CHANNEL={channel}.",
        )
    try:
        told = slack.place(channel)
    except ChannelGone:
        yield bad(
            "The bot can't see the digest channel.",
            "Check GROUNDSWELL_DIGEST_CHANNEL; into a private channel the bot has to be invited: /invite it there.",
        )
        return
    name = f"#{told.get('name', '')}"
    if is_shared(told):
        yield bad(f"{name} is shared with another organisation.", "Name a channel of your own people alone.")
    elif told.get("is_archived"):
        yield bad(f"{name} is archived.", "Name another channel in GROUNDSWELL_DIGEST_CHANNEL.")
    elif not told.get("is_member"):
        yield bad(f"The bot is not in {name}.", f"Type /invite and the bot's name in {name}.")
    else:
        yield good(f"Editions go to {name}.")
    if told.get("is_general"):
        yield warning(
            f"{name} is where everybody is.", "Few want a digest there; a channel of its own is read more."
        )


def _stewards(settings: Settings, sessions: Sessions, slack: Slack) -> Findings:
    people = list(settings.steward_ids)
    if settings.steward_group:
        try:
            people = slack.group_people(settings.steward_group)
        except NotOnThisPlan:
            yield bad(NO_GROUPS, "Name the stewards by their member IDs in GROUNDSWELL_STEWARDS.")
            return
        except Refused as error:
            yield bad(
                f"The stewards' user group can't be read ({error.code}).",
                "Check GROUNDSWELL_STEWARDS and the scope usergroups:read, or name people by their IDs.",
            )
            return
    there = [person for person in people if _is_there(slack, person)]
    if len(there) < 2:
        yield bad(
            f"There {'is 1 steward' if len(there) == 1 else 'are no stewards'} who can be reached.",
            "Name at least two in GROUNDSWELL_STEWARDS, from different functions.",
        )
        return
    functions = set()
    try:
        with sessions.reading() as session:
            for person in there:
                belonging = team_of(session, person)
                if belonging and belonging.trusted and belonging.team.function_id is not None:
                    functions.add(belonging.team.function_id)
    except sa.exc.DBAPIError:
        return  # said above
    if len(functions) < 2:
        yield warning(
            "The stewards are not known to be from different functions.",
            "Mark their user groups as teams (`groundswell teams mark`), or choose stewards from two functions.",
        )
    else:
        yield good(f"{len(there)} stewards from {len(functions)} functions.")


def _is_there(slack: Slack, person: str) -> bool:
    try:
        return not slack.person(person).get("deleted")
    except PersonGone:
        return False


def _schedule(settings: Settings, now: dt.datetime) -> Findings:
    zone, hour, batch = settings.time_zone, settings.digest_hour, settings.batch_hour
    last = period_due(now, DAYS.index(settings.digest_day), hour.hour, zone, minute=hour.minute)
    following = instant((last.due_at.astimezone(zone) + _WEEK).date(), hour, zone).astimezone(zone)
    day = batch_due(now, batch.hour, zone, minute=batch.minute) + dt.timedelta(days=1)
    gathered = instant(day, batch, zone).astimezone(zone)
    yield good(
        f"The next edition is due on {following:%A %d %B at %H:%M}, the next batch on {gathered:%A at %H:%M} ({zone.key})."
    )
    if settings.time_zone.key == "UTC":
        yield warning("The hours are in UTC.", "Set GROUNDSWELL_TIME_ZONE (such as Europe/Berlin).")
