"""The fields of the stories to watch after a session: a title and an address each, as many as a session may have."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _

from contracts.booking import STORIES_MAX, STORY_TITLE_MAX, NewStory
from contracts.wire import instance

PLACES = range(1, STORIES_MAX + 1)
NAMES = tuple(f"story_{part}_{place}" for place in PLACES for part in ("title", "url"))
FIELDSET = "stories"
_AS_TYPED = "!$&'()*+,-./:;=@_~%?#"  # those of an address; what else is typed is sent as %XX


def typed(stories: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Stories as they would be typed."""
    values = dict.fromkeys(NAMES, "")
    for place, story in zip(PLACES, stories, strict=False):
        values |= {f"story_{part}_{place}": story[part] for part in ("title", "url")}
    return values


def written(values: Mapping[str, str]) -> list[dict[str, str]]:
    """The stories that were typed, for booking; a place with nothing in it is none."""
    return [story for _place, story in _found(values)]


def unclear(values: Mapping[str, str]) -> set[str]:
    """The names of the fields that will not do: a title without an address is told, and not left out."""
    wrong = ((place, instance(NewStory).validate(story)) for place, story in _found(values))
    return {f"story_{part}_{place}" for place, parts in wrong for part in parts}


def words(names: Iterable[str]) -> dict[str, Any]:
    """What to say of each field that is wrong, in the order of the page."""
    said = {FIELDSET: _("Togli dai titoli delle storie i segni che non si vedono, o che girano il testo")}
    for place in PLACES:
        said |= {
            f"story_title_{place}": _(
                "Storia %(number)s: scrivi il titolo, su una riga e in non più di %(most)s caratteri",
                number=place,
                most=STORY_TITLE_MAX,
            ),
            f"story_url_{place}": _(
                "Storia %(number)s: scrivi l’indirizzo del video, che comincia con https://, senza password",
                number=place,
            ),
        }
    return {name: said[name] for name in said if name in names}


def _found(values: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    """An address may be typed as people read it: it is sent in ASCII, as browsers do (RFC 3987 section 3.1)."""
    stories = [(place, {part: values[f"story_{part}_{place}"] for part in ("title", "url")}) for place in PLACES]
    return [
        (place, {**story, "url": quote(story["url"], safe=_AS_TYPED)})
        for place, story in stories
        if any(story.values())
    ]
