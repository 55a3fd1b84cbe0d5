"""Makes the two pictures of the README: `uv run python -m tests.journeys.pictures`."""

import tempfile
from pathlib import Path

from tests.journeys.trial import trial
from tests.journeys.visitor import Visitor, browser

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def make(folder: Path = FOLDER) -> list[Path]:
    """Go through the first minute at 1280 px, in light mode; the form and the edition."""
    with (
        tempfile.TemporaryDirectory() as place,
        trial(Path(place), "--port", "0") as running,
        browser() as opened,
    ):
        running.wait_up()
        visitor = Visitor(opened)
        visitor.open(running.url)
        visitor.begins_to_raise()
        made = [visitor.picture(folder / "form.png")]
        visitor.raises()
        visitor.lets_the_night_pass()
        visitor.publishes()
        visitor.says_hits_us_too("Niamh")
        visitor.says_hits_us_too("Daniel")
        visitor.reads_the_edition()
        made.append(visitor.picture(folder / "edition.png"))
    return made


if __name__ == "__main__":
    for file in make():
        print(file.relative_to(FOLDER.parents[1]))
