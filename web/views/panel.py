"""The panel of a case: experts come, go, and are complained about."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.complaints import Complain
from engine.commands.experts import AddExpert, AppointLead, ReplaceExpert, WithdrawExpert
from web.current import do
from web.pages import see

blueprint = Blueprint("panel", __name__, url_prefix="/cases/<int:case_id>/panel")


@blueprint.post("/add")
def add(case_id: int) -> ResponseReturnValue:
    """Take an admitted expert into the panel."""
    do(AddExpert(case_id, _chosen("person_id")))
    return see("cases.show", _("Эксперт включён в группу."), case_id=case_id)


@blueprint.post("/withdraw")
def withdraw(case_id: int) -> ResponseReturnValue:
    """Take an expert off the panel, putting another in his place if one is named."""
    person_id, by_id, lead_id = _chosen("person_id"), _chosen("by_id"), _chosen("new_lead_id")
    reason = request.form.get("reason", "")
    if by_id:
        do(ReplaceExpert(case_id, person_id, by_id, reason, lead_id))
    else:
        recused = request.form.get("recused") == "on"
        do(WithdrawExpert(case_id, person_id, reason, lead_id, recused))
    return see("cases.show", _("Состав группы изменён."), case_id=case_id)


@blueprint.post("/lead")
def appoint_lead(case_id: int) -> ResponseReturnValue:
    """Let another member lead the panel."""
    do(AppointLead(case_id, _chosen("person_id")))
    return see("cases.show", _("Руководитель группы назначен."), case_id=case_id)


@blueprint.post("/complain")
def complain(case_id: int) -> ResponseReturnValue:
    """Say that an expert is not independent."""
    do(Complain(case_id, _chosen("person_id"), request.form.get("text", "")))
    return see("cases.show", _("Обращение принято: ответ даст директор."), case_id=case_id)


def _chosen(name: str) -> int:
    return request.form.get(name, 0, int)
