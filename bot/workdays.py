"""Public holidays of a country or region, by the `holidays` library."""

from __future__ import annotations

from datetime import date
from functools import cache


def is_known(place: str) -> bool:
    """Whether there is a calendar for a place: a country's two letters, with a region after a hyphen."""
    import holidays  # takes a while, and is needed where a country is named alone

    country, _, region = place.upper().partition("-")
    regions = holidays.list_supported_countries(include_aliases=True).get(country)
    return regions is not None and (not region or region in regions)


def is_public_holiday(place: str, day: date) -> bool:
    return day in _of_year(place, day.year)


@cache
def _of_year(place: str, year: int) -> frozenset[date]:
    import holidays

    country, _, region = place.upper().partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
