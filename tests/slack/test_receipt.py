"""Answers without names: a raiser reads and writes back, with a code or as whom the bot knows them to be."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.identity.guessing import MOST
from bot.core.problems.records import Inbox, Problem, State
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.core.replies import acts, moving, right_of_reply
from bot.core.replies.queries import Correspondence, TeamsWord
from bot.core.replies.records import Proposal, Question
from bot.core.tables import metadata
from bot.core.teams.queries import by_name
from bot.slack.raising.carried import Carried
from bot.slack.raising.checking import Seen
from bot.slack.receipt import views, word_views
from bot.words import Words
from tests.company import run_batch
from tests.slack import limits
from tests.slack.conftest import NOW, Office
from tests.slack.test_check_step import seen_in

LINE = "Customers hear about releases from us last"
FILLED = {"title": LINE, "hardship": "For us this means that tickets tell us what was shipped."}
OTHER = Wording("Customers hear of releases before Support does", "For us this means surprises.")
ENGLISH = Words.of("en")


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help", "reading", "receipt")


def shown(view: Mapping[str, Any]) -> str:
    return "\n".join(limits.texts(view["blocks"]))


def raised(office: Office, who: str = "niamh", **more: Any) -> str:
    """Raise a problem and let the batch run; the code of an anonymous one, else ''."""
    office.slash(who)
    view = office.practice.submit(who, {**FILLED, **more}).views[-1]
    assert "Heard" in shown(view)
    run_batch(office.sessions, office.kit, office.now, days=1)
    said = [text for text in limits.texts(view["blocks"]) if "Your code" in text]
    return str(said[0].split("`")[1]) if said else ""


def anonymous(office: Office) -> str:
    return raised(office, way="anonymous")


def ident(office: Office) -> int:
    with office.sessions.reading() as session:
        found = session.scalars(sa.select(Problem.id)).one()
    return int(found)


def problem(office: Office) -> Problem:
    with office.sessions.reading() as session:
        return session.scalars(sa.select(Problem)).one()


def asked(office: Office, text: str = "Since when is it so?") -> None:
    with office.sessions.begin() as session:
        acts.ask(
            session,
            office.actor("amara"),
            ident(office),
            text,
            kit=office.kit,
            at=office.now,
            news_at=office.now,
        )
        moving.carry(session)


def proposed(office: Office) -> None:
    with office.sessions.begin() as session:
        acts.propose(
            session,
            office.actor("amara"),
            ident(office),
            OTHER,
            kit=office.kit,
            at=office.now,
            news_at=office.now,
        )
        moving.carry(session)


def opened(office: Office, code: str, who: str = "niamh") -> dict[str, Any]:
    """The form that a code opens."""
    office.slash(who, "receipt")
    outcome = office.practice.submit(who, {"code": code})
    assert outcome.ok, outcome.errors
    return dict(outcome.views[-1])


def opened_as_raiser(office: Office, who: str = "niamh") -> dict[str, Any]:
    """The same from the list of what somebody raised."""
    (whisper,) = office.slash(who, "mine").ephemerals
    return dict(office.practice.press(who, f"{views.OPEN}:{ident(office)}", at=whisper).views[-1])


def inbox(office: Office) -> list[tuple[str, Mapping[str, Any]]]:
    with office.sessions.reading() as session:
        return [(row.act, row.body) for row in session.scalars(sa.select(Inbox))]


def next_morning(office: Office) -> None:
    run_batch(office.sessions, office.kit, office.now, days=2)


def everything(office: Office) -> str:
    with office.sessions.reading() as session:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in session.execute(sa.select(table))
        )


def test_the_code_opens_the_problem_and_says_where_it_stands(office: Office) -> None:
    code = anonymous(office)
    before, log = everything(office), office.log
    view = opened(office, code.replace(" ", "-"))
    assert LINE in shown(view)
    assert "with the stewards" in shown(view)
    assert "Whatever you send here counts <!date^" in shown(view)
    assert everything(office) == before
    assert office.log == log
    office.practice.assert_no_objections()


def test_a_code_of_today_is_told_that_it_has_arrived(lite_office: Office) -> None:
    lite_office.slash("niamh")
    view = lite_office.practice.submit("niamh", {**FILLED, "way": "anonymous"}).views[-1]
    code = shown(view).split("`")[1]
    assert "has arrived" in shown(opened(lite_office, code))


def test_wrong_and_withdrawn_codes_get_the_same_words(lite_office: Office) -> None:
    code = anonymous(lite_office)
    opened(lite_office, code)
    assert "destroyed" in shown(lite_office.practice.press("niamh", views.WITHDRAW).views[-1])
    next_morning(lite_office)
    said = []
    for typed in (code, "0000 0000 0000 0000"):
        lite_office.slash("niamh", "receipt")
        said.append(lite_office.practice.submit("niamh", {"code": typed}).errors)
    assert said[0] == said[1]
    assert list(said[0]) == ["code"]


def test_what_is_no_code_is_refused_beside_the_field_and_counts_as_no_guess(lite_office: Office) -> None:
    for _ in range(MOST + 1):
        lite_office.slash("niamh", "receipt")
        assert "sixteen digits" in lite_office.practice.submit("niamh", {"code": "my code"}).errors["code"]


def test_too_many_wrong_codes_close_the_door_for_everybody_for_an_hour(lite_office: Office) -> None:
    code = anonymous(lite_office)
    for number in range(MOST):
        lite_office.slash("niamh", "receipt")
        assert lite_office.practice.submit("niamh", {"code": f"{number:016}"}).errors
    lite_office.slash("priya", "receipt")
    assert "try again in an hour" in lite_office.practice.submit("priya", {"code": code}).errors["code"]
    lite_office.practice.move_clock(3601)
    assert LINE in shown(opened(lite_office, code))


def test_a_code_after_the_command_is_neither_read_nor_repeated(lite_office: Office) -> None:
    code = anonymous(lite_office)
    outcome = lite_office.slash("niamh", f"receipt {code}")
    view = outcome.views[-1]
    assert "was not read" in shown(view)
    assert code not in json.dumps(view)
    assert outcome.ephemerals == []


def test_words_after_it_may_be_a_problem_that_begins_so(lite_office: Office) -> None:
    (whisper,) = lite_office.slash("niamh", "receipt printers are down").ephemerals
    assert "Raise it as a problem" in json.dumps(whisper["blocks"])


@pytest.mark.parametrize("way", ["confidential", "anonymous", "named"])
def test_a_question_is_answered_and_moves_the_next_morning(office: Office, way: str) -> None:
    more = {"name": ["show"]} if way == "named" else {"way": way}
    code = raised(office, **more)
    asked(office)
    view = opened(office, code) if code else opened_as_raiser(office)
    assert "Since when is it so?" in shown(view)
    (block,) = (b["block_id"] for b in view["blocks"] if b["type"] == "input")
    outcome = office.practice.submit("niamh", {block: "Since the spring."})
    assert "It reaches the stewards <!date^" in shown(outcome.views[-1])
    ((act, body),) = inbox(office)
    assert (act, body["answer"]) == ("told", "Since the spring.")
    assert office.id("niamh") not in json.dumps(body)
    next_morning(office)
    with office.sessions.reading() as session:
        assert session.scalar(sa.select(Question.answer)) == "Since the spring."
    again = opened(office, code) if code else opened_as_raiser(office)
    assert "You answered" in shown(again)
    assert not [b for b in again["blocks"] if b["type"] == "input"]
    office.practice.assert_no_objections()


def test_an_empty_answer_is_asked_for_and_nothing_is_stored(lite_office: Office) -> None:
    code = anonymous(lite_office)
    asked(lite_office)
    opened(lite_office, code)
    assert "a word or two" in next(iter(lite_office.practice.submit("niamh").errors.values()))
    assert inbox(lite_office) == []


@pytest.mark.parametrize(("button", "title"), [(views.AGREE, OTHER.title), (views.REFUSE, LINE)])
def test_proposed_words_stand_or_fall_with_the_raisers_word(office: Office, button: str, title: str) -> None:
    code = anonymous(office)
    proposed(office)
    view = opened(office, code)
    assert OTHER.title in shown(view)
    assert LINE in shown(view)
    assert "It counts <!date^" in shown(office.practice.press("niamh", button).views[-1])
    assert not problem(office).agreed
    next_morning(office)
    assert (problem(office).title, problem(office).agreed) == (title, True)
    office.practice.assert_no_objections()


def test_no_more_questions_is_kept_from_the_next_morning_on(lite_office: Office) -> None:
    code = anonymous(lite_office)
    opened(lite_office, code)
    assert "nobody can ask you" in shown(lite_office.practice.press("niamh", views.QUIET).views[-1])
    next_morning(lite_office)
    with pytest.raises(Refusal):
        asked(lite_office)
    assert "No more questions" not in json.dumps(opened(lite_office, code))


def test_other_words_are_looked_at_and_then_move(office: Office) -> None:
    code = anonymous(office)
    opened(office, code)
    form = office.practice.press("niamh", word_views.WORDS).views[-1]
    fields = {b["block_id"].split(".")[0]: b for b in form["blocks"] if b["type"] == "input"}
    assert fields["title"]["element"]["initial_value"] == LINE
    looked = office.practice.submit(
        "niamh", {fields["title"]["block_id"]: "Legal always sits on reviews"}
    ).views[-1]
    assert "could read" in shown(looked)
    assert inbox(office) == []
    taken = office.practice.press("niamh", word_views.USE).views[-1]
    said = next(
        b["element"]["initial_value"] for b in taken["blocks"] if str(b.get("block_id")).startswith("title.")
    )
    assert "always" not in said
    outcome = office.practice.submit("niamh")
    assert "Your words are taken" in shown(outcome.views[-1])
    ((act, body),) = inbox(office)
    assert (act, body["title"]) == ("words", said)
    next_morning(office)
    assert problem(office).title == said
    office.practice.assert_no_objections()


def test_other_words_that_were_looked_at_are_sent_as_they_are(lite_office: Office) -> None:
    code = anonymous(lite_office)
    opened(lite_office, code)
    form = lite_office.practice.press("niamh", word_views.WORDS).views[-1]
    block = next(b["block_id"] for b in form["blocks"] if str(b.get("block_id")).startswith("title."))
    lite_office.practice.submit("niamh", {block: "Legal always sits on reviews"})
    assert "are taken" in shown(lite_office.practice.submit("niamh").views[-1])
    ((_, body),) = inbox(lite_office)
    assert body["title"] == "Legal always sits on reviews"


def test_a_title_that_nobody_can_read_is_refused_beside_its_field(lite_office: Office) -> None:
    code = anonymous(lite_office)
    opened(lite_office, code)
    form = lite_office.practice.press("niamh", word_views.WORDS).views[-1]
    block = next(b["block_id"] for b in form["blocks"] if str(b.get("block_id")).startswith("title."))
    assert list(lite_office.practice.submit("niamh", {block: "\u200b"}).errors) == [block]


def test_a_withdrawn_problem_of_ones_own_is_gone_the_next_morning(lite_office: Office) -> None:
    raised(lite_office)
    opened_as_raiser(lite_office)
    lite_office.practice.press("niamh", views.WITHDRAW)
    assert problem(lite_office).state == State.NEW
    next_morning(lite_office)
    gone = problem(lite_office)
    assert (gone.state, gone.title, gone.sealed_address) == (State.WITHDRAWN, "", None)
    (whisper,) = lite_office.slash("niamh", "mine").ephemerals
    assert "Nothing here is from you yet" in whisper["text"]


def test_nobody_else_opens_a_problem_by_its_id(lite_office: Office) -> None:
    raised(lite_office)
    (whisper,) = lite_office.slash("niamh", "mine").ephemerals
    button = next(b for b in limits.buttons(whisper["blocks"]) if b["action_id"].startswith(views.OPEN))
    forged = {
        "type": "block_actions",
        "team": {"id": lite_office.bot.workspace.team},
        "user": {"id": lite_office.id("priya"), "team_id": lite_office.bot.workspace.team},
        "trigger_id": "1.2.3",
        "view": {"type": "modal", "callback_id": views.LETTERS, "id": "V1", "private_metadata": "{}"},
        "actions": [{"type": "button", "action_id": button["action_id"], "value": button["value"]}],
    }
    before = everything(lite_office)
    assert lite_office.post(urllib.parse.urlencode({"payload": json.dumps(forged)}).encode()).status == 200
    calls = [call for call in lite_office.practice.calls() if call["method"].startswith("views.")]
    pushed = json.dumps([call for call in calls if "push" in call["method"]])
    assert "not there any more" in pushed
    assert LINE not in pushed
    assert everything(lite_office) == before


def test_what_you_raised_leads_in_a_form_to_all_that_waits(lite_office: Office) -> None:
    raised(lite_office)
    asked(lite_office)
    (whisper,) = lite_office.slash("niamh", "mine").ephemerals
    assert [b["text"]["text"] for b in limits.buttons(whisper["blocks"])] == ["Open"]
    view = lite_office.practice.press("niamh", f"{views.OPEN}:{ident(lite_office)}", at=whisper).views[-1]
    assert "Since when is it so?" in shown(view)
    assert not view["previous_view_id"]


def test_while_teams_are_asked_their_time_is_said_and_who_it_is_is_not(lite_office: Office) -> None:
    code = raised(lite_office, way="anonymous")
    with lite_office.sessions.begin() as session:
        team = by_name(session, "Identity")
        assert team is not None
        right_of_reply.ask_teams(
            session,
            lite_office.actor("amara"),
            ident(lite_office),
            [team.id],
            zone=lite_office.bot.settings.time_zone,
            holidays=lambda _: False,
            kit=lite_office.kit,
            at=lite_office.now,
            news_at=lite_office.now,
        )
    said = shown(opened(lite_office, code))
    assert "asked in private" in said
    assert "Until <!date^" in said
    assert "Identity" not in said


def _problem(title: str, text: str, state: State, **more: Any) -> Problem:
    closing = text or "x"
    return Problem(
        id=7, title=title, hardship=text, tried=text, guardrails=text, state=state.value, closing=closing,
        raised_as="anonymous", number=3, no_more_questions=False, finding=None, overrule_sentence=None, **more
    )  # fmt: skip


@given(
    title=limits.hostile(),
    text=limits.hostile(3000),
    state=st.sampled_from(list(State)),
    questions=st.integers(0, 40),
    replies=st.integers(0, 30),
)
@settings(max_examples=60, deadline=None)
def test_the_form_stays_within_slacks_limits_whatever_travelled(
    title: str, text: str, state: State, questions: int, replies: int
) -> None:
    found = Correspondence(
        _problem(title, text, state),
        questions=[
            Question(id=n + 1, problem_id=7, text=text, answer=text if n > 2 else None)
            for n in range(questions)
        ],
        to_agree=Proposal(id=9, title=title, hardship=text, tried=text, guardrails=text),
        suggested=Proposal(id=10, title=title, hardship=text, tried="", guardrails=""),
        replies=[TeamsWord(n, title, text) for n in range(replies)],
        early=[text, text],
    )
    view = views.letters(ENGLISH, found, Carried(receipt="1" * 16), moves_at=NOW, noted="Taken.")
    limits.check_view(view)
    # Of a closed one the raiser is asked whether that settles it, and what is missing.
    asked = {State.CLOSED: 2, State.WITHDRAWN: 0}.get(state, min(questions, 3))
    assert len([b for b in view["blocks"] if b["type"] == "input"]) == asked


@given(title=limits.hostile(), text=limits.hostile(3000), looked=st.booleans(), published=st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_form_for_other_words_stays_within_slacks_limits(
    title: str, text: str, looked: bool, published: bool
) -> None:
    seen = seen_in({"title": title, "hardship": text, "tried": text, "guardrails": text})
    limits.check_view(
        word_views.words_form(ENGLISH, Carried(tag=7), seen, published=published, looked=looked)
    )


@pytest.mark.parametrize("typed_after", [True, False])
def test_the_form_for_the_code_fits(typed_after: bool) -> None:
    limits.check_view(views.code_form(ENGLISH, typed_after=typed_after))


@pytest.mark.parametrize("value", ["", "0", "-1", "٣", "1" * 30, str(2**63), "x"])
def test_a_forged_id_is_refused(value: str) -> None:
    with pytest.raises(Refusal):
        views.read_ident(value)
    values = {f"answer.{value}": {"answer": {"value": "yes"}}}
    with pytest.raises(Refusal):
        views.read_answers({"state": {"values": values}})


def test_nothing_bypasses_the_catalogue() -> None:
    words = Words.pseudo()
    data = ("Title", "Text", "Identity", "<!date^1795010851^", "/problem")
    for state in State:
        found = Correspondence(
            _problem("Title", "Text", state),
            questions=[Question(id=1, text="Text", answer=None), Question(id=2, text="Text", answer="Text")],
            to_agree=Proposal(id=9, title="Title", hardship="Text", tried="", guardrails=""),
            suggested=Proposal(id=9, title="Title", hardship="Text", tried="", guardrails=""),
            replies=[TeamsWord(1, "Identity", "Text")],
            early=["Text"],
        )
        view = views.letters(words, found, Carried(tag=7), moves_at=NOW)
        assert limits.past_the_catalogue(view, data=data) == []
    assert limits.past_the_catalogue(views.code_form(words, typed_after=True)) == []
    plain = word_views.words_form(words, Carried(tag=7), _plain(), published=True)
    assert limits.past_the_catalogue(plain, data=data) == []


def _plain() -> Seen:
    return seen_in({"title": "Title", "hardship": "Text"})
