"""Refusals about expert panels."""

from engine.errors.kinds import Conflict, Invalid


class NotOnPanel(Invalid):
    """Этого человека нет в экспертной группе дела. Обновите страницу."""

    code = "panel.not_on_panel"


class NotInReserve(Invalid):
    """Включить в группу можно только допущенного эксперта из резерва. Сначала нужна его декларация."""

    code = "panel.not_in_reserve"


class LeadNeeded(Invalid):
    """Этот эксперт руководит группой. Укажите, кто будет руководить вместо него."""

    code = "panel.lead_needed"


class NoPanelYet(Conflict):
    """Группа ещё не утверждена или экспертиза уже закончена. Обновите страницу дела."""

    code = "panel.none_yet"
