"""People, their roles and the organisations, for administrators."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.invitations import InvitePerson
from engine.commands.people import (
    ChangeActive,
    CreateOrganisation,
    CreatePerson,
    GrantRole,
    RevokeRole,
)
from engine.errors import Invalid
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
    """Create a person; who gets a role at once is invited at once."""
    sent = request.form
    role = _role() if sent.get("role") else None
    try:
        person_id = do(CreatePerson(sent.get("name", ""), sent.get("email", "")))
    except Invalid as refusal:
        return _page(problem=refusal.sentence, typed=sent), 422
    if role is None:
        return see("people.index", "Запись создана. Дайте роль, потом пригласите.")
    do(GrantRole(person_id, sent.get("organisation_id", 0, int), role))
    return invite(person_id)


@blueprint.post("/<int:person_id>/invitation")
def invite(person_id: int) -> ResponseReturnValue:
    """Write to a person without a password; the link is shown once and kept nowhere."""
    link, mail = do(InvitePerson(person_id)), bool(engine().settings.smtp_host)
    return _page(invited_id=person_id, link=link, mail=mail)


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
