"""Refusals at the door: passwords, sessions, links, the demo."""

from engine.errors.kinds import Conflict, Forbidden, Invalid, TooOften


class PasswordWeak(Invalid):
    """Пароль не подходит: {why}. Придумайте другой, например из четырёх несвязанных слов."""

    code = "password.weak"


class WrongCredentials(Invalid):
    """Адрес или пароль не подходят. Проверьте раскладку клавиатуры и повторите."""

    code = "session.wrong_credentials"


class LinkExpired(Invalid):
    """Ссылка больше не действует. Запросите новую на странице входа."""

    code = "password.link_expired"


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
