"""The language of a browser where nobody has signed in yet."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from web import auth, current
from web.languages import COOKIE, LANGUAGES

blueprint = Blueprint("languages", __name__)

A_YEAR = 365 * 24 * 60 * 60


@blueprint.get("/language/<code>")
@auth.public
def choose(code: str) -> ResponseReturnValue:
    """Remember a language in the browser, and go back; a person's own choice goes before it."""
    if code not in LANGUAGES:
        raise NotFound
    answer = redirect(auth.own_address(request.args.get("back", "/")), 303)
    secure = current.engine().settings.secure_cookies
    answer.set_cookie(COOKIE, code, A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer
