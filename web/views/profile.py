"""One's own page: address, devices, language, and what is told in which way."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.addresses import ConfirmAddress, ask_address
from engine.commands.preferences import ChooseChannels, ChooseLanguage
from engine.commands.sessions import EndSession, EndSessions
from engine.errors import ChoiceUnknown, EngineError
from engine.queries.profile import profile
from engine.rules.access import SYSTEM
from engine.rules.channels import KINDS, WAY_NAMES, Quiet
from engine.rules.sessions import fingerprint
from engine.rules.zones import ZONES
from web import auth
from web.current import actor, ask, do, engine
from web.devices import device_name
from web.errors import sentence_of, status_of
from web.pages import see

blueprint = Blueprint("profile", __name__, url_prefix="/profile")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Show the page."""
    return _page()


@blueprint.post("/channels")
def choose_channels() -> ResponseReturnValue:
    """Keep the ways of notices, and the quiet hours."""
    sent = request.form
    ways = {kind: sent[f"way.{kind}"] for kind in KINDS if f"way.{kind}" in sent}
    quiet = Quiet(sent.get("quiet_from", -1, int), sent.get("quiet_until", -1, int))
    try:
        do(ChooseChannels(ways, quiet))
    except ChoiceUnknown as refusal:
        return _page(problem=sentence_of(refusal)), status_of(refusal)
    return see("profile.show", _("Настройки уведомлений сохранены."))


@blueprint.post("/language")
def choose_language() -> ResponseReturnValue:
    """Keep the language."""
    do(ChooseLanguage(request.form.get("language", "")))
    return see("profile.show")


@blueprint.post("/address")
def change_address() -> ResponseReturnValue:
    """Write to the address that one wants to have."""
    sent, where = request.form, request.remote_addr or ""
    email = sent.get("email", "")
    try:
        ask_address(engine(), actor(), sent.get("password", ""), email, where)
    except EngineError as refusal:
        return _page(problem=sentence_of(refusal), typed=email), status_of(refusal)
    told = _("Письмо на адрес %(email)s отправлено. Откройте ссылку из него.", email=email)
    return see("profile.show", told)


@blueprint.get("/address/<token>")
@auth.public
def address(token: str) -> ResponseReturnValue:
    """Ask to press a button: mail servers open links before people do."""
    return render_template("address.html", token=token)


@blueprint.post("/address/<token>")
@auth.public
def confirm(token: str) -> ResponseReturnValue:
    """Take the new address."""
    try:
        email = engine().do(ConfirmAddress(token), SYSTEM)
    except EngineError as refusal:
        page = render_template("address.html", token=token, problem=sentence_of(refusal))
        return page, status_of(refusal)
    return see("home.index", _("Ваш адрес теперь %(email)s.", email=email))


@blueprint.post("/devices/end")
def end_device() -> ResponseReturnValue:
    """Sign out one browser."""
    do(EndSession(request.form.get("id", "")))
    return see("profile.show", _("Выход на том устройстве выполнен."))


@blueprint.post("/devices/end-all")
def end_devices() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    do(EndSessions(actor().person_id))
    return auth.let_out(redirect(url_for("sessions.sign_in"), 303))


def _page(**shown: object) -> str:
    page = ask(profile)
    return render_template(
        "profile.html",
        page=page,
        zone_name=ZONES.get(page.zone, page.zone),
        here=fingerprint(auth.secret()),
        device_name=device_name,
        way_names=WAY_NAMES,
        mail=bool(engine().settings.smtp_host),
        **shown,
    )
