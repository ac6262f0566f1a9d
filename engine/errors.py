"""
Every refusal of the engine: a class, a code, a Russian sentence that says what to do next.

The docstring of a class is the sentence shown to the user; ``{names}`` in it are filled from
the keyword arguments of the constructor. The six classes below the base say what kind of
refusal it is; they are never raised themselves.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


class EngineError(Exception):
    """Действие не выполнено. Обновите страницу и попробуйте ещё раз."""

    code: ClassVar[str] = "engine.error"

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """Return the Russian sentence with its details filled in."""
        return " ".join(inspect.cleandoc(type(self).__doc__ or "").format(**self.details).split())

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the details when the refusal crosses a process."""
        return type(self), (), {"details": self.details}


class NotFound(EngineError):
    """Такой записи нет, или она вам недоступна. Вернитесь к списку."""

    code = "engine.not_found"


class Forbidden(EngineError):
    """У вас нет права на это действие. Обратитесь к координатору."""

    code = "engine.forbidden"


class Conflict(EngineError):
    """Данные изменились, пока вы работали. Обновите страницу."""

    code = "engine.conflict"


class Invalid(EngineError):
    """Проверьте введённые данные."""

    code = "engine.invalid"


class TooOften(EngineError):
    """Слишком много запросов. Подождите немного и повторите."""

    code = "engine.too_often"


class Unavailable(EngineError):
    """База данных сейчас не отвечает. Ничего не изменено; повторите через минуту."""

    code = "engine.unavailable"


# the process ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of the check of a diagram: where and what, in Russian."""

    element: str
    sentence: str


class DiagramRefused(Invalid):
    """Схему нельзя выполнить так, как она нарисована: {summary}."""

    code = "diagram.refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        summary = "; ".join(f"{f.element}: {f.sentence.rstrip('.')}" for f in self.findings[:5])
        super().__init__(summary=summary)


class ExpressionRefused(Invalid):
    """Выражение «{text}» не входит в язык выражений: {why}."""

    code = "expression.refused"


class ExpressionFailed(Conflict):
    """Выражение «{text}» не вычислено: {why}."""

    code = "expression.failed"


class TimerRefused(Invalid):
    """Срок «{text}» не подходит: {why}."""

    code = "timer.refused"


class Fault(Conflict):
    """Дело не может идти дальше (элемент «{element}»): {why}. Координатор увидит это как сбой."""

    code = "case.fault"


class StateUnknown(Invalid):
    """Состояние дела записано в неизвестном формате {number}. Обновите программу."""

    code = "state.unknown"


class NotOpen(Conflict):
    """Эта задача уже завершена или снята. Обновите список задач."""

    code = "task.not_open"


class TaskTaken(Conflict):
    """Задачу уже взял другой человек: {who}, {when}. Выберите другую из списка."""

    code = "task.taken"


class TaskDoneByOther(NotOpen):
    """Эту задачу уже выполнил другой человек: {who}, {when}. Введённое вами сохранено в черновике."""

    code = "task.done_by_other"


class TaskPersonal(Conflict):
    """Эта задача поручена вам лично, её нельзя вернуть в общий список. Попросите координатора передать её."""

    code = "task.personal"


class NotYours(Conflict):
    """Задача сейчас не у вас. Возьмите её в работу, если она ещё свободна."""

    code = "task.not_yours"


class DateMissing(Invalid):
    """Дата не выбрана. Укажите её, например 31.12.2026."""

    code = "task.date_missing"


class ReasonMissing(Invalid):
    """Причина не указана. Напишите её одним предложением: её увидят участники дела."""

    code = "case.reason_missing"


class NobodyToRemind(Conflict):
    """Напоминать некому: об этой задаче сегодня уже напомнили, или её некому взять."""

    code = "task.nobody_to_remind"


class DeadlineRefused(Invalid):
    """Новый срок не подходит: {why}."""

    code = "task.deadline_refused"


class PersonUnfit(Invalid):
    """Этому человеку задачу передать нельзя: {why}. Выберите другого."""

    code = "task.person_unfit"


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


class BpmnError(Exception):
    """An error that a service or script raises and a diagram may catch by its code."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})


# forms ------------------------------------------------------------------------------------------


class FormRefused(Invalid):
    """Форму нельзя показать: {summary}."""

    code = "form.refused"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(summary="; ".join(p.rstrip(".") for p in self.problems[:5]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the problems when the refusal crosses a process."""
        return type(self), (self.problems,)


class FormInvalid(Invalid):
    """Проверьте поля формы: {summary}."""

    code = "form.invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {path: list(sentences) for path, sentences in errors.items()}
        sentences = dict.fromkeys(s.rstrip(".") for found in self.errors.values() for s in found)
        super().__init__(summary="; ".join(list(sentences)[:5]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the sentences when the refusal crosses a process."""
        return type(self), (self.errors,)


class FileRefused(Invalid):
    """Файл не приложен: {why}. Выберите другой или разделите его."""

    code = "file.refused"


# the panel --------------------------------------------------------------------------------------


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


# people -----------------------------------------------------------------------------------------


class EmailRefused(Invalid):
    """Адрес «{email}» не похож на электронную почту. Введите его в виде имя@школа.рф."""

    code = "person.email_refused"


class EmailTaken(Invalid):
    """Человек с адресом {email} уже есть. Найдите его в списке людей и дайте ему роль."""

    code = "person.email_taken"


class NameMissing(Invalid):
    """Имя не введено. Введите его полностью: фамилия, имя, отчество."""

    code = "person.name_missing"


class OrganisationTaken(Invalid):
    """Организация «{name}» здесь уже есть. Откройте её в списке организаций."""

    code = "organisation.taken"


class ZoneUnknown(Invalid):
    """Часовой пояс «{zone}» неизвестен. Выберите его из списка, например Asia/Yekaterinburg."""

    code = "organisation.zone_unknown"


class PlacementRefused(Invalid):
    """Такую организацию нельзя создать здесь. Округ стоит сам по себе, управление и школа — ниже округа."""

    code = "organisation.placement_refused"


class PasswordWeak(Invalid):
    """Пароль не подходит: {why}. Придумайте другой, например из четырёх несвязанных слов."""

    code = "password.weak"


class WrongCredentials(Invalid):
    """Адрес или пароль не подходят. Проверьте раскладку клавиатуры и повторите."""

    code = "session.wrong_credentials"


class LinkExpired(Invalid):
    """Ссылка больше не действует. Запросите новую на странице входа."""

    code = "password.link_expired"


class HasPassword(Conflict):
    """У этого человека пароль уже есть. Забытый он меняет сам: «Забыли пароль?» на странице входа."""

    code = "person.has_password"


class DoorClosed(Conflict):
    """Вход этому человеку закрыт. Сначала откройте вход, потом приглашайте."""

    code = "person.door_closed"


class TooManyAttempts(TooOften):
    """Слишком много попыток входа. Повторите через {seconds} с; запись не заблокирована."""

    code = "session.too_many_attempts"


class SignInBusy(TooOften):
    """Сейчас входит слишком много людей. Повторите через минуту."""

    code = "session.busy"


class PageOutdated(Forbidden):
    """Страница устарела. Откройте её заново и повторите: набранный текст задачи сохранён."""

    code = "page.outdated"


class NotADemo(Forbidden):
    """Вход без пароля есть только в демонстрационной базе. Войдите с паролем."""

    code = "session.not_a_demo"


class NotEmpty(Conflict):
    """В этой базе уже есть люди, демонстрационной она не станет. Возьмите пустую базу."""

    code = "installation.not_empty"
