"""Who may do what, in which state of a problem: the tables against which every act is tried by every role."""

from __future__ import annotations

from bot.core.problems.records import State

TAGGED, NEW, ASKED, OPEN, RESTING, CLOSED, WITHDRAWN, DOWN = State
READ = {OPEN, RESTING, CLOSED, DOWN}  # by everybody
STANDING = {NEW, ASKED, OPEN, RESTING}
SPOKEN_OF = {OPEN, RESTING}
EVERYBODY = ("reader", "confirmer", "raiser", "contact", "steward", "sponsor", "forger")
Where = dict[str, set[State]]


def stewards(*states: State) -> Where:
    return {"steward": set(states)}


def everybody(*states: State, **more: set[State]) -> Where:
    return {role: set(states) | more.get(role, set()) for role in EVERYBODY}


#: In which states whom what is for; everywhere else it is refused.
OF_A_PROBLEM: dict[str, Where] = {
    "acts.confirm": {
        **everybody(OPEN, RESTING, steward={NEW, ASKED}),
        "confirmer": {RESTING},  # "still there" is said once more
        "raiser": set(),
    },
    "acts.undo_confirmation": {"confirmer": SPOKEN_OF},
    "acts.follow_up": {"confirmer": SPOKEN_OF},
    "acts.count_for": {"confirmer": SPOKEN_OF},
    "acts.give_answer": everybody(OPEN, RESTING, steward={NEW, ASKED}, raiser={TAGGED, NEW, ASKED}),
    "tagging.word": {"raiser": {TAGGED}},
    "triage.publish": stewards(NEW),
    "triage.close": stewards(*STANDING),
    "triage.overrule": stewards(*STANDING),
    "triage.set_inputs": stewards(*STANDING),
    "triage.hold": stewards(OPEN),
    "relay.ask": stewards(*STANDING),
    "relay.propose": stewards(NEW, ASKED),
    "relay.take_back_proposal": stewards(*STANDING),
    "relay.settle_words": stewards(OPEN, RESTING, DOWN),
    "relay.heard": stewards(*STANDING, CLOSED, DOWN),
    "relay.open_name": stewards(*STANDING),
    "right_of_reply.ask_teams": stewards(*STANDING),
    "right_of_reply.give_time": stewards(ASKED),
    "right_of_reply.reply": {"contact": {ASKED, OPEN, RESTING}},
    "right_of_reply.publish": stewards(NEW, ASKED),
    "right_of_reply.publish_early": stewards(NEW, ASKED),
    "corrections.take_down": stewards(*STANDING, CLOSED),
    "corrections.points_at_me": everybody(
        OPEN, RESTING, CLOSED, steward={NEW, ASKED}, raiser={NEW, ASKED}, contact={ASKED}
    ),
    "corrections.review_take_down": stewards(DOWN),
    "corrections.readable": everybody(
        *READ, steward={NEW, ASKED}, raiser={TAGGED, NEW, ASKED}, contact={ASKED}
    ),
    "queries.visible": everybody(*READ, steward={NEW, ASKED}, raiser={TAGGED, NEW, ASKED}),
    "queries.visible_by_number": everybody(*READ),
    "queries.may_see": everybody(*READ, steward={NEW, ASKED}, raiser={TAGGED, NEW, ASKED}),
    "replies.as_raiser": {"raiser": {NEW, ASKED, *READ}},
    "replies.for_steward": stewards(NEW, ASKED, *READ),
    "replies.is_asked": {"contact": {ASKED, OPEN, RESTING}},
    "replies.for_contact": {"contact": {ASKED, OPEN, RESTING}},
    "replies.words_withheld": stewards(DOWN),
    **dict.fromkeys(
        (
            *(
                "courses.acknowledge",
                "courses.label",
                "courses.not_for_us",
                "courses.not_now",
                "courses.observe",
                "courses.say_way_around",
                "courses.write",
            ),
            *("courses.take_back", "courses.trial_over", "courses.try_out"),
        ),
        stewards(*STANDING),
    ),
    "courses.reopen": stewards(CLOSED),
    "courses.say_what_helps": stewards(*SPOKEN_OF),
    "handing.hand": stewards(*SPOKEN_OF),
    **{
        key: {"contact": STANDING}
        for key in ("handing.for_contact", "handing.say_yes", "handing.say_not_ours")
    },
    "helping.answer_help": stewards(*SPOKEN_OF),
    "helping.offer_help": everybody(*SPOKEN_OF),
    "helping.to_help": everybody(*SPOKEN_OF),
    "helping.offers": stewards(NEW, ASKED, *READ),
    "helping.take_help_back": everybody(*READ, steward={NEW, ASKED}, raiser={TAGGED, NEW, ASKED}),
    "sponsoring.ask_sponsor": stewards(*SPOKEN_OF),
    **{key: {"sponsor": STANDING} for key in ("sponsoring.answer", "sponsoring.for_sponsor")},
    "withholding.review": stewards(DOWN),
    "flagging.looked": stewards(*STANDING),
    "merging.merge": stewards(*STANDING),
    "merging.undo": stewards(*STANDING),
    "reviews.answer_review": stewards(*SPOKEN_OF, DOWN),
    "reviews.ask_review": {"contact": SPOKEN_OF},
    "reviews.answered": {"contact": SPOKEN_OF},
    **{key: stewards(*SPOKEN_OF) for key in ("trackers.link", "trackers.unlink")},
}
#: Of no problem: who may.
OTHERS: dict[str, tuple[str, ...]] = {
    "relay.pause_intake": ("steward",),
    "relay.resume_intake": ("steward",),
    "editions.add_note": ("steward",),
    "teams.unmark_group": ("steward",),
    "teams.name_contact": ("steward",),
    "teams.choose": EVERYBODY,
    "acts.raise_confidential": EVERYBODY,
    "acts.raise_named": EVERYBODY,
    "queries.mine": EVERYBODY,
    "queries.for_stewards": ("steward",),
    "replies.asked_of": EVERYBODY,
    "forgetting.forget": EVERYBODY,
    "stored.what_is_stored": EVERYBODY,
    **dict.fromkeys(
        ("absence.say_away", "absence.say_back", "careful.choose", "courses.set_limit"), ("steward",)
    ),
    # Of one's own: what nobody asked this person is not in it.
    **dict.fromkeys(("handing.waiting_for", "hearing.choose", "sponsoring.asked_of"), EVERYBODY),
}
#: These take a problem that was loaded, or a channel in which the person reacted: whoever may react, may tag.
INSIDE = {
    *("acts.confirm_problem", "acts.undo_for", "triage.mine_to_change", "triage.note"),
    *("tagging.tag", "tagging.untag", "tagging.inherit", "triage.let_read", "withholding.withhold"),
    *("flagging.confirmed", "flagging.taken_back", "reviews.may_ask"),
    "reviews.answered",  # nothing where nothing is this person's to read
}
#: Rooms with a table of their own: `test_every_later_act_by_every_role`.
WITH_A_TABLE = {
    *("bot.core.decisions.acts", "bot.core.decisions.paying", "bot.core.decisions.queries"),
    *("bot.core.pilot.acts", "bot.core.pulse.acts", "bot.core.pulse.queries", "bot.core.pulse.tone"),
}
#: What the acts of all rooms go through, and searches: these show what `queries.may_see` lets through, by their own tests.
ELSEWHERE = {
    *("bot.core.problems.lifecycle", "bot.core.problems.similar", "bot.core.problems.merge_queries"),
    *("bot.core.identity.people", "bot.core.forgetting"),
}
