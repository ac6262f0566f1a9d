"""Refusals about cases, cycles and incidents."""

from engine.errors.kinds import Conflict, Invalid


class ReasonMissing(Invalid):
    """Причина не указана. Напишите её одним предложением: её увидят участники дела."""

    code = "case.reason_missing"


class CaseNotRunning(Conflict):
    """Дело сейчас не идёт (состояние: {status}). Возобновите его или откройте другое."""

    code = "case.not_running"


class CaseExists(Conflict):
    """Дело этой школы в этом цикле уже идёт. Откройте его в списке дел."""

    code = "case.exists"


class CycleTaken(Conflict):
    """Такой цикл на этот учебный год уже открыт. Найдите его в списке циклов."""

    code = "cycle.taken"


class SettingUnknown(Invalid):
    """Настройки «{name}» в схеме нет. Проверьте название."""

    code = "cycle.setting_unknown"


class SettingRefused(Invalid):
    """Значение настройки «{name}» не подходит: {why}."""

    code = "cycle.setting_refused"


class NobodyWaits(Conflict):
    """Дело сейчас не ждёт сообщения «{name}». Обновите страницу дела."""

    code = "case.nobody_waits"


class IncidentClosed(Conflict):
    """Этот сбой уже разобран. Обновите страницу дела."""

    code = "incident.closed"


class RepairRefused(Conflict):
    """Так устранить сбой нельзя: {why}."""

    code = "incident.repair_refused"
