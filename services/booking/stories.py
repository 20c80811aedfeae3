"""The stories to watch after a session, as who publishes it writes them."""

import unicodedata
from collections.abc import Sequence

from services.booking.domain import Story
from services.booking.errors import InvalidArguments
from services.booking.people import printable


def legible_stories(written: Sequence[dict[str, str]]) -> tuple[Story, ...]:
    """The stories of a request that fits ``contracts.booking.NewStory``. Raises InvalidArguments, by their place."""
    stories = [Story(unicodedata.normalize("NFC", each["title"]).strip(), each["url"].strip()) for each in written]
    wrong = {
        str(place): {"title": ["Write one line, without control characters."]}
        for place, story in enumerate(stories)
        if not printable(story.title)
    }
    if wrong:
        raise InvalidArguments(fields={"stories": wrong})
    return tuple(stories)
