"""A person at the page, in a real browser: what the journeys and the pictures share."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: Milliseconds that a person would wait for the bot; the bot looks at its clock every few seconds.
PATIENCE = 20_000
PROBLEM = "Customers hear about releases from us last"
HARDSHIP = "We answer questions about things that we have not seen, and lose about a morning a week."


def chromium() -> str | None:
    return shutil.which("chromium")


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


class Visitor:
    """Somebody who sees nothing but the page; `complaints` are errors on its console."""

    def __init__(self, opened: Browser, *, width: int = 1280, height: int = 860, dark: bool = False) -> None:
        scheme = "dark" if dark else "light"
        self._context = opened.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB"
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self._heard("error", str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def close(self) -> None:
        self._context.close()

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_selector("html[data-ready=yes]")

    @property
    def form(self) -> Locator:
        return self.page.locator("dialog.form")

    @property
    def guide(self) -> Locator:
        return self.page.get_by_role("region", name="What is this? Five steps")

    def button(self, name: str | re.Pattern[str], inside: Locator | None = None) -> Locator:
        return (inside or self.page).get_by_role("button", name=name)

    def closes(self) -> None:
        """Put away whatever forms are open."""
        while self.form.is_visible():
            depth = self.form.locator(".badge").count()
            self.page.keyboard.press("Escape")
            if depth:
                expect(self.form.locator(".badge")).to_have_count(0)
            else:
                expect(self.form).to_be_hidden()

    def at_step(self, name: str) -> None:
        expect(self.guide.locator("[aria-current=step]")).to_contain_text(name)

    # The five steps, as a person does them

    def begins_to_raise(self) -> None:
        self.button(re.compile("^Write .* for me$"), self.guide).click()
        composer = self.page.locator("#composer textarea")
        expect(composer).to_be_focused()
        composer.press("Enter")
        self.form.get_by_label("What makes work harder?").fill(PROBLEM)
        self.form.get_by_label("For us this means").fill(HARDSHIP)

    def raises(self) -> None:
        self.button("Send", self.form).click()
        expect(self.form).to_contain_text("Heard")
        self.closes()

    def lets_the_night_pass(self) -> None:
        self.button("Move the clock to the next batch", self.guide).click()

    def publishes(self) -> None:
        self.button(re.compile("^Be "), self.guide).click()
        self.button(f"Look at: {PROBLEM}").click()
        self.button("Publish these words", self.form).click()
        expect(self.button("Publish these words", self.form)).to_have_count(0)
        self.closes()

    def says_hits_us_too(self, name: str) -> None:
        self.button(f"Be {name}", self.guide).click()
        expect(self.page.locator("#role")).to_be_visible()
        self.button(f"Details of: {PROBLEM}").click()
        self.button(re.compile("^Hits us too"), self.form).click()
        self.button("Nobody owns it", self.form).click()
        expect(self.form).to_contain_text("Kept")
        self.closes()
        self.button(f"Details of: {PROBLEM}").click()
        self.button(re.compile("^Say who would have to change"), self.form).click()
        self.form.get_by_label("Nobody's").check()
        self.button("Send", self.form).click()
        expect(self.form).to_contain_text("Thank you")
        self.closes()

    def reads_the_edition(self) -> Locator:
        self.button("Move the clock to the next edition", self.guide).click()
        edition = self.page.get_by_role("article").filter(has_text="What no single team can solve").last
        expect(edition).to_contain_text(PROBLEM)
        return edition

    def picture(self, file: Path) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(300)  # fonts and the last layout; nothing is asserted on it
        self.page.screenshot(path=file)
        return file
