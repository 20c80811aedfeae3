"""Who works at the desk: the actor that every staff command names, and what each role may do."""

from marshmallow import fields, validate

from contracts.wire import StrictSchema

ROLES = ("coordinator", "operator", "viewer")


class Actor(StrictSchema):
    """A member of the staff who is signed in. The gateway says who it is; the service decides what they may do.

    A coordinator acts for every partner, an operator for the own one, a viewer looks.
    """

    id = fields.UUID(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    partner = fields.String(required=True, allow_none=True, metadata={"description": "a slug; null: a coordinator"})


ACTOR_EXAMPLE = {"id": "018f6f2e-1111-7a10-8b60-4f5a1c2b3d44", "role": "operator", "partner": "orso"}
