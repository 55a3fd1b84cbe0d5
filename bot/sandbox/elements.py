"""The table of Block Kit's objects and elements: keys, types and room."""

from bot.sandbox.checks import Check, anything, by_type, flag, items, number, one_of, shape, text

URL = text(3000, 1, r"^[a-z][a-z0-9+.-]*:")
ACTION_ID = text(255, 1)
DATE = text(10, 10, r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
TIME = text(5, 5, r"^([01]\d|2[0-3]):[0-5]\d$")
DECIMAL = text(100, 1, r"^-?\d+(\.\d+)?$")


def plain(most: int) -> Check:
    return by_type(
        {"plain_text": shape({"type": anything, "text": text(most, 1)}, {"emoji": flag})}, "text object"
    )


def either(most: int) -> Check:
    kinds = {
        "plain_text": plain(most),
        "mrkdwn": shape({"type": anything, "text": text(most, 1)}, {"verbatim": flag}),
    }
    return by_type(kinds, "text object")


CONFIRM = shape(
    {"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = shape({"text": plain(75), "value": text(150, 1)}, {"description": plain(75)})
RICH_OPTION = shape({"text": either(75), "value": text(150, 1)}, {"description": either(75)})
OVERFLOW_OPTION = shape({"text": plain(75), "value": text(150, 1)}, {"description": plain(75), "url": URL})
OPTION_GROUP = shape({"label": plain(75), "options": items(OPTION, 100)})
SLACK_FILE = shape({}, {"id": text(100_000, 1), "url": URL}, exactly_one=("id", "url"))
DISPATCH = shape(
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2, unique=True)}
)
FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4, unique=True),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    least=1,
)
USER_ID = text(255, 1, r"^[UW][A-Z0-9]+$")
CHANNEL_ID = text(255, 1, r"^[CG][A-Z0-9]+$")
CONVERSATION_ID = text(100_000, 1)

_BASE: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag}
_MENU = {**_BASE, "placeholder": plain(150)}
_MULTI = {**_MENU, "max_selected_items": number(1, 100)}
_TYPED: dict[str, Check] = {
    "action_id": ACTION_ID,
    "initial_value": text(3000),
    "dispatch_action_config": DISPATCH,
    "focus_on_load": flag,
    "placeholder": plain(150),
}
_TYPE: dict[str, Check] = {"type": anything}
_OPTIONS: dict[str, Check] = {"options": items(OPTION, 100), "option_groups": items(OPTION_GROUP, 100)}

IMAGE = shape(
    {**_TYPE, "alt_text": text(100_000, 1)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    exactly_one=("image_url", "slack_file"),
)
BUTTON = shape(
    {**_TYPE, "text": plain(75)},
    {
        "action_id": ACTION_ID,
        "url": URL,
        "value": text(2000, 1),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": text(75, 1),
    },
)

PRESSED_OR_PICKED: dict[str, Check] = {
    "button": BUTTON,
    "checkboxes": shape(
        {**_TYPE, "options": items(RICH_OPTION, 10)}, {**_BASE, "initial_options": items(RICH_OPTION, 100)}
    ),
    "radio_buttons": shape(
        {**_TYPE, "options": items(RICH_OPTION, 10)}, {**_BASE, "initial_option": RICH_OPTION}
    ),
    "datepicker": shape(_TYPE, {**_MENU, "initial_date": DATE}),
    "timepicker": shape(_TYPE, {**_MENU, "initial_time": TIME, "timezone": text(100_000, 1)}),
    "datetimepicker": shape(_TYPE, {**_BASE, "initial_date_time": number(0, 9_999_999_999)}),
    "overflow": shape(
        {**_TYPE, "options": items(OVERFLOW_OPTION, 5)}, {"action_id": ACTION_ID, "confirm": CONFIRM}
    ),
    "static_select": shape(
        _TYPE, {**_MENU, **_OPTIONS, "initial_option": OPTION}, exactly_one=("options", "option_groups")
    ),
    "external_select": shape(_TYPE, {**_MENU, "initial_option": OPTION, "min_query_length": number(0, 100)}),
    "users_select": shape(_TYPE, {**_MENU, "initial_user": USER_ID}),
    "conversations_select": shape(
        _TYPE,
        {
            **_MENU,
            "initial_conversation": CONVERSATION_ID,
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": FILTER,
        },
    ),
    "channels_select": shape(_TYPE, {**_MENU, "initial_channel": CHANNEL_ID, "response_url_enabled": flag}),
    "multi_static_select": shape(
        _TYPE,
        {**_MULTI, **_OPTIONS, "initial_options": items(OPTION, 100)},
        exactly_one=("options", "option_groups"),
    ),
    "multi_external_select": shape(
        _TYPE, {**_MULTI, "initial_options": items(OPTION, 100), "min_query_length": number(0, 100)}
    ),
    "multi_users_select": shape(_TYPE, {**_MULTI, "initial_users": items(USER_ID, 100)}),
    "multi_conversations_select": shape(
        _TYPE,
        {
            **_MULTI,
            "initial_conversations": items(CONVERSATION_ID, 100),
            "default_to_current_conversation": flag,
            "filter": FILTER,
        },
    ),
    "multi_channels_select": shape(_TYPE, {**_MULTI, "initial_channels": items(CHANNEL_ID, 100)}),
}

ACCESSORIES: dict[str, Check] = {
    **{kind: check for kind, check in PRESSED_OR_PICKED.items() if kind != "datetimepicker"},
    "image": IMAGE,
}

INPUTS: dict[str, Check] = {
    **{kind: check for kind, check in PRESSED_OR_PICKED.items() if kind not in {"button", "overflow"}},
    "plain_text_input": shape(
        _TYPE, {**_TYPED, "multiline": flag, "min_length": number(0, 3000), "max_length": number(1, 3000)}
    ),
    "email_text_input": shape(_TYPE, _TYPED),
    "url_text_input": shape(_TYPE, _TYPED),
    "number_input": shape(
        {**_TYPE, "is_decimal_allowed": flag},
        {**_TYPED, "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
    ),
    "rich_text_input": shape({**_TYPE, "action_id": ACTION_ID}, {**_TYPED, "initial_value": anything}),
    "file_input": shape(
        _TYPE, {"action_id": ACTION_ID, "filetypes": items(text(50, 1), 100), "max_files": number(1, 10)}
    ),
}
