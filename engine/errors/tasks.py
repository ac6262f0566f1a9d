"""Refusals about one piece of work."""

from engine.errors.kinds import Conflict, Invalid


class NotOpen(Conflict):
    """Эта задача уже завершена или снята. Обновите список задач."""

    code = "task.not_open"


class TaskTaken(Conflict):
    """Задачу уже взял другой человек: {who}, {when}. Выберите другую из списка."""

    code = "task.taken"


class TaskDoneByOther(NotOpen):
    """Эту задачу уже выполнил другой человек: {who}, {when}. Введённое вами сохранено в черновике."""

    code = "task.done_by_other"


class TaskDoneByYou(NotOpen):
    """Эту задачу вы уже выполнили {when}. Откройте её заново, чтобы прочитать отправленное."""

    code = "task.done_by_you"


class TaskPersonal(Conflict):
    """Эта задача поручена вам лично, её нельзя вернуть в общий список. Попросите координатора передать её."""

    code = "task.personal"


class NotYours(Conflict):
    """Задача сейчас не у вас. Возьмите её в работу, если она ещё свободна."""

    code = "task.not_yours"


class DateMissing(Invalid):
    """Дата не выбрана. Укажите её, например 31.12.2026."""

    code = "task.date_missing"


class NobodyToRemind(Conflict):
    """Напоминать некому: об этой задаче сегодня уже напомнили, или её некому взять."""

    code = "task.nobody_to_remind"


class DeadlineRefused(Invalid):
    """Новый срок не подходит: {why}."""

    code = "task.deadline_refused"


class SkipRefused(Conflict):
    """Эту задачу пропустить нельзя: {why}. Напомните о ней, передайте её или перенесите срок."""

    code = "task.skip_refused"


class PersonUnfit(Invalid):
    """Этому человеку задачу передать нельзя: {why}. Выберите другого."""

    code = "task.person_unfit"


class TaskDelegated(Conflict):
    """Эту задачу вам передал коллега ({who}): верните её ему с пометкой, в общий список она не идёт."""

    code = "task.delegated"


class NotDelegable(Conflict):
    """Передать эту задачу коллеге нельзя: {why}."""

    code = "task.not_delegable"


class NotDelegated(Conflict):
    """Сейчас эта задача никому не передана. Обновите страницу."""

    code = "task.not_delegated"


class ExtensionPending(Conflict):
    """О переносе срока этой задачи уже попросили. Дождитесь ответа координатора."""

    code = "task.extension_pending"


class ExtensionDecided(Conflict):
    """На эту просьбу уже ответили, или её отозвали. Обновите страницу."""

    code = "task.extension_decided"
