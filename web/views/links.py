"""Links that set a password: the page of a link, and the one where a new link is asked for."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.invitations import SendLink
from engine.commands.links import link_owner
from engine.commands.passwords import choose_by_link
from engine.errors import EngineError, LinkExpired
from engine.rules.access import SYSTEM
from web import auth, current
from web.errors import sentence_of, status_of
from web.pages import see

blueprint = Blueprint("links", __name__)


@blueprint.get("/forgotten", endpoint="ask")
@auth.public
def ask_form() -> ResponseReturnValue:
    """Show the form of the address."""
    return _asking()


@blueprint.post("/forgotten", endpoint="send")
@auth.public
def send() -> ResponseReturnValue:
    """Write to whoever has the address; the answer is the same when nobody has."""
    try:
        command = SendLink(request.form.get("email", ""), request.remote_addr or "")
        current.engine().do(command, SYSTEM)
    except EngineError as refusal:
        return _asking(sentence_of(refusal)), status_of(refusal)
    return _asking(asked=True)


@blueprint.get("/password/<token>")
@auth.public
def page(token: str) -> ResponseReturnValue:
    """Show the form; looking uses nothing up, since mail servers look before people do."""
    try:
        return _choosing(token)
    except LinkExpired as refusal:
        return _asking(sentence_of(refusal)), status_of(refusal)


@blueprint.post("/password/<token>")
@auth.public
def choose(token: str) -> ResponseReturnValue:
    """Set the password and let its person in."""
    new = request.form.get("new", "")
    try:
        opened = choose_by_link(current.engine(), token, new, **auth.browser())
    except LinkExpired as refusal:
        return _asking(sentence_of(refusal)), status_of(refusal)
    except EngineError as refusal:
        return _choosing(token, sentence_of(refusal)), status_of(refusal)
    return auth.let_in(see("home.index", _("Пароль задан, вы вошли.")), opened)


def _asking(problem: str = "", *, asked: bool = False) -> str:
    mail = bool(current.engine().settings.smtp_host)
    return render_template("forgotten.html", problem=problem, asked=asked, mail=mail)


def _choosing(token: str, problem: str = "") -> str:
    with current.engine().read() as reader:
        owner = link_owner(reader, token)
    return render_template("link.html", token=token, owner=owner, problem=problem)
