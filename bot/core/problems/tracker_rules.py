"""Links to items of other tools: which tool and which item a URL names."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

#: Longest link that is kept.
LINK_MOST: Final = 500
_BROKEN: Final = re.compile(r"[\s<>|\"\\^`{}\x00-\x1f\x7f]")
_KEY: Final = r"([A-Za-z][A-Za-z0-9_]{0,19}-\d{1,9})"
_JIRA: Final = re.compile(rf"(?:/[^/]+)*/browse/{_KEY}/?")
_LINEAR: Final = re.compile(rf"/[^/]+/issue/{_KEY}(?:/.*)?")
_GITHUB: Final = re.compile(r"/([\w.-]{1,100}/[\w.-]{1,100})/(?:issues|pull)/(\d{1,9})/?")
_AZURE: Final = re.compile(r"/.*_workitems/edit/(\d{1,9})/?")


def link_of(typed: str) -> str:
    """The link as it is kept; https alone, and nobody's password in it. Raises ValueError for all else."""
    link = typed.strip()
    if len(link) > LINK_MOST or _BROKEN.search(link) or not link.isascii():
        raise ValueError("no link")
    parts = urlsplit(link)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host or parts.username is not None or parts.password is not None:
        raise ValueError("no link")
    _ = parts.port  # raises for one that is none
    return link


def item_of(link: str) -> str:
    """What a link names, as people call it: "GitHub org/repo#12", or its host where the tool is not known."""
    parts = urlsplit(link)
    host, path = (parts.hostname or "").lower(), parts.path
    if host == "github.com" and (found := _GITHUB.fullmatch(path)):
        return f"GitHub {found[1]}#{found[2]}"
    if host == "linear.app" and (found := _LINEAR.fullmatch(path)):
        return f"Linear {found[1].upper()}"
    if (host == "dev.azure.com" or host.endswith(".visualstudio.com")) and (found := _AZURE.fullmatch(path)):
        return f"Azure DevOps {found[1]}"
    if found := _JIRA.fullmatch(path):
        return f"Jira {found[1].upper()}"
    return host
