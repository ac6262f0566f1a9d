"""Refusals about how one keeps one's lists."""

from engine.errors.kinds import Invalid


class SnoozeRefused(Invalid):
    """Отложить задачу не получится: {why}."""

    code = "list.snooze_refused"


class PriorityUnknown(Invalid):
    """Такого приоритета нет. Выберите высокий, обычный или низкий."""

    code = "list.priority_unknown"


class FilterRefused(Invalid):
    """Сохранить отбор не получится: {why}."""

    code = "list.filter_refused"
