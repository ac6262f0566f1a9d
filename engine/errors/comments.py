"""Refusals about what people write to each other."""

from engine.errors.kinds import Invalid, TooOften


class CommentEmpty(Invalid):
    """Комментарий пуст. Напишите хотя бы одно предложение."""

    code = "comment.empty"


class CommentLong(Invalid):
    """Комментарий длиннее {most} знаков. Сократите его или приложите документ к задаче."""

    code = "comment.long"


class CommentsTooOften(TooOften):
    """Вы написали много комментариев подряд. Подождите несколько минут и продолжите."""

    code = "comment.too_often"
