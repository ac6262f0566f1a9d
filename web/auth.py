"""Who is there: the cookie, the session behind it, and which pages are open to everybody."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from engine.commands.sessions import TouchSession
from engine.queries.people import actor_of, session_of
from engine.rules.access import SYSTEM
from engine.rules.sessions import ABSOLUTE
from web import csrf, current

V = TypeVar("V", bound=Callable[..., Any])

OPEN: Final = "open_to_all"


def public(view: V) -> V:
    """Mark a view as open to those who have not signed in."""
    setattr(view, OPEN, True)
    return view


def add_auth(app: Flask) -> None:
    """Look who is there before each view, then whether the request may change anything."""

    @app.before_request
    def enter() -> ResponseReturnValue | None:
        """Recognise the browser, or send it to sign in."""
        if request.endpoint == "asset":
            return None
        recognise()
        if current.session() is None and not _is_open(app):
            return _to_sign_in()
        csrf.check()
        return None


def cookie_name() -> str:
    """Return the name of the cookie; its prefix makes browsers insist on https and this host."""
    return "__Host-tsikl" if current.engine().settings.secure_cookies else "tsikl"


def secret() -> str:
    """Return the secret that the browser sent, empty without one."""
    return request.cookies.get(cookie_name(), "")


def browser() -> dict[str, str]:
    """Return what is kept of the browser that signs in."""
    device = request.headers.get("User-Agent", "")
    return {"address": request.remote_addr or "", "device": device, "replaces": secret()}


def recognise() -> None:
    """Find the session of the browser and what its person may do; note now and then its use."""
    g.session = None
    if not secret():
        return
    with current.engine().read() as reader:
        found = session_of(reader, secret())
        if found is not None:
            g.session, g.actor = found, actor_of(reader, found.person_id)
    if found is not None and found.stale:
        current.engine().do(TouchSession(secret()), SYSTEM)


def let_in(answer: Response, opened: str) -> Response:
    """Give the browser the secret of its new session."""
    answer.set_cookie(
        cookie_name(),
        opened,
        max_age=ABSOLUTE,
        secure=current.engine().settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return answer


def let_out(answer: Response) -> Response:
    """Take the secret away, and what the browser keeps of the pages."""
    answer.delete_cookie(
        cookie_name(),
        secure=current.engine().settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def own_address(address: str) -> str:
    """Return an address of this site as it is, and the front page for any other."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and not any(ord(sign) < 32 for sign in address) else "/"


def _is_open(app: Flask) -> bool:
    """Tell whether the view is public; an address that leads nowhere answers 404 to all."""
    view = app.view_functions.get(request.endpoint or "")
    return view is None or getattr(view, OPEN, False)


def _to_sign_in() -> ResponseReturnValue:
    """Send the browser to sign in and back to the page it wanted."""
    back = request.full_path.rstrip("?") if request.method == "GET" else _page_of_form()
    address = url_for("sessions.sign_in", back=back)
    if current.wants_fragment():
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _page_of_form() -> str:
    """Return the page whose form was sent: it has kept what was typed."""
    path = request.headers.get("Referer", "").partition(request.host)[2]
    return own_address(path)
