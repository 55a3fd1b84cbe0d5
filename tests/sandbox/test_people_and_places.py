"""Who sees what and who may do what: private and shared places, guests, outsiders, leavers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from slack_sdk import WebClient

from bot.sandbox.errors import NotPossible
from bot.sandbox.workspace import PracticeWorkspace
from tests.sandbox.conftest import MANIFEST, button

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_company_is_the_one_that_the_stories_need(silent: PracticeWorkspace) -> None:
    groups = silent.groups()
    sizes = sorted(len(one["users"]) for one in groups)
    assert (len(groups), sizes[0], sum(size >= 5 for size in sizes)) == (8, 3, 7)
    assert len({one["function"] for one in groups}) == 5
    assert 55 <= len(silent.people()) <= 65
    assert {one.handle for one in silent.stewards} == {"amara", "jonas"}
    teams = {one.handle: {group.handle for group in _groups_of(silent, one.id)} for one in silent.stewards}
    assert teams["amara"] != teams["jonas"]
    kinds = [silent.place(name) for name in ("product-weekly", "team-leads", "ext-northwind")]
    assert [one.kind for one in kinds] == ["channel", "private", "channel"]
    assert kinds[2].is_shared
    assert all(silent.bot.id in one.members for one in kinds)


def _groups_of(workspace: PracticeWorkspace, person: str) -> list:  # type: ignore[type-arg]
    return [workspace.group(one["id"]) for one in workspace.groups() if person in one["users"]]


def test_equal_seeds_give_equal_ids_and_equal_times() -> None:
    told = []
    for seed in (7, 7, 8):
        with PracticeWorkspace.started(
            seed=seed, manifest=MANIFEST, deliver_to="captured", frozen=True, starts_at=START
        ) as ws:
            said = ws.say("priya", "engineering", "Down again.").message or {}
            ws.react("kwame", said, "jigsaw")
            ws.slash("/small", "x", user="priya")
            ws.captured()
            payloads = [one.payload for one in ws.deliveries()]
            for payload in payloads:
                payload.pop("response_url", None)
            told.append((said["ts"], payloads, ws.bot_token))
    assert told[0] == told[1]
    assert told[0][2] != told[2][2]


def test_another_seed_file_may_be_given(tmp_path: Path) -> None:
    seed = {
        "workspace": {"name": "Tiny", "domain": "tiny"},
        "teams": [{"handle": "one", "name": "One", "function": "Only"}],
        "people": {"one": {"ada": ["Ada Byron", "Engineer", "Europe/London", "en-GB"]}},
        "places": [{"name": "hall", "members": "everybody", "bot": True}],
    }
    file = tmp_path / "company.yml"
    file.write_text(yaml.safe_dump(seed), encoding="utf-8")
    with PracticeWorkspace.started(manifest=MANIFEST, company=file, deliver_to="captured") as ws:
        assert ws.say("ada", "hall", "Hello").ok
        assert [one["name"] for one in ws.people()] == ["small", "ada"]


def test_a_private_channel_is_seen_by_its_members_only(silent: PracticeWorkspace) -> None:
    assert silent.messages("priya", "team-leads")
    with pytest.raises(NotPossible, match="cannot see"):
        silent.messages("tomasz", "team-leads")
    assert "team-leads" not in {one.get("name") for one in silent.places("tomasz")}
    silent.invite("priya", "team-leads", "tomasz")
    assert silent.messages("tomasz", "team-leads")
    silent.kick("priya", "team-leads", "tomasz")
    with pytest.raises(NotPossible):
        silent.say("tomasz", "team-leads", "hello?")


def test_outsiders_and_guests_see_only_what_they_are_in(silent: PracticeWorkspace) -> None:
    assert [one.get("name") for one in silent.places("freya")] == ["ext-northwind"]
    assert [one.get("name") for one in silent.places("luca")] == ["engineering"]


def test_an_outsider_reacts_and_presses_but_has_no_commands(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    channel = silent.place("ext-northwind").id
    posted = client.chat_postMessage(channel=channel, text="Press", blocks=[button()])
    payload = silent.press("freya", "small.press", at=posted.data).deliveries[0].payload
    assert payload["user"]["team_id"] != silent.person("priya").team_id
    reaction = silent.react("freya", posted.data, "jigsaw").deliveries[0].payload  # type: ignore[arg-type]
    assert reaction["is_ext_shared_channel"]
    with pytest.raises(NotPossible, match="another organisation"):
        silent.slash("/small", "x", channel="ext-northwind", user="freya")
    with pytest.raises(NotPossible, match="another organisation"):
        silent.message_shortcut("freya", "small.take", posted.data)  # type: ignore[arg-type]


def test_reactions_are_told_only_where_the_bot_is(silent: PracticeWorkspace) -> None:
    said = silent.say("priya", "general", "Morning").message or {}
    assert silent.react("kwame", said, "jigsaw").deliveries == []
    silent.invite("priya", "general")
    assert len(silent.unreact("kwame", said, "jigsaw").deliveries) == 1


def test_a_reaction_stands_once_a_person_whatever_its_skin_tone(silent: PracticeWorkspace) -> None:
    said = silent.say("priya", "engineering", "Morning").message or {}
    event = silent.react("kwame", said, ":wave::skin-tone-2:").deliveries[0].payload["event"]
    assert event["reaction"] == "wave::skin-tone-2"
    with pytest.raises(NotPossible, match="already"):
        silent.react("kwame", said, "wave")


def test_a_command_runs_in_other_peoples_direct_messages(silent: PracticeWorkspace) -> None:
    place = silent.dm("priya", "kwame")
    payload = silent.slash("/small", "x", channel=place, user="priya").deliveries[0].payload
    assert (payload["channel_id"], payload["channel_name"]) == (place, "directmessage")
    with pytest.raises(NotPossible, match="cannot see"):
        silent.slash("/small", "x", channel=place, user="owen")


def test_a_preview_of_a_private_message_is_shown_to_its_readers_only(
    silent: PracticeWorkspace, client: WebClient
) -> None:
    secret = silent.say("priya", "team-leads", "For leads only").message or {}
    link = client.chat_getPermalink(channel=secret["channel"], message_ts=secret["ts"])["permalink"]
    silent.say("priya", "engineering", f"See {link}")
    assert silent.messages("priya", "engineering")[-1]["attachments"][0]["text"] == "For leads only"
    assert silent.messages("tomasz", "engineering")[-1]["attachments"] == []
    channel = silent.place("engineering").id
    client.chat_postMessage(channel=channel, text=link, unfurl_links=False)
    assert "attachments" not in silent.messages("priya", "engineering")[-1]


def test_a_leaver_is_gone_from_places_and_told_of(silent: PracticeWorkspace) -> None:
    event = silent.deactivate("owen").deliveries[0].payload["event"]
    assert event["user"]["deleted"]
    assert silent.person("owen").id not in silent.place("engineering").members
    with pytest.raises(NotPossible, match="cannot act"):
        silent.say("owen", "engineering", "still here?")


def test_what_the_manifest_does_not_declare_is_named_and_not_delivered(silent: PracticeWorkspace) -> None:
    assert silent.slash("/large", "x", user="priya").trouble == "/large is not a valid command."
    silent.global_shortcut("priya", "large.start")
    silent.archive("priya", "team-leads")
    assert silent.captured() == []
    assert silent.objections() == [
        "manifest.yml lacks, under features.slash_commands: - command: /large",
        "manifest.yml lacks, under features.shortcuts: - callback_id: large.start (type: global)",
        "manifest.yml lacks, under settings.event_subscriptions.bot_events: - group_archive",
    ]


def test_membership_changes_of_a_group_are_told_as_a_difference(silent: PracticeWorkspace) -> None:
    outcome = silent.change_group("amara", "legal", add=["ming", "edith"], remove=["olu"])
    changed = outcome.deliveries[-1].payload["event"]
    assert changed["added_users"] == [silent.person("ming").id]
    assert changed["removed_users"] == [silent.person("olu").id]
    assert outcome.deliveries[0].payload["event"]["subteam"]["user_count"] == 3


def test_an_app_is_uninstalled_in_either_order(silent: PracticeWorkspace) -> None:
    names = [one.what for one in silent.uninstall(uninstalled_first=True).deliveries]
    assert names == ["app_uninstalled", "tokens_revoked"]
    assert silent.slash("/small", "x", user="priya").trouble == "/small is not a valid command."


def test_the_clock_moves_ts_events_and_the_file(silent: PracticeWorkspace) -> None:
    before = silent.say("priya", "engineering", "one")
    silent.move_clock(7 * 86_400)
    after = silent.say("priya", "engineering", "two")
    assert 604_799 < float(after.ts) - float(before.ts) < 604_860
    assert float(silent.clock_file.read_text()) == pytest.approx(7 * 86_400, abs=1)
    event = silent.react("kwame", after.message or {}, "jigsaw").deliveries[0].payload
    assert event["event_time"] >= int(float(after.ts))


def test_reset_brings_the_seeded_company_back(silent: PracticeWorkspace) -> None:
    before = silent.messages("priya", "engineering")
    silent.say("priya", "engineering", "one")
    silent.hire("noor", "Noor Haddad")
    silent.reset()
    assert [one["text"] for one in silent.messages("priya", "engineering")] == [one["text"] for one in before]
    assert "noor" not in {one["name"] for one in silent.people()}
    assert silent.deliveries() == []
