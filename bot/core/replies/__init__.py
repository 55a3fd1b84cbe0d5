"""What goes between raisers, stewards and asked teams without a name.

Everything takes the session first. A raiser's acts take a `Raiser`, which is the proof; they write one
inbox row each and move at the batch hour. `news_at` is the next batch hour. A problem is named by its id.

queries
    by_receipt(session, typed, *, guesses) -> Raiser            wrong and withdrawn codes alike; StillWaiting: one of today
    as_raiser(session, actor, ident, kit) -> Raiser             NotFound for everybody else
    for_raiser(session, raiser) -> Correspondence               questions, a steward's proposal, replies once published
    for_steward(session, actor, ident, kit) -> Correspondence   and all replies, the raiser's own suggestion
    beside(session, problem) -> list[TeamsWord]                 replies beside a published problem, for everybody
    early_sentences(session, problem) -> list[str]              why two stewards published early, for everybody
    asked_of(session, actor) -> list[AskedTeam]                 what waits for the teams that this person answers for
    for_contact(session, actor, ident, team) -> AskedTeam       the problem, the team's reply so far, and until when
    name_of(problem) -> str | None                              "show my name": the raiser, from publication on
    words_withheld(session, actor, ident, kit) -> Withheld      what was taken down, for stewards
    waiting_for_review(session) -> list[Problem]                taken down, and no second steward has looked
    raisers_spoke(session) -> list[Problem]                     the raiser said something since a steward's last act
acts, stewards
    ask(session, actor, ident, text, *, kit, at, news_at) -> Question
    propose(session, actor, ident, wording, *, kit, at, news_at) -> Proposal
    take_back_proposal(session, actor, ident, *, kit, at) -> Problem
    settle_words(session, actor, ident, proposal, *, accept, kit, at, news_at) -> Problem   the raiser's suggestion
    heard(session, actor, ident, *, kit, at) -> Problem         read; off the desk
    open_name(session, actor, ident, *, kit, at) -> str
    pause_intake(session, actor, sentence, *, kit, at); resume_intake(session, actor, *, kit, at)
right_of_reply
    ask_teams(session, actor, ident, teams, *, zone, holidays, kit, at, news_at) -> Clock
    give_time(session, actor, ident, *, days, zone, holidays, kit, at) -> Clock     days in all, 10 at most
    reply(session, actor, ident, team, text) -> Reply                               the team's contact alone
    publish(session, actor, ident, *, kit, at, news_at) -> Problem
    ready(session, *, at) -> list[Problem]                                          heard, or out of time: publish next
    anything_waits(session, *, at) -> bool                                          for the morning message
    held_up(session, problem, *, at) -> bool
    publish_early(session, actor, ident, sentence, *, kit, at, news_at) -> bool     True once a second steward has said so
raising (a raiser's acts)
    answer_question(session, raiser, question, text, *, kit); edit_words(session, raiser, wording, *, kit)
    agree(session, raiser, proposal, *, kit); refuse(session, raiser, proposal, *, kit)
    no_more_questions(session, raiser, *, kit); withdraw(session, raiser, *, kit)
moving
    run(session, *, day, kit, at) -> int | None                 the whole batch: jobs call this one
stored
    what_is_stored(session, actor, kit) -> list[Stored]         every row that concerns the person, by kind
forgetting
    forget(session, actor, *, kit, left=False) -> list[Stays]   hidden at once; left: somebody left the company
    sweep(sessions, *, kit, at, path) -> int                    weekly; destroys, and notes at `path` what it destroyed
destroyed
    note(session, path, *, at)                                  daily, after the batch: what was destroyed meanwhile
    replay(session, path, *, kit) -> int                        at every start, so that a restored backup forgets again
keys
    reseal(sessions, kit) -> Resealed
    keys_in_use(session) -> set[bytes]

Above editions, since posted ones are set right: `editions.corrections` take_down, points_at_me, review_take_down.
In identity: `receipts.new_receipt`, `guessing.GuessLimit(clock)`, `installation.paused_because(session)`.
In problems: `acts.raise_anonymous(session, wording, *, digits, kit) -> bool`, `queries.unreachable(session, kit)`.
"""
