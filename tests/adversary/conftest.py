"""The same office as in the scenarios."""

from __future__ import annotations

from tests.slack import conftest as office_room

practice_server = office_room.practice_server
practice = office_room.practice
log_stream = office_room.log_stream
settings = office_room.settings
features = office_room.features
open_office = office_room.open_office
office = office_room.office
lite = office_room.lite
lite_office = office_room.lite_office
