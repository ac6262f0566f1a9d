"""Signing in and out."""

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.passwords import choose_password
from engine.commands.sessions import SignInAsDemo, SignOut, sign_in
from engine.errors import EngineError
from engine.queries.people import demo_people
from engine.rules.access import SYSTEM
from web import auth, current
from web.errors import sentence_of, status_of
from web.pages import see

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/sign-in", endpoint="sign_in")
@auth.public
def sign_in_form() -> ResponseReturnValue:
    """Show the form, and in a demo the people to try."""
    if current.session():
        return redirect(_back(), 303)
    return _page()


@blueprint.post("/sign-in", endpoint="sign_in_with_password")
@auth.public
def sign_in_with_password() -> ResponseReturnValue:
    """Check the password and open a session."""
    form = request.form
    try:
        opened = sign_in(
            current.engine(), form.get("email", ""), form.get("password", ""), **auth.browser()
        )
    except EngineError as refusal:
        return _page(sentence_of(refusal)), status_of(refusal)
    return auth.let_in(redirect(_back(), 303), opened)


@blueprint.post("/sign-in/demo")
@auth.public
def sign_in_as_demo() -> ResponseReturnValue:
    """Sign in as one of the invented people."""
    person_id = request.form.get("person_id", 0, int)
    opened = current.engine().do(SignInAsDemo(person_id, **auth.browser()), SYSTEM)
    return auth.let_in(redirect(_back(), 303), opened)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    current.do(SignOut(auth.secret()))
    return auth.let_out(redirect(url_for("sessions.sign_in"), 303))


@blueprint.get("/password")
def password() -> ResponseReturnValue:
    """Show the form of a new password."""
    return render_template("password.html")


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other browser is signed out."""
    current_one, new = request.form.get("current", ""), request.form.get("new", "")
    where = {name: text for name, text in auth.browser().items() if name != "replaces"}
    try:
        opened = choose_password(current.engine(), current.actor(), current_one, new, **where)
    except EngineError as refusal:
        problem = sentence_of(refusal)
        return render_template("password.html", problem=problem), status_of(refusal)
    return auth.let_in(see("home.index", _("Пароль изменён.")), opened)


def _page(problem: str = "") -> str:
    with current.engine().read() as reader:
        people = demo_people(reader)
    roles = [(name, list(held)) for name, held in groupby(people, attrgetter("role_name"))]
    return render_template("sign_in.html", roles=roles, problem=problem, back=_back())


def _back() -> str:
    return auth.own_address(request.values.get("back", "/"))
