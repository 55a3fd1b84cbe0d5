"""What a seed file has to hold, and in plain words what is wrong with one that holds it not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

#: How many faults are told at once.
_MOST: Final = 8


class WrongSeed(Exception):
    """The file can't be a company; the text says why, one line a fault."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone (write Europe/Berlin)") from None
    return name


Handle = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
Text = Annotated[str, Field(min_length=1)]
#: Full name, title, time zone, locale.
Line = tuple[Text, str, Annotated[str, AfterValidator(_known_zone)], Text]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Workspace(_Part):
    name: Text
    domain: Handle


class _Team(_Part):
    handle: Handle
    name: Text
    function: Text
    description: str = ""


class _Place(_Part):
    name: Handle
    members: Annotated[str, Field(pattern="^everybody$")] | Annotated[list[Handle], Field(min_length=1)]
    private: bool = False
    bot: bool = False
    purpose: str = ""
    outsiders: list[Handle] = []


class _Outsiders(_Part):
    workspace: _Workspace
    people: dict[Handle, Line]


class _Company(_Part):
    workspace: _Workspace
    teams: list[_Team]
    people: dict[Handle, dict[Handle, Line]]
    places: list[_Place]
    stewards: Annotated[list[Handle], Field(min_length=2)]
    sponsor: Handle
    digest: Handle
    misconduct: Handle
    admins: list[Handle] = []
    guests: list[Handle] = []
    outsiders: _Outsiders | None = None
    said: list[tuple[Handle, Handle, Annotated[int, Field(ge=0)], Text]] = []

    def strangers(self) -> list[str]:
        """Where a name is used that nothing in the file bears."""
        here = {handle for group in self.people.values() for handle in group}
        away = set(self.outsiders.people) if self.outsiders else set()
        places = {place.name for place in self.places}
        of_people = [
            *((f"{role}: nobody is called {who!r}", who, here) for role, who in self._roles()),
            *(
                (f"places: {place.name}: {who!r} is nobody, and no team", who, here | set(self.people))
                for place in self.places
                if not isinstance(place.members, str)
                for who in place.members
            ),
            *(
                (f"places: {place.name}: no outsider is called {who!r}", who, away)
                for place in self.places
                for who in place.outsiders
            ),
            *(
                (f"said: nobody is called {who!r}", who, here | away)
                for _place, who, _ago, _words in self.said
            ),
        ]
        of_places = [
            *((f"{role}: there is no place called {name!r}", name) for role, name in self._named_places()),
            *((f"said: there is no place called {name!r}", name) for name, _who, _ago, _words in self.said),
        ]
        return [
            *(text for text, who, known in of_people if who not in known),
            *(text for text, name in of_places if name not in places),
        ]

    def _roles(self) -> list[tuple[str, str]]:
        listed = {"stewards": self.stewards, "admins": self.admins, "guests": self.guests}
        return [("sponsor", self.sponsor), *((role, who) for role, some in listed.items() for who in some)]

    def _named_places(self) -> list[tuple[str, str]]:
        return [("digest", self.digest), ("misconduct", self.misconduct)]


def checked(file: Path) -> None:
    """Raises `WrongSeed` where this file can't replace the practice company."""
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongSeed(f"{file} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongSeed(f"{file} is not UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise WrongSeed(f"{file} is no YAML{f' (line {mark.line + 1})' if mark else ''}.") from None
    if not isinstance(content, dict):
        raise WrongSeed(
            f"{file} is no company: it should begin with `workspace: {{name: ..., domain: ...}}`."
        )
    try:
        faults = _Company.model_validate(content).strangers()
    except ValidationError as error:
        faults = [f"{': '.join(str(step) for step in one['loc'])}: {one['msg']}" for one in error.errors()]
    if faults:
        more = [f"and {len(faults) - _MOST} more"] if len(faults) > _MOST else []
        listed = "\n".join(f"  - {fault}" for fault in [*faults[:_MOST], *more])
        raise WrongSeed(f"{file} can't be the practice company:\n{listed}")
