"""Who opens what a notice is about has read the notice, by whatever way he came there."""

from typing import Final

from flask import Flask, Response, g, request

from engine.commands.notices import ReadAbout
from web import current

ABOUT: Final = {"tasks.show": "task_id", "cases.show": "case_id", "notices.show": "notice_id"}
"""The pages that notices lead to, with the number of each in its address."""


def add_noticing(app: Flask) -> None:
    """Mark notices as read after the page of what they are about was shown."""

    @app.after_request
    def note(answer: Response) -> Response:
        """Write only for somebody who has anything unread, as the menu has just counted."""
        name = ABOUT.get(request.endpoint or "")
        if name and request.method == "GET" and answer.status_code == 200 and g.get("unread"):
            current.do(ReadAbout(**{name: (request.view_args or {})[name]}))
        return answer
