"""The practice pilot knows the bot's buttons and forms by their own ids, and needs a bot."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.standing_rules import Ending
from bot.manifest import manifest_path
from bot.sandbox import piloting
from bot.sandbox.workspace import PracticeWorkspace
from bot.slack import cards
from bot.slack.desk import forms, step_views
from bot.slack.desk import views as desk
from bot.slack.home import views as home
from bot.slack.pilot import views as pilot
from bot.slack.pulse import views as pulse
from bot.slack.raising import check_views
from bot.slack.receipt import ending_views
from bot.slack.receipt import views as receipt


def test_the_ids_by_which_a_pilot_is_played_are_the_bots_own() -> None:
    assert (piloting.PILOT, piloting.START) == (pilot.OPEN, pilot.START)
    assert (piloting.HOURS, piloting.POST) == (pilot.HOURS, pilot.POST)
    assert (piloting.PULSE, piloting.PLAN, piloting.ANSWER) == (pulse.DESK, pulse.PLAN, pulse.ANSWER)
    assert (piloting.LOOK, piloting.PUBLISH, piloting.CLOSE) == (desk.LOOK, desk.PUBLISH, desk.CLOSE)
    assert (piloting.NEXT, piloting.HITS_US) == (step_views.NEXT, cards.HITS_US)
    assert (piloting.DETAILS, piloting.MINE) == (cards.DETAILS, home.LIST_MINE)
    assert (piloting.AS_IT_IS, piloting.ENDED) == (check_views.AS_IT_IS, ending_views.ENDED)
    assert receipt.OPEN == piloting.MY_OWN
    assert (Step.ACKNOWLEDGED.value, Ending.SOLVED.value) == (piloting.ACKNOWLEDGED, piloting.SOLVED)


def test_without_a_bot_beside_it_nothing_is_played() -> None:
    with PracticeWorkspace.started(manifest=manifest_path(), deliver_to="captured") as quiet:
        asked = urllib.request.Request(f"{quiet.url}/practice/pilot", data=b"{}", method="POST")
        asked.add_header("Content-Type", "application/json")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked)
        assert refused.value.code == 409
        assert "not running" in json.load(refused.value)["error"]
        refused.value.close()


def test_the_fields_that_it_fills_are_the_bots_own() -> None:
    text = Path(piloting.__file__).read_text(encoding="utf-8")
    for block in (pilot.QUESTION, pilot.DECIDES, pilot.NOT_FOR, pilot.GAVE, step_views.WAY, forms.SENTENCE):
        assert f'"{block}"' in text
