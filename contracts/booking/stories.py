"""Stories to watch after a session: videos in which professionals tell of their work, on the pages of partners.

What one is, for who writes it and for who shows it: nobody here ever fetches the address.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marshmallow import fields, validate

from contracts.booking.words import ONE_LINE, STORIES_MAX, STORY_TITLE_MAX, STORY_URL_MAX
from contracts.wire import StrictSchema, TolerantSchema

# https, a name with a dot, perhaps a port, path, query and fragment (RFC 3986 appendix A). No user before the host, who
# would hide it, and no backslash, which browsers take for a slash.
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SIGNS = "[!$&-;=@A-Z_a-z~]|%[0-9A-Fa-f]{2}"
STORY_URL = (
    rf"^https://{_LABEL}(\.{_LABEL})+(:[0-9]{{1,4}})?"
    rf"(/({_SIGNS})*)?(\?({_SIGNS}|\?)*)?(#({_SIGNS}|\?)*)?$"
)

_TITLE = (validate.Length(min=1, max=STORY_TITLE_MAX), validate.Regexp(ONE_LINE))
_URL = (validate.Length(max=STORY_URL_MAX), validate.Regexp(STORY_URL))
_WHERE = {"description": "on the page of a partner: https, without credentials", "format": "uri"}


class Story(TolerantSchema):
    title = fields.String(required=True)
    url = fields.String(required=True, metadata=_WHERE)


class NewStory(StrictSchema):
    title = fields.String(required=True, validate=_TITLE)
    url = fields.String(required=True, validate=_URL, metadata=_WHERE)


def new_stories(story: type[NewStory] = NewStory, **options: Any) -> fields.List[dict[str, str]]:
    """The stories that who publishes a session names, each as ``story`` says."""
    said = {"description": "to watch after the session, in this order; none to take them away"}
    return fields.List(fields.Nested(story), validate=validate.Length(max=STORIES_MAX), metadata=said, **options)


def to_watch(session: Mapping[str, Any]) -> list[dict[str, str]]:
    """The stories of a ``Session`` (as JSON) that may be shown: ``title``, ``url`` and ``site``, the host it is on.

    Whoever answers in booking's place, no other address than one of the web gets into a page or a mail.
    """
    found = [story for story in session.get("stories") or () if re.fullmatch(STORY_URL, story["url"])]
    return [{**story, "site": site(story["url"])} for story in found[:STORIES_MAX]]


def site(url: str) -> str:
    """Where an address leads, as people name it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
