"""The page in a real browser, before an app that shows every block and element."""

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.sandbox.beside import Beside
from bot.sandbox.errors import JSON
from bot.sandbox.workspace import PracticeWorkspace, through_wsgi
from tests.journeys.visitor import Visitor, browser, chromium
from tests.sandbox.conftest import MANIFEST
from tests.sandbox.page_app import form, page_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as it:
        yield it


@pytest.fixture
def workspace() -> Iterator[PracticeWorkspace]:
    with PracticeWorkspace.started(
        manifest=MANIFEST, redeliver_after=(), rate_limits=False, ack_within=1.5
    ) as it:
        it.deliver_to(through_wsgi(SlackRequestHandler(page_app(it))))
        yield it


@pytest.fixture
def visitor(opened: Browser, workspace: PracticeWorkspace) -> Iterator[Visitor]:
    """Priya in #engineering, with the five steps folded away."""
    person = Visitor(opened)
    person.page.set_default_timeout(5_000)
    person.page.add_init_script("sessionStorage.setItem('guide', 'closed')")
    person.open(f"{workspace.url}/?as=priya")
    person.button("engineering").click()
    expect(person.page.get_by_role("heading", name="#engineering")).to_be_visible()
    yield person
    assert person.complaints == []
    person.close()


def composer(visitor: Visitor) -> Locator:
    return visitor.page.locator("#composer textarea")


def write(visitor: Visitor, text: str) -> None:
    composer(visitor).fill(text)
    composer(visitor).press("Enter")


def last(visitor: Visitor) -> Locator:
    return visitor.page.locator("#view").get_by_role("article").last


def whispered(visitor: Visitor, words: str) -> Locator:
    return visitor.page.locator("#view").get_by_text(words)


def state_of(workspace: PracticeWorkspace) -> JSON:
    """What the open form holds, as the bot would get it."""
    held = workspace.view("priya")["state"]["values"]
    return {block: next(iter(inside.values())) for block, inside in held.items()}


def test_mrkdwn_is_drawn_as_slack_draws_it(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    kwame = workspace.person("kwame").id
    releases = workspace.place("releases").id
    workspace.say(
        "kwame", "engineering",
        "*bold* _slanted_ ~gone~ `a *b* c` :jigsaw: snake_case_name 2*3*4 &lt;b&gt; "
        f"<@{kwame}> <#{releases}|releases> <https://example.org/a|a link> https://example.org/b.\n"
        "&gt; quoted\n• one\n• two\n```pre *not bold*```\n"
        "<!date^1794819600^{date_num} {time}|then>",
    )  # fmt: skip
    message = last(visitor)
    expect(message).to_contain_text("snake_case_name 2*3*4 <b>")
    for tag, words in {
        "strong": "bold", "em": "slanted", "s": "gone", "code": "a *b* c", "blockquote": "quoted", "pre": "pre *not bold*",
    }.items():  # fmt: skip
        expect(message.locator(f".text {tag}")).to_have_text(words)
    expect(message.locator("li")).to_have_text(["one", "two"])
    expect(message.get_by_role("img", name="jigsaw")).to_be_visible()
    expect(message.locator(".mention")).to_have_text(["@Kwame Asante", "#releases"])
    expect(message.get_by_role("link", name="a link")).to_have_attribute("href", "https://example.org/a")
    expect(message.get_by_role("link", name="https://example.org/b")).to_have_attribute(
        "href", "https://example.org/b"
    )
    expect(message.locator(".text time")).to_have_text("16/11/2026 09:00")  # Priya lives in London


def test_hostile_words_stay_words(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    hostile = (
        "<img src=x onerror=window.pwned=1> <javascript:window.pwned=2|press> &lt;script&gt;window.pwned=3&lt;/script&gt; "
        '<https://a.example/"onmouseover="window.pwned=4|over> <!date^x^{date}|y> <@U"><b>|z>'
    )
    workspace.hire("mallory", "<b>Mallory</b><script>window.pwned=5</script>")
    workspace.join("mallory", "engineering")
    workspace.say("mallory", "engineering", hostile)
    message = last(visitor)
    expect(message).to_contain_text("press")
    message.get_by_text("press").click()
    message.get_by_text("over", exact=True).hover()
    assert visitor.page.evaluate("window.pwned") is None
    assert message.locator("img[src=x], script, b b, [onmouseover]").count() == 0
    expect(message).to_contain_text("<b>Mallory</b>")


def test_every_block_is_drawn_and_an_unknown_one_is_shown_loudly(visitor: Visitor) -> None:
    write(visitor, "/small blocks")
    message = last(visitor)
    expect(message.get_by_role("heading", name="A header")).to_be_visible()
    expect(message.locator(".section em")).to_have_text("italic")
    expect(message).to_contain_text("a_b_c")
    expect(message.locator(".fields")).to_contain_text("right")
    expect(message.locator(".context")).to_have_text("small print")
    expect(message.locator(".no-image")).to_contain_text("A chart of waits")
    expect(message.get_by_role("listitem")).to_have_text("in a list")
    expect(message.locator(".loud")).to_contain_text("does not know the block “video”")


def test_buttons_menus_and_their_questions_reach_the_bot(
    visitor: Visitor, workspace: PracticeWorkspace
) -> None:
    write(visitor, "/small blocks")
    message = last(visitor)
    visitor.button("Beside", message).click()
    expect(whispered(visitor, "pressed accessory")).to_be_visible()
    message = visitor.page.get_by_role("article").filter(has_text="A header")
    visitor.button("Press me", message).click()
    visitor.button("No", visitor.page.get_by_role("dialog", name="Really?")).click()
    visitor.button("Press me", message).click()
    visitor.button("Yes", visitor.page.get_by_role("dialog", name="Really?")).click()
    expect(whispered(visitor, "pressed 1")).to_have_count(1)
    visitor.button("More", message.locator(".actions")).click()
    visitor.page.get_by_role("menuitem", name="Second").click()
    expect(whispered(visitor, "picked 2")).to_be_visible()
    message.get_by_role("combobox", name="Pick").select_option("Banana")
    expect(whispered(visitor, "picked b")).to_be_visible()


def test_a_whisper_is_marked_and_seen_by_one_person(
    visitor: Visitor, opened: Browser, workspace: PracticeWorkspace
) -> None:
    write(visitor, "/small hello")
    expect(last(visitor)).to_contain_text("Only you can see this")
    expect(last(visitor)).to_contain_text("you said hello")
    other = Visitor(opened)
    other.open(f"{workspace.url}/?as=kwame")
    other.button("engineering").click()
    expect(other.page.get_by_text("We lost the morning to it.")).to_be_visible()
    expect(other.page.get_by_text("you said hello")).to_have_count(0)
    other.close()


def test_every_field_brings_what_was_given_to_the_bot(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    write(visitor, "/small form")
    fields = visitor.form
    fields.get_by_label("One line").fill("a line")
    fields.get_by_label("The story").fill("two\nlines")
    fields.get_by_label("E-mail").fill("a@b.example")
    fields.get_by_label("Address").fill("https://b.example")
    fields.get_by_label("How many").fill("12")
    fields.get_by_label("Fruit (optional)").select_option("Yam")
    visitor.button("Fruits", fields).click()
    fields.get_by_label("Banana").and_(fields.locator(".picker input")).check()
    fields.get_by_label("Cherry").and_(fields.locator(".picker input")).check()
    fields.get_by_role("radio", name="Apple").check()
    fields.get_by_role("group", name="Which ones").get_by_role("checkbox", name="Cherry").check()
    fields.get_by_label("Day").fill("2026-12-01")
    fields.get_by_label("Hour").fill("14:30")
    fields.get_by_label("Whom").select_option(label="Kwame Asante")
    fields.get_by_label("Found").press_sequentially("x")
    fields.get_by_role("option", name="x found").click()
    expect(fields.get_by_label("Found")).to_have_value("x found")
    workspace.wait_until(lambda: state_of(workspace)["found"]["selected_option"])
    fields.get_by_label("One line").fill("wrong")
    visitor.button("Send", fields).click()
    expect(fields.locator(".error:visible")).to_have_text("That is wrong.")
    held = state_of(workspace)
    assert {block: held[block]["value"] for block in ("line", "story", "mail", "site", "count")} == {
        "line": "wrong", "story": "two\nlines", "mail": "a@b.example", "site": "https://b.example", "count": "12",
    }  # fmt: skip
    assert held["fruit"]["selected_option"]["value"] == "y"
    assert [one["value"] for one in held["fruits"]["selected_options"]] == ["b", "c"]
    assert held["one"]["selected_option"]["value"] == "a"
    assert [one["value"] for one in held["some"]["selected_options"]] == ["c"]
    assert held["day"]["selected_date"] == "2026-12-01"
    assert held["hour"]["selected_time"] == "14:30"
    assert held["whom"]["selected_user"] == workspace.person("kwame").id
    assert held["found"]["selected_option"]["value"] == "f-x"


def test_errors_stand_beside_their_fields_and_take_the_focus(visitor: Visitor) -> None:
    write(visitor, "/small form")
    visitor.button("Send", visitor.form).click()
    line = visitor.form.get_by_label("One line")
    expect(visitor.form.locator(".error:visible")).to_have_text("Please complete this required field.")
    expect(line).to_be_focused()
    expect(line).to_have_attribute("aria-invalid", "true")
    line.fill("wrong")
    line.press("Enter")
    expect(visitor.form.locator(".error:visible")).to_have_text("That is wrong.")
    expect(line).to_have_accessible_description(re.compile("That is wrong."))
    visitor.form.get_by_label("How many").fill("1.5")
    visitor.button("Send", visitor.form).click()
    expect(visitor.form.locator(".error:visible")).to_have_count(1)
    expect(visitor.form.get_by_label("How many")).to_be_focused()


@pytest.mark.parametrize(("line", "title"), [("again", "Again"), ("push", "Level 2")])
def test_a_form_may_answer_with_another(visitor: Visitor, line: str, title: str) -> None:
    write(visitor, "/small form")
    visitor.form.get_by_label("One line").fill(line)
    visitor.button("Send", visitor.form).click()
    expect(visitor.form.get_by_role("heading", name=title)).to_be_visible()
    expect(visitor.form.locator(".badge")).to_have_count(1 if line == "push" else 0)


@pytest.mark.parametrize("line", ["fine", "clear"])
def test_a_form_that_was_taken_goes_away(visitor: Visitor, line: str) -> None:
    write(visitor, "/small form")
    visitor.form.get_by_label("One line").fill(line)
    visitor.button("Send", visitor.form).click()
    expect(visitor.form).to_be_hidden()
    expect(composer(visitor)).to_be_focused()


def test_forms_stack_three_high_and_escape_goes_back_one(visitor: Visitor) -> None:
    write(visitor, "/small deep")
    for level in (2, 3):
        visitor.button("Deeper", visitor.form).click()
        expect(visitor.form.get_by_role("heading", name=f"Level {level}")).to_be_visible()
    expect(visitor.form.locator(".badge")).to_have_text("3 of 3")
    visitor.page.keyboard.press("Escape")
    expect(visitor.form.get_by_role("heading", name="Level 2")).to_be_visible()
    visitor.button("Close all", visitor.form).click()
    expect(visitor.form).to_be_hidden()


def test_the_focus_stays_in_a_form_and_comes_back_after_it(visitor: Visitor) -> None:
    write(visitor, "/small form")
    expect(visitor.form.get_by_label("One line")).to_be_focused()
    outside = "!document.activeElement.closest('dialog') && document.activeElement !== document.body"
    for _ in range(45):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate(outside) is False
    visitor.page.keyboard.press("Escape")
    expect(visitor.form).to_be_hidden()
    expect(composer(visitor)).to_be_focused()


def test_what_was_typed_survives_a_change_by_the_bot(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    write(visitor, "/small form")
    line = visitor.form.get_by_label("One line")
    line.press_sequentially("half a sen")
    view = workspace.view("priya")
    changed = form("Changed", [*form()["blocks"], {"type": "divider"}])
    answer = slack(workspace, "views.update", {"view_id": view["id"], "view": changed})
    assert answer["ok"], answer
    expect(visitor.form.get_by_role("heading", name="Changed")).to_be_visible()
    expect(line).to_be_focused()
    line.press_sequentially("tence")
    expect(line).to_have_value("half a sentence")


def slack(workspace: PracticeWorkspace, method: str, body: Any) -> JSON:
    headers = {"Authorization": f"Bearer {workspace.bot_token}", "Content-Type": "application/json"}
    request = urllib.request.Request(workspace.api_url + method, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return dict(json.load(answer))


def test_everything_is_done_by_keyboard_too(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    keys = visitor.page.keyboard
    message = last(visitor)
    message.focus()
    keys.press("ArrowUp")
    expect(visitor.page.get_by_role("article").first).to_be_focused()
    keys.press("End")
    expect(message).to_be_focused()
    keys.press("Tab")
    expect(visitor.button("React with jigsaw", message)).to_be_focused()
    keys.press("Enter")
    reaction = visitor.button(re.compile("^jigsaw, 1"), message)
    expect(reaction).to_have_attribute("aria-pressed", "true")
    visitor.button("More for this message", message).press("Enter")
    expect(visitor.page.get_by_role("menuitem").first).to_be_focused()
    keys.press("End")
    keys.press("Escape")
    expect(visitor.button("More for this message", message)).to_be_focused()
    visitor.button("Find another reaction", message).press("Enter")
    offered = visitor.page.get_by_role("dialog", name="Pick a reaction").get_by_role("button")
    expect(offered.first).to_have_accessible_name("jigsaw")
    keys.press("Escape")
    message.focus()
    keys.press("Enter")
    expect(
        visitor.page.get_by_role("textbox", name="Reply in the thread").or_(
            visitor.page.locator("#side textarea")
        )
    ).to_be_focused()
    keys.type("A reply")
    keys.press("Enter")
    expect(visitor.page.locator("#side").get_by_role("article").last).to_contain_text("A reply")
    keys.press("Escape")
    expect(visitor.button(re.compile("^1 reply"), message)).to_be_visible()


def test_own_messages_are_edited_and_deleted_from_their_menu(visitor: Visitor) -> None:
    write(visitor, "a frist try <b> @kwame")
    message = last(visitor)
    expect(message).to_contain_text("a frist try <b> @Kwame Asante")
    message.hover()
    visitor.button("More for this message", message).click()
    visitor.page.get_by_role("menuitem", name="Edit").click()
    box = visitor.page.get_by_role("textbox", name="Edit the message")
    expect(box).to_have_value("a frist try <b> @kwame")
    box.fill("a first try")
    box.press("Enter")
    expect(last(visitor)).to_contain_text("a first try (edited)")
    last(visitor).hover()
    visitor.button("More for this message", last(visitor)).click()
    visitor.page.get_by_role("menuitem", name="Delete").click()
    visitor.button("Delete", visitor.page.get_by_role("dialog", name="Delete this message?")).click()
    expect(visitor.page.get_by_text("a first try")).to_have_count(0)


def test_a_silent_bot_is_said_on_the_page(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    workspace.delivery_fault("/small", drop=True)
    write(visitor, "/small words that are not lost")
    expect(visitor.page.get_by_role("alert").filter(has_text="failed with the error")).to_be_visible()
    expect(composer(visitor)).to_have_value("/small words that are not lost")


class DeadBot:
    def __init__(self, workspace: PracticeWorkspace) -> None:
        self.restarts = 0
        self._workspace = workspace

    def plain(self) -> JSON:
        if self.restarts:
            return {"state": "running", "code": None, "log": []}
        return {"state": "died", "code": 3, "log": ["one", "the last words"]}

    def restart(self) -> None:
        self.restarts += 1
        self._workspace.bot_changed()


def test_a_dead_bot_is_shown_with_its_last_words_and_started_again(
    visitor: Visitor, workspace: PracticeWorkspace
) -> None:
    bot = DeadBot(workspace)
    workspace.stand_beside(Beside(bot=bot))
    banner = visitor.page.get_by_role("alert").filter(has_text="has stopped")
    expect(banner).to_contain_text("exit code 3")
    expect(banner).to_contain_text("the last words")
    visitor.button("Start it again", banner).click()
    expect(banner).to_be_hidden()
    assert bot.restarts == 1


def test_an_outsider_is_offered_neither_commands_nor_home(
    opened: Browser, workspace: PracticeWorkspace
) -> None:
    visitor = Visitor(opened)
    visitor.open(f"{workspace.url}/?as=freya")
    expect(visitor.page.locator("#role")).to_contain_text("outsider")
    expect(visitor.page.get_by_role("heading", name="#ext-northwind")).to_be_visible()
    expect(visitor.page.locator('#sidebar [data-to="home"]')).to_have_count(0)
    composer(visitor).fill("/")
    expect(visitor.page.locator("#hints")).to_be_hidden()
    visitor.close()


def test_hints_come_while_a_command_is_typed(visitor: Visitor) -> None:
    composer(visitor).press_sequentially("/sm")
    expect(visitor.page.get_by_role("option", name="/small")).to_be_visible()
    composer(visitor).press("Tab")
    expect(composer(visitor)).to_have_value("/small ")


def test_acting_as_somebody_else_shows_what_they_see(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    visitor.page.get_by_label("Act as").select_option(label="Luca Bianchi · guest")
    expect(visitor.page.locator("#role")).to_contain_text("guest")
    sidebar = visitor.page.get_by_role("navigation", name="Channels and messages")
    expect(visitor.button("engineering", sidebar)).to_be_visible()
    expect(visitor.button("releases", sidebar)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_wider_than_a_phone(opened: Browser, workspace: PracticeWorkspace, dark: bool) -> None:
    workspace.slash("/small", "blocks", channel="engineering", user="priya")
    visitor = Visitor(opened, width=400, height=800, dark=dark)
    visitor.open(f"{workspace.url}/?as=priya")
    width = (
        "Math.max(document.documentElement.scrollWidth, "
        "...[...document.querySelectorAll('.message')].map((one) => one.scrollWidth))"
    )
    assert visitor.page.evaluate(width) <= 400
    visitor.button("Channels and messages").click()
    visitor.button("engineering", visitor.page.locator("#sidebar")).click()
    expect(visitor.page.locator("#sidebar")).to_be_hidden()
    expect(last(visitor)).to_contain_text("A header")
    assert visitor.page.evaluate(width) <= 400
    write(visitor, "/small form")
    expect(visitor.form).to_be_visible()
    assert visitor.page.evaluate("document.querySelector('.form-body').scrollWidth") <= 400
    visitor.close()


def test_thousands_of_messages_are_drawn_a_part_at_a_time(
    visitor: Visitor, workspace: PracticeWorkspace
) -> None:
    place = workspace.place("releases").id
    workspace.join("kwame", "releases")
    for number in range(400):
        workspace.say("kwame", place, f"line {number}")
    visitor.button("releases").click()
    expect(last(visitor)).to_contain_text("line 399")
    drawn = visitor.page.locator("#view article")
    assert drawn.count() <= 100
    for _ in range(60):
        visitor.page.locator("#view .messages").evaluate("node => { node.scrollTop = 0; }")
        visitor.page.wait_for_timeout(50)
        if visitor.page.get_by_text("at 100 percent since").count():
            break
    expect(visitor.page.get_by_text("line 0", exact=True)).to_have_count(1)
    expect(drawn).to_have_count(402)


def test_a_linked_message_is_previewed_and_found_again(
    visitor: Visitor, workspace: PracticeWorkspace
) -> None:
    linked = workspace.say("fatima", "releases", "The one that is meant").message or {}
    address = f"{workspace.url}/archives/{linked['channel']}/p{linked['ts'].replace('.', '')}"
    workspace.say("kwame", "engineering", f"See <{address}>")
    preview = last(visitor).locator(".preview")
    expect(preview).to_contain_text("Fatima Zahra Idrissi in #releases")
    preview.get_by_role("link", name="View message").click()
    expect(visitor.page.get_by_role("heading", name="#releases")).to_be_visible()
    expect(visitor.page.locator(".pointed-out")).to_contain_text("The one that is meant")
    visitor.open(address)
    expect(visitor.page.locator(".pointed-out")).to_contain_text("The one that is meant")


def test_shortcuts_are_reached_from_a_message_and_from_the_composer(
    visitor: Visitor, workspace: PracticeWorkspace
) -> None:
    last(visitor).hover()
    visitor.button("More for this message").click()
    visitor.page.get_by_role("menuitem", name="Take it").click()
    workspace.wait_until(
        lambda: workspace.deliveries()[-1:] and workspace.deliveries()[-1].what == "small.take"
    )
    visitor.button("Shortcuts").click()
    visitor.page.get_by_role("menuitem", name="Start").click()
    workspace.wait_until(lambda: workspace.deliveries()[-1].what == "small.start")


def test_channels_teams_and_accounts_are_changed_on_the_page(
    visitor: Visitor, workspace: PracticeWorkspace
) -> None:
    visitor.button("Make a channel").click()
    visitor.page.get_by_label("Name of the channel").fill("Test room")
    visitor.button("Make it").click()
    expect(visitor.page.get_by_role("heading", name="#test-room")).to_be_visible()
    visitor.button("About #test-room").click()
    about = visitor.page.get_by_role("dialog", name="#test-room")
    about.get_by_label("Whom to invite").select_option(label="Small (the bot)")
    visitor.button("Invite", about).click()
    expect(visitor.button("Remove Small", about)).to_be_visible()
    assert workspace.bot.id in workspace.place("test-room").members
    visitor.button("Remove Small", about).click()
    expect(visitor.button("Remove Small", about)).to_have_count(0)
    visitor.page.keyboard.press("Escape")
    visitor.button("People and teams").click()
    people = visitor.page.get_by_role("dialog", name="People and teams")
    people.get_by_label("Whom to add").select_option(label="Kwame Asante")
    visitor.button("Add", people).click()
    expect(visitor.button("Remove Kwame Asante", people)).to_be_visible()
    assert workspace.person("kwame").id in workspace.group("checkout").members
    people.get_by_label("Account").select_option(label="Owen Pritchard")
    visitor.button("Deactivate", people).click()
    expect(people).to_contain_text("Owen Pritchard is deactivated")
    people.get_by_label("Write to").select_option(label="Lena Brandt")
    visitor.button("Open", people).click()
    expect(visitor.page.get_by_role("heading", name="Lena Brandt")).to_be_visible()
    write(visitor, "Hello Lena")
    expect(last(visitor)).to_contain_text("Hello Lena")


def test_payloads_show_what_the_bot_got_and_called(visitor: Visitor) -> None:
    visitor.button("Payloads").click()
    panel = visitor.page.get_by_role("complementary", name="Payloads")
    write(visitor, "/small blocks")
    row = panel.get_by_role("listitem").filter(has_text="chat.postMessage")
    expect(row).to_contain_text("ok")
    expect(panel.get_by_role("listitem").filter(has_text="/small")).to_contain_text("ok")
    row.locator("summary").click()
    expect(row.locator("pre").first).to_contain_text('"text": "Every block"')


def test_landmarks_have_names_and_the_news_is_said(visitor: Visitor, workspace: PracticeWorkspace) -> None:
    body = visitor.page.locator("body")
    for role, name in [
        ("navigation", "Channels and messages"), ("combobox", "Act as"), ("group", "Move the clock"),
        ("feed", "Messages in engineering"), ("combobox", "Write to #engineering"),
    ]:  # fmt: skip
        expect(body.get_by_role(role, name=name)).to_be_visible()  # type: ignore[arg-type]  # roles from a table
    workspace.say("kwame", "engineering", "News for everybody")
    expect(visitor.page.locator("#said")).to_contain_text("Kwame Asante: News for everybody")
    unnamed = visitor.page.evaluate(
        "[...document.querySelectorAll('button, a, input, select, textarea')].filter((one) => one.checkVisibility() && "
        "!(one.ariaLabel || one.textContent.trim() || one.labels?.length || one.title)).map((one) => one.outerHTML)"
    )
    assert unnamed == []
