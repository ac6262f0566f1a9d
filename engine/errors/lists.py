"""Refusals about how one keeps one's lists."""

from engine.errors.kinds import Invalid


class SnoozeRefused(Invalid):
    """Отложить задачу не получится: {why}."""

    code = "list.snooze_refused"


class PriorityUnknown(Invalid):
    """Такой важности нет. Выберите высокую, обычную или низкую."""

    code = "list.priority_unknown"


class FilterRefused(Invalid):
    """Сохранить отбор не получится: {why}."""

    code = "list.filter_refused"
