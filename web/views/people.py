"""People and their roles, for administrators."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.addresses import ChangeAddress
from engine.commands.doors import ChangeActive, Handed
from engine.commands.invitations import InvitePerson
from engine.commands.people import CreatePerson, GrantRole, RenamePerson, RevokeRole
from engine.errors import EngineError, Invalid, NotFound
from engine.queries.members import MemberFilters, administered, member_page, members
from engine.rules.access import Role
from web.current import ask, do, engine
from web.errors import sentence_of, status_of
from web.languages import role_names
from web.pages import see

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the people with their roles."""
    filters = _filters()
    page = ask(members, filters)
    return render_template("people.html", page=page, filters=filters, role_names=role_names())


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a new person."""
    return _form()


@blueprint.post("")
def create() -> ResponseReturnValue:
    """Create a person; who gets a role at once is invited at once."""
    sent = request.form
    role = _role() if sent.get("role") else None
    try:
        person_id = do(CreatePerson(sent.get("name", ""), sent.get("email", "")))
    except Invalid as refusal:
        return _form(problem=refusal.sentence, typed=sent), 422
    if role:
        do(GrantRole(person_id, sent.get("organisation_id", 0, int), role))
        return invite(person_id)
    return see("people.show", _("Дайте роль, потом пригласите."), person_id=person_id)


@blueprint.get("/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """Show a person."""
    return _page(person_id)


@blueprint.post("/<int:person_id>/invitation")
def invite(person_id: int) -> ResponseReturnValue:
    """Write to a person without a password; the link is shown once and kept nowhere."""
    try:
        link = do(InvitePerson(person_id))
    except EngineError as refusal:
        return _page(person_id, problem=sentence_of(refusal)), status_of(refusal)
    return _page(person_id, invited=True, link=link)


@blueprint.post("/<int:person_id>/roles")
def grant(person_id: int) -> ResponseReturnValue:
    """Give a person a role."""
    organisation_id = request.form.get("organisation_id", 0, int)
    do(GrantRole(person_id, organisation_id, _role()))
    return see("people.show", _("Роль дана."), person_id=person_id)


@blueprint.post("/<int:person_id>/roles/revoke")
def revoke(person_id: int) -> ResponseReturnValue:
    """Take a role away."""
    organisation_id = request.form.get("organisation_id", 0, int)
    do(RevokeRole(person_id, organisation_id, _role()))
    told = _("Роль снята, вход на всех устройствах завершён.")
    try:
        ask(member_page, person_id)
    except NotFound:  # it was his last one here: he belongs to others now
        return see("people.index", told)
    return see("people.show", told, person_id=person_id)


@blueprint.post("/<int:person_id>/active")
def change_active(person_id: int) -> ResponseReturnValue:
    """Let a person in again, or keep him out and hand his tasks on."""
    active = request.form.get("active") == "yes"
    successor = request.form.get("successor_id", 0, int) or None
    try:
        result = do(ChangeActive(person_id, active, successor))
    except EngineError as refusal:
        return _page(person_id, problem=sentence_of(refusal)), status_of(refusal)
    told = _("Вход снова открыт.") if active else _handed(result)
    return see("people.show", told, person_id=person_id)


@blueprint.post("/<int:person_id>/name")
def change_identity(person_id: int) -> ResponseReturnValue:
    """Correct the name and the address of a person."""
    sent = request.form
    try:
        do(ChangeAddress(person_id, sent.get("email", "")))
        do(RenamePerson(person_id, sent.get("name", "")))
    except EngineError as refusal:
        return _page(person_id, problem=sentence_of(refusal), typed=sent), status_of(refusal)
    return see("people.show", _("Изменено."), person_id=person_id)


def _handed(result: Handed) -> str:
    """Say what became of the tasks of somebody who was kept out."""
    parts = [_("Вход закрыт.")]
    if result.given:
        parts.append(_("Передано задач: %(n)s.", n=result.given))
    if result.freed:
        parts.append(_("Возвращено ролям задач: %(n)s.", n=result.freed))
    if result.left:
        parts.append(_("Осталось за ним: %(n)s — их передаст координатор.", n=result.left))
    return " ".join(parts)


def _filters() -> MemberFilters:
    sent = request.args
    return MemberFilters(
        sent.get("words", "").strip(),
        sent.get("organisation", 0, int),
        sent.get("role", "") if sent.get("role") in set(Role) else "",
        sent.get("state", ""),
        sent.get("page", 1, int),
    )


def _role() -> Role:
    """Return the role chosen; a list of ours cannot send another."""
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise Invalid from error


def _form(**shown: object) -> str:
    places = ask(administered)
    return render_template("person_new.html", places=places, role_names=role_names(), **shown)


def _page(person_id: int, **shown: object) -> str:
    page, mail = ask(member_page, person_id), bool(engine().settings.smtp_host)
    return render_template("person.html", page=page, mail=mail, role_names=role_names(), **shown)
