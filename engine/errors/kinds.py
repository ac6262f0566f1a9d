"""The base of all refusals, and the six kinds of them; these are never raised themselves."""

from typing import Any, ClassVar


class EngineError(Exception):
    """Действие не выполнено. Обновите страницу и попробуйте ещё раз."""

    code: ClassVar[str] = "engine.error"

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence)

    @classmethod
    def template(cls) -> str:
        """Return the Russian sentence with the places of its details."""
        return " ".join((cls.__doc__ or "").split())

    @property
    def sentence(self) -> str:
        """Return the Russian sentence with its details filled in."""
        return " ".join(self.template().format(**self.details).split())

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
