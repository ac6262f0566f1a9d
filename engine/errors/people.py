"""Refusals about people and organisations."""

from engine.errors.kinds import Conflict, Invalid


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


class HasPassword(Conflict):
    """У этого человека пароль уже есть. Забытый он меняет сам: «Забыли пароль?» на странице входа."""

    code = "person.has_password"


class DoorClosed(Conflict):
    """Вход этому человеку закрыт. Сначала откройте вход, потом приглашайте."""

    code = "person.door_closed"


class NoPost(Conflict):
    """Почта не настроена, поэтому подтвердить новый адрес нечем. Попросите администратора сменить его."""

    code = "person.no_post"


class LinkByPostOnly(Conflict):
    """Этого человека пригласит только письмо: он работает и там, где вы не администратор. Почта пока не настроена."""

    code = "person.link_by_post_only"


class SuccessorUnfit(Invalid):
    """Передать задачи этому человеку нельзя. Выберите того, кому открыт вход, или верните задачи ролям."""

    code = "person.successor_unfit"


class ChoiceUnknown(Invalid):
    """Такого выбора нет. Откройте страницу заново и выберите из списка."""

    code = "preference.unknown"


class SheetRefused(Invalid):
    """Файл не прочитан: {why}."""

    code = "import.sheet_refused"
