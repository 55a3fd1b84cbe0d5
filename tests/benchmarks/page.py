"""The page's figures as JSON lines: `uv run python -m tests.benchmarks.page`.

How long a warm start takes until the page can be used, how soon a pressed button is answered on it, and how smoothly
2,000 messages scroll.
"""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.sandbox.workspace import PracticeWorkspace, through_wsgi
from tests.benchmarks.figures import say
from tests.journeys.trial import trial
from tests.journeys.visitor import Visitor, browser
from tests.sandbox.conftest import MANIFEST
from tests.sandbox.page_app import page_app

PRESSES, MESSAGES = 20, 2_000
#: Milliseconds from a click to the first change that the page shows anywhere outside the button itself.
ANSWERED = """
([button]) => new Promise((resolve) => {
  const began = performance.now();
  new MutationObserver((changes, watcher) => {
    if (changes.every((one) => button.contains(one.target))) return;
    watcher.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - began));
  }).observe(document.getElementById("view"), { childList: true, subtree: true });
  button.click();
})
"""
#: Scrolls from the newest message to the oldest, a screen a frame; gaps between frames, and long tasks, in milliseconds.
SCROLLED = """
async () => {
  const box = document.querySelector("#view .messages");
  const long = [];
  const watcher = new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => one.duration)));
  watcher.observe({ entryTypes: ["longtask"] });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const gaps = [];
  let still = 0;
  let before = await frame();
  while (still < 10) {
    const at = box.scrollTop;
    box.scrollTop = at - box.clientHeight * 0.6;
    const now = await frame();
    gaps.push(now - before);
    before = now;
    still = box.scrollTop === at && at < 2 ? still + 1 : 0;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  watcher.disconnect();
  return { gaps, long, drawn: document.querySelectorAll("#view article").length };
}
"""


def warm_start(opened: Browser) -> None:
    """From the command to a page on which the bot's Home stands."""
    with tempfile.TemporaryDirectory() as folder, trial(Path(folder), "--port", "0") as running:
        visitor = Visitor(opened)
        visitor.open(running.url)
        say("warm start: page drawn", time.monotonic() - running.began, "s", at_most=10)
        say("warm start: bot answers", running.wait_up(), "s", at_most=10)
        visitor.close()


def presses(page: Page) -> None:
    times = []
    for _ in range(PRESSES):
        button = page.get_by_role("button", name="Beside").last.element_handle()
        times.append(float(page.evaluate(ANSWERED, [button])))
    say("pressed button answered, median", statistics.median(times), "ms", at_most=300)
    say("pressed button answered, slowest", max(times), "ms", at_most=300)


def scrolling(page: Page, workspace: PracticeWorkspace) -> None:
    for number in range(MESSAGES):
        workspace.say(
            "priya", "releases", f"Line {number}: *bold*, `code`, and a link https://example.org/{number}"
        )
    began = time.monotonic()
    page.locator("#sidebar [data-to]").filter(has_text="releases").click()
    page.get_by_text(f"Line {MESSAGES - 1}:").wait_for()
    say("2,000 messages: channel opened", 1000 * (time.monotonic() - began), "ms", at_most=1000)
    for what in ("drawn on the way up", "once more"):
        seen = page.evaluate(SCROLLED)
        gaps = sorted(seen["gaps"])
        say(
            f"2,000 messages, {what}: 95 % of gaps between frames",
            gaps[int(len(gaps) * 0.95)],
            "ms",
            at_most=50,
        )
        say(f"2,000 messages, {what}: longest task", max(seen["long"], default=0.0), "ms", at_most=200)
        page.locator("#view .messages").evaluate("box => { box.scrollTop = box.scrollHeight; }")
    say("2,000 messages: drawn in the end", seen["drawn"], "messages", at_least=MESSAGES)


def main() -> None:
    with browser() as opened:
        warm_start(opened)
        with PracticeWorkspace.started(manifest=MANIFEST, redeliver_after=(), rate_limits=False) as workspace:
            workspace.deliver_to(through_wsgi(SlackRequestHandler(page_app(workspace))))
            visitor = Visitor(opened)
            visitor.page.add_init_script("sessionStorage.setItem('guide', 'closed')")
            visitor.open(f"{workspace.url}/?as=priya")
            visitor.page.locator("#sidebar [data-to]").filter(has_text="engineering").click()
            workspace.slash("/small", "blocks", channel="engineering", user="priya")
            presses(visitor.page)
            scrolling(visitor.page, workspace)
            visitor.close()


if __name__ == "__main__":
    main()
