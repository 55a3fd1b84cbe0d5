"""The check before sending: what it marks, what it offers, and that it never gets in the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.problems.check_language_rules import NEEDED_OFFERS, Why, language_from
from bot.core.problems.check_phrase_rules import readings
from bot.core.problems.check_rules import KINDS, Found, Kind, Mark, Rules, check, rewritten
from bot.core.problems.checks import OWN, rules, rules_from
from tests.core.check_sentences import PARTS, checked, sentences, tallies

ON = dt.date(2026, 3, 20)
TEAMS = ("Legal", "Finance", "Identity", "Payments Risk", "Amara")
RULES = rules()

WORDS = [
    *(
        "Anna",
        "anna's",
        "<@U02ABC>",
        "@tom",
        "Will",
        "Grace's",
        "Mr",
        "Dr.",
        "Smith",
        "from",
        "Legal",
        "Identity's",
    ),
    *(
        "they",
        "You",
        "our",
        "team",
        "always",
        "never",
        "bother",
        "to",
        "failed",
        "should",
        "have",
        "told",
        "don't",
    ),
    *(
        "care",
        "about",
        "sits",
        "on",
        "reviews",
        "ignores",
        "blocks",
        "our requests",
        "is",
        "the",
        "bottleneck",
        "and",
    ),
    *(
        "I",
        "am",
        "only",
        "one",
        "who",
        "as",
        "designer",
        "in",
        "since",
        "my",
        "call",
        "3",
        "March",
        "2026",
        "14:30",
    ),
    *(
        "yesterday",
        "of",
        "two",
        "first",
        "week",
        "Acme",
        "GmbH",
        "contract",
        "4821",
        "ABC-123",
        "#4821",
        ",",
        ".",
        "\n",
    ),
    *(
        "https://example.com/a",
        "a@example.com",
        "+49 30 5550 1234",
        "2026-03-03",
        "Frau",
        "immer",
        "hätte",
        "müssen",
    ),
    *(
        "Lucía",
        "siempre",
        "nunca",
        "el",
        "señor",
        "del",
        "que",
        "der",
        "nicht",
        "von",
        "Team",
        "sie",
        "antworten",
    ),
]
texts_of_words = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
hostile = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
any_text = st.one_of(texts_of_words, hostile, st.builds("{} {}".format, texts_of_words, hostile))


def found(text: str) -> Found:
    return check({"text": text}, RULES, teams=TEAMS, small_teams=("Fraud Desk",), on=ON)


def marks(text: str) -> tuple[Mark, ...]:
    return found(text).marks.get("text", ())


def after(text: str) -> str:
    return rewritten({"text": text}, found(text))["text"]


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        ("Legal always sits on reviews", "Reviews wait"),
        ("Since my call on 3 March nothing moved.", "This month nothing moved."),
        ("Anna from Legal has had it for weeks.", "Somebody from Legal has had it for weeks."),
        (
            "We wait for Kenji's and for Priya Raman's word.",
            "We wait for somebody's and for somebody's word.",
        ),
        ("I asked <@U02ABC|anna> and @tom.", "I asked some people."),
        ("The platform team failed to warn us.", "The platform team did not warn us."),
        ("The platform team has failed to warn us.", "The platform team did not warn us."),
        ("They always change it.", "They often change it."),
        ("Identity never bothers to answer.", "Identity rarely finds time to answer."),
        ("Finance should have told us.", "Finance could have told us."),
        ("Identity ignores our requests.", "Our requests go unanswered."),
        ("It broke on Tuesday, 3 February 2026, at 14:35.", "It broke last month, at some point."),
        ("It has been so since 12 January.", "It has been so for some months."),
        ("I am the only one who knows the script.", "Hardly anybody knows the script."),
        ("It waits; I am the only designer.", "It waits; few people do this work."),
        ("As the only designer in Checkout I wait.", "In my work I wait."),
        ("In my first week nobody knew.", "Recently nobody knew."),
        ("Our customer Globex left.", "A customer left."),
        ("See ABC-123 and #48213.", "See a ticket and a ticket."),
        ("Fraud Desk hears last.", "A small team hears last."),
        (
            "Wir warten auf Annas Freigabe und auf Herrn Dr. Yilmaz.",
            "Wir warten auf jemandes Freigabe und auf jemanden.",
        ),
        ("Ich habe das vom Jürgen.", "Ich habe das von jemandem."),
        ("Seit meinem Anruf am 3. März ist es so.", "In diesem Monat ist es so."),
        ("Finance hätte uns das vorher sagen müssen.", "Finance hätte uns das vorher sagen können."),
        ("Los datos del señor Ramírez no están.", "Los datos de alguien no están."),
        ("Desde mi llamada del 3 de marzo nadie responde.", "Este mes nadie responde."),
        ("Soy la única que sabe cerrar el mes.", "Casi nadie sabe cerrar el mes."),
    ],
)
def test_an_offer_reads_as_a_sentence(said: str, reads: str) -> None:
    assert after(said) == reads


@pytest.mark.parametrize(
    "said",
    [
        "Customers hear about releases from us last.",
        "Amara waits on sign-in changes.",
        "Project Athena and team Diego share one server.",
        "Will the Grace period end in May or in June?",
        "We always have to copy figures, and Support always learns last.",
        "Each team should have one owner and shared access.",
        "The build failed to start and the test never ends.",
        "Every day at 9:00 and on Mondays four jobs start.",
        "UTF-8, ISO-27001, COVID-19 and version 2.10.4 are no tickets; 24/7 is no day.",
        "@here and @legal-team are no people, and <!channel> is none.",
        "Feedback from Legal takes nine days.",
        "Nobody is to blame.",
        "It never works on IT machines.",
        "Wir müssen immer warten, und im Mai erneuern alle.",
        "Nosotros siempre esperamos y en mayo todos renuevan.",
        "",
    ],
)
def test_what_points_at_nobody_is_left_alone(said: str) -> None:
    assert marks(said) == ()
    assert after(said) == said


def test_each_field_has_its_own_marks_and_clean_fields_have_none() -> None:
    texts = {"title": "Reviews wait", "hardship": "Anna never answers.", "tried": ""}
    all_found = check(texts, RULES, on=ON)
    assert set(all_found.marks) == {"hardship"}
    assert [(mark.kind, mark.why) for mark in all_found.marks["hardship"]] == [
        (Kind.PERSON, Why.NAME),
        (Kind.BLAME, Why.NEVER),
    ]
    assert (all_found.of(Kind.PERSON), all_found.of(Kind.RAISER)) == (1, 0)
    assert all_found
    assert rewritten(texts, all_found) == {**texts, "hardship": "Somebody rarely answers."}


def test_a_mark_without_an_offer_stays_as_it_was_said() -> None:
    (mark,) = marks("It is Identity's fault.")
    assert (mark.kind, mark.why, mark.offer) == (Kind.BLAME, Why.CULPRIT, None)
    assert after("It is Identity's fault.") == "It is Identity's fault."


def test_a_team_of_the_workspace_is_nobody_even_where_its_name_is_a_person_s() -> None:
    assert [mark.why for mark in check({"a": "Amara waits."}, RULES, on=ON).marks["a"]] == [Why.NAME]
    assert not check({"a": "Amara waits."}, RULES, teams=("Amara",), on=ON)


@pytest.mark.parametrize(
    ("on", "reads"),
    [
        (dt.date(2026, 3, 20), "It broke this month."),
        (dt.date(2026, 4, 1), "It broke last month."),
        (dt.date(2026, 8, 1), "It broke earlier this year."),
        (dt.date(2027, 1, 5), "It broke last year."),
        (dt.date(2029, 1, 5), "It broke some years ago."),
        (dt.date(2026, 2, 1), "It broke next month."),
        (dt.date(2025, 2, 1), "It broke later on."),
    ],
)
def test_a_day_is_as_far_off_as_today_says(on: dt.date, reads: str) -> None:
    for day in ("3 March 2026", "March 3rd, 2026", "2026-03-03", "3.3.2026"):
        texts = {"text": f"It broke on {day}."}
        assert rewritten(texts, check(texts, RULES, on=on)) == {"text": reads}


def test_since_a_day_is_since_one_that_was() -> None:
    for said, reads in {
        "We wait since my call on 3 March.": "We wait earlier this year.",
        "We wait since 3 March.": "We wait for some months.",
    }.items():
        found = check({"text": said}, RULES, on=dt.date(2026, 11, 24))
        assert rewritten({"text": said}, found) == {"text": reads}


@pytest.mark.parametrize("day", ["31 June", "on 30.2.2026", "99/99/2026", "29 February 1900", "0 March"])
def test_days_that_do_not_exist_are_no_days(day: str) -> None:
    assert marks(f"It broke {day}.") == ()


@given(any_text)
@settings(max_examples=400, deadline=None)
def test_marks_lie_in_the_text_in_order_and_never_overlap(text: str) -> None:
    at = 0
    for mark in marks(text):
        assert at <= mark.start < mark.end <= len(text)
        assert text[mark.start : mark.end].strip()
        assert mark.kind is KINDS[mark.why]
        at = mark.end


@given(any_text)
@settings(max_examples=400, deadline=None)
def test_rewriting_takes_out_exactly_the_marked_words_that_have_an_offer(text: str) -> None:
    built, at = "", 0
    for mark in marks(text):
        if mark.offer is not None:
            built += text[at : mark.start] + mark.offer
            at = mark.end
    assert after(text) == built + text[at:]


@given(any_text)
@settings(max_examples=600, deadline=None)
def test_a_rewritten_text_has_nothing_left_to_offer(text: str) -> None:
    again = marks(after(text))
    assert [mark for mark in again if mark.offer is not None] == []
    assert after(after(text)) == after(text)


@given(
    st.lists(st.sampled_from(["reviews", "wait", "for", "weeks", ",", ".", "and", "nobody", "knows", "why"]))
)
@settings(deadline=None)
def test_a_clean_text_is_untouched(words: list[str]) -> None:
    assert not found(" ".join(words))
    assert after(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "a@", "<@", "they ", "Anna ", "(0 1-", "\u0301\u0323", "שלום ", "👩‍👩‍👧 ", "https://"],
)
def test_texts_made_to_be_slow_cost_no_more_steps_than_their_length(piece: str) -> None:
    text = piece * (3000 // len(piece))
    assert all(mark.end <= len(text) for mark in marks(text))


def test_an_offer_that_never_comes_to_rest_is_not_made() -> None:
    data = yaml.safe_load((OWN / "en.yml").read_text(encoding="utf-8"))
    data["phrases"] = {"unkind": [{"say": "round", "offer": "again round"}]}
    endless = Rules((language_from("en", data),), RULES.names)
    texts = {"a": "It goes round."}
    (mark,) = check(texts, endless, on=ON).marks["a"]
    assert (mark.start, mark.end, mark.offer) == (8, 13, None)


def test_what_an_offer_gives_rise_to_is_part_of_it() -> None:
    data = yaml.safe_load((OWN / "en.yml").read_text(encoding="utf-8"))
    data["phrases"] = {
        "failed": [{"say": "failed to", "offer": "did not"}],
        "uncaring": [{"say": "not care", "offer": "wait"}],
    }
    two = Rules((language_from("en", data),), RULES.names)
    texts = {"a": "We failed to care, and Anna left."}
    all_found = check(texts, two, on=ON)
    assert [(mark.start, mark.end, mark.offer) for mark in all_found.marks["a"]] == [
        (3, 17, "did wait"),
        (23, 27, "somebody"),
    ]
    assert rewritten(texts, all_found) == {"a": "We did wait, and somebody left."}


def test_the_sentences_are_all_different_and_seventy_of_them_are_no_rules_model() -> None:
    counts = {part: len(list(sentences(part))) for part in PARTS}
    assert counts == {"tuned": 165, "held_out": 60, "unlisted": 10}
    assert len({each.text for each in sentences()}) == 235
    clean = sum(not each.labels for each in sentences())
    assert 75 <= clean <= 120


@pytest.mark.parametrize(("part", "recall"), [("tuned", 0.9), ("held_out", 0.7), ("unlisted", 0.3)])
def test_the_check_finds_most_and_cries_wolf_rarely(part: str, recall: float) -> None:
    """On sentences that the rules were not tuned on, recall is below the aim of 0.8: a floor, not a goal."""
    counted = tallies(part, RULES)
    assert counted["all"].precision >= 0.9
    assert counted["all"].recall >= recall


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Edith Vandenberghe should have answered.", "Somebody could have answered."),
        ("Zebulonka Farquaad should have answered.", "Somebody could have answered."),
        ("Zebulonka really should have told us.", "Somebody really could have told us."),
        ("Zebulonka Farquaad failed to answer us.", "Somebody did not answer us."),
        ("Zebulonka debería haber avisado a los equipos.", "Alguien podría haber avisado a los equipos."),
        (
            "Edith Vandenberghe hätte uns antworten müssen.",
            "Jemand hätte uns antworten können.",
        ),
        # What things do, and what is said of things, needs nobody.
        ("Zebulonka should have restarted.", None),
        ("Zebulonka should have", None),
        ("Helpdesk should have answered.", None),
        ("Zebulonkas should have answered.", None),
    ],
)
def test_a_name_in_no_list_is_found_by_what_only_somebody_does(text: str, reads: str | None) -> None:
    found = check({"text": text}, RULES, on=ON)
    assert rewritten({"text": text}, found)["text"] == (reads or text)
    assert bool(found.marks) == (reads is not None)


def test_every_sentence_reads_on_after_its_offers_and_keeps_its_unmarked_words() -> None:
    for each in sentences():
        all_found = checked(each.text, RULES)
        reads = rewritten({"text": each.text}, all_found)["text"]
        kept, at = [], 0
        for mark in all_found.marks.get("text", ()):
            kept.append(each.text[at : mark.start])
            at = mark.end
        assert all(part in reads for part in [*kept, each.text[at:]])
        assert "  " not in reads


def test_every_reason_has_a_kind_and_every_language_every_offer() -> None:
    assert set(KINDS) == set(Why)
    assert [language.code for language in RULES.languages] == ["en", "de", "es"]
    for language in RULES.languages:
        assert set(language.offers) >= NEEDED_OFFERS
        assert all(offer.strip() for offer in language.offers.values())


def test_the_language_is_the_text_s_and_only_in_doubt_the_reader_s() -> None:
    assert after("Wir warten auf Anna.") == "Wir warten auf jemanden."
    german = rules("de-DE")
    assert [language.code for language in german.languages] == ["de", "en", "es"]
    assert rewritten({"a": "Anna"}, check({"a": "Anna"}, german, on=ON)) == {"a": "Jemand"}


def test_an_operator_s_file_replaces_ours_and_the_others_stay(tmp_path: Path) -> None:
    data = yaml.safe_load((OWN / "en.yml").read_text(encoding="utf-8"))
    data["offers"]["somebody"] = "a colleague"
    (tmp_path / "en.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    theirs = rules_from(tmp_path)
    texts = {"a": "I asked Anna about it.", "b": "Wir warten auf Anna."}
    assert rewritten(texts, check(texts, theirs, on=ON)) == {
        "a": "I asked a colleague about it.",
        "b": "Wir warten auf jemanden.",
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"offers": {}}, "offers (en) lacks last_month"),
        ({"sets": {}}, "sets (en) lacks"),
        ({"phrases": {"rude": []}}, "'rude' is not a valid Why"),
        ({"phrases": {"unkind": [{"say": "<nothing>"}]}}, "<nothing> is no set of words"),
        ({"phrases": {"unkind": [{"say": "{nobody} left"}]}}, "{nobody} is no kind of piece"),
        ({"phrases": {"unkind": [{"say": "left", "offer": "{things} left"}]}}, "keeps {things}"),
        ({"phrases": {"unkind": [{"offer": "gone"}]}}, "a phrase of unkind has say"),
        ({"phrases": {"unkind": "left"}}, "unkind must be a list of phrases"),
        ({"months": ["march"]}, "months (en) must be twelve"),
        ({"surprise": 1}, "unknown parts: surprise"),
    ],
)
def test_a_slip_in_the_data_is_named_with_its_file(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    data = yaml.safe_load((OWN / "en.yml").read_text(encoding="utf-8"))
    (tmp_path / "en.yml").write_text(yaml.safe_dump({**data, **change}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.yml: ") as refused:
        rules_from(tmp_path)
    assert says in str(refused.value)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("a: [", encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.yml is not readable"):
        rules_from(tmp_path)


def test_a_phrase_is_read_word_by_word() -> None:
    assert readings("{who} just? [a|b c]", {}) == [
        (("{who}", "just", "a", "c"), 2, 4),
        (("{who}", "just", "b", "c"), 2, 4),
        (("{who}", "a", "c"), 1, 3),
        (("{who}", "b", "c"), 1, 3),
    ]
    with pytest.raises(ValueError, match="stands for"):
        readings(" ".join(["a|b|c|d"] * 8), {})
    with pytest.raises(ValueError, match="marks nothing"):
        readings("a?", {})
