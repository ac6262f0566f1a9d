"""People, their roles and the organisations, for administrators."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.people import (
    ChangeActive,
    CreateOrganisation,
    CreatePerson,
    GrantRole,
    RevokeRole,
)
from engine.errors import Invalid
from engine.passwords import passwords_of
from engine.queries.members import members
from engine.rules.access import ROLE_NAMES, Role
from web.current import ask, do, engine
from web.pages import see

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the people with their roles."""
    return _page()


@blueprint.post("")
def create() -> ResponseReturnValue:
    """Create a person; the first password is shown once and kept nowhere."""
    name, email = request.form.get("name", ""), request.form.get("email", "")
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    try:
        do(CreatePerson(name, email, passwords_of(engine().settings).hash(password)))
    except Invalid as refusal:
        return _page(problem=refusal.sentence, typed=request.form), 422
    return _page(created=name, password=password)


@blueprint.post("/<int:person_id>/roles")
def grant(person_id: int) -> ResponseReturnValue:
    """Give a person a role."""
    organisation_id = request.form.get("organisation_id", 0, int)
    do(GrantRole(person_id, organisation_id, _role()))
    return see("people.index", "Роль дана.")


@blueprint.post("/<int:person_id>/roles/revoke")
def revoke(person_id: int) -> ResponseReturnValue:
    """Take a role away."""
    organisation_id = request.form.get("organisation_id", 0, int)
    do(RevokeRole(person_id, organisation_id, _role()))
    return see("people.index", "Роль снята, вход на всех устройствах завершён.")


@blueprint.post("/<int:person_id>/active")
def change_active(person_id: int) -> ResponseReturnValue:
    """Let a person in again, or keep him out."""
    active = request.form.get("active") == "yes"
    do(ChangeActive(person_id, active))
    return see("people.index", "Вход снова открыт." if active else "Вход закрыт.")


@blueprint.post("/organisations")
def create_organisation() -> ResponseReturnValue:
    """Create an organisation below another."""
    sent = request.form
    parent_id = sent.get("parent_id", 0, int)
    kind, name, zone = sent.get("kind", ""), sent.get("name", ""), sent.get("zone", "")
    try:
        do(CreateOrganisation(kind, name, zone, parent_id))
    except Invalid as refusal:
        return _page(problem=refusal.sentence, typed=sent), 422
    return see("people.index", "Организация добавлена.")


def _role() -> Role:
    """Return the role chosen; a list of ours cannot send another."""
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise Invalid from error


def _page(**shown: object) -> str:
    return render_template("people.html", page=ask(members), role_names=ROLE_NAMES, **shown)
