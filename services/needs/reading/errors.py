"""Why a mail cannot be read."""


class Unreadable(Exception):
    """Nothing can be made of a mail, or it would take too long: it is one for the quarantine.

    ``code`` is one of too_big, too_many_lines, headers_too_long, too_many_parts, too_deep, no_message, broken.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
