"""
The text of letters: plain, short, each line with its link.

The nearest deadline stands in the subject; the end says why the letter came and what happens
next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from engine.rules.calendar import day_of
from engine.rules.words import counted, day, full_day

LONGEST: Final = 15
"""A section of a digest shows so many lines, then how many are left."""

_SUBJECT: Final = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence with the page it leads to; ``due_on`` where there is a deadline."""

    sentence: str
    link: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of a letter."""

    subject: str
    body: str


def task_link(base_url: str, task_id: int) -> str:
    """Return the address of the page of a task."""
    return f"{base_url.rstrip('/')}/tasks/{task_id}"


def case_link(base_url: str, case_id: int) -> str:
    """Return the address of the page of a case."""
    return f"{base_url.rstrip('/')}/cases/{case_id}"


def notice_link(base_url: str, notice_id: int) -> str:
    """Return the address of the page of a notice that tells of many tasks."""
    return f"{base_url.rstrip('/')}/notices/{notice_id}"


def address_link(base_url: str, token: str) -> str:
    """Return the address of the page that confirms a new e-mail address."""
    return f"{base_url.rstrip('/')}/profile/address/{token}"


def password_link(base_url: str, token: str) -> str:
    """Return the address of the page that sets a password."""
    return f"{base_url.rstrip('/')}/password/{token}"


def assignment(lines: Sequence[Line], today: date, base_url: str) -> Text:
    """Return the letter about tasks given to somebody by name; there is at least one."""
    nearest = _nearest(lines, today)
    if len(lines) == 1:
        subject = f"Вам поручена задача, срок {nearest}"
    else:
        number = counted(len(lines), "задача", "задачи", "задач")
        subject = f"Вам поручены {number}, ближайший срок {nearest}"
    why = "Вы получили это письмо, потому что задачи поручены лично вам."
    then = "Дальше: когда задача будет завершена, дело само перейдёт к следующему шагу."
    return Text(subject, _letter([_block("", lines)], [why, then], base_url))


def overdue(lines: Sequence[Line], today: date, base_url: str) -> Text:
    """Return the letter that goes once, when the deadline of a task has passed."""
    subject = f"Срок прошёл {_nearest(lines, today)}"
    if len(lines) > 1:
        number = counted(len(lines), "задача", "задачи", "задач")
        subject = f"Срок прошёл: {number}, с {_nearest(lines, today)}"
    why = "Вы получили это письмо, потому что ход за вами. О каждой задаче оно приходит один раз."
    then = "Дальше: о задаче знает координатор; он может перенести срок."
    return Text(subject, _letter([_block("", lines)], [why, then], base_url))


def prompted(lines: Sequence[Line], today: date, base_url: str) -> Text:
    """Return the letter by which a coordinator reminds of overdue tasks, all of them in one."""
    subject = f"Координатор напоминает: срок прошёл {_nearest(lines, today)}"
    if len(lines) > 1:
        number = counted(len(lines), "задача", "задачи", "задач")
        subject = f"Координатор напоминает: {number} после срока, с {_nearest(lines, today)}"
    why = "Вы получили это письмо, потому что ход за вами и координатор ждёт ответа."
    then = "Дальше: завершите задачи или попросите о новом сроке на странице задачи."
    return Text(subject, _letter([_block("", lines)], [why, then], base_url))


def told(lines: Sequence[Line], today: date, base_url: str) -> Text:
    """Return the letter with notices that their reader wants at once; there is at least one."""
    nearest = _nearest(lines, today)
    until = f", срок {nearest}" if nearest else ""
    head = counted(len(lines), "уведомление", "уведомления", "уведомлений")
    subject = f"{head}{until}" if len(lines) > 1 else f"Уведомление{until}"
    why = "Вы получили это письмо, потому что выбрали такие уведомления «сразу письмом»."
    return Text(subject, _letter([_block("", lines)], [why], base_url))


def invitation(link: str, base_url: str) -> Text:
    """Return the letter to somebody who is to choose the first password."""
    about = "Вас пригласили в «Цикл»: здесь школы проходят экспертизу качества образования."
    told = [f"{about} Откройте ссылку и придумайте пароль:", link]
    remarks = [
        "Ссылка действует 7 дней и только один раз. Входить потом — с этим адресом почты.",
        "Если приглашения вы не ждали, ничего не делайте.",
    ]
    return Text(
        "Приглашение в «Цикл»: придумайте пароль", _letter(told, remarks, base_url, settable=False)
    )


def forgotten(link: str, base_url: str) -> Text:
    """Return the letter to somebody who has forgotten the password."""
    told = ["На странице входа попросили сменить ваш пароль. Откройте ссылку:", link]
    remarks = [
        "Ссылка действует час и только один раз.",
        "Если просили не вы, ничего не делайте: пароль останется прежним.",
    ]
    return Text("Новый пароль для «Цикла»", _letter(told, remarks, base_url, settable=False))


def new_address(link: str, base_url: str) -> Text:
    """Return the letter to an address that somebody wants to be his from now on."""
    told = ["Вы просили писать вам из «Цикла» на этот адрес. Чтобы подтвердить, откройте:", link]
    remarks = [
        "Ссылка действует час. До подтверждения письма идут на прежний адрес.",
        "Если просили не вы, ничего не делайте.",
    ]
    subject = "Подтвердите адрес почты в «Цикле»"
    return Text(subject, _letter(told, remarks, base_url, settable=False))


def address_changed(base_url: str) -> Text:
    """Return the letter to the address that was somebody's until now."""
    told = ["Ваш адрес почты в «Цикле» изменён: письма больше не будут приходить сюда."]
    remarks = ["Если это сделали не вы, сразу напишите администратору."]
    subject = "Адрес почты в «Цикле» изменён"
    return Text(subject, _letter(told, remarks, base_url, settable=False))


@dataclass(frozen=True, slots=True)
class Digest:
    """
    What a person is told in the morning.

    ``told`` are notices since the last digest, ``offered`` new tasks for the person's roles,
    ``late`` all overdue tasks that wait for the person. ``should_have_come`` is the moment that
    was missed, when the program stood still.
    """

    told: Sequence[Line] = ()
    offered: Sequence[Line] = ()
    late: Sequence[Line] = ()
    should_have_come: datetime | None = None


def digest(content: Digest, today: date, zone: str, base_url: str) -> Text:
    """Return the digest of a day."""
    lines = [*content.told, *content.offered, *content.late]
    nearest = _nearest(lines, today)
    until = f", ближайший срок {nearest}" if nearest else ""
    sections = [
        _block("Что нового", content.told),
        _block("Новые задачи для вашей роли", content.offered),
        _block("Срок прошёл", content.late),
    ]
    remarks = [
        "Сводка приходит не чаще раза в рабочий день и только когда есть что сказать.",
        *_lateness(content.should_have_come, zone),
    ]
    number = counted(len(content.told) + len(content.offered), "новость", "новости", "новостей")
    return Text(f"Сводка: {number}{until}", _letter(sections, remarks, base_url))


def _lateness(missed: datetime | None, zone: str) -> list[str]:
    if missed is None:
        return []
    on = full_day(day_of(missed, zone))
    return [f"Эта сводка запоздала: программа не работала ({on}) в час рассылки."]


def _nearest(lines: Sequence[Line], today: date) -> str:
    """Return the nearest deadline of all lines in words; empty without any."""
    days = [line.due_on for line in lines if line.due_on is not None]
    return day(min(days), today) if days else ""


def _block(title: str, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    shown = [f"• {line.sentence}\n  {line.link}" for line in lines[:LONGEST]]
    if (left := len(lines) - LONGEST) > 0:
        shown.append(f"… и ещё {left}, все — на сайте.")
    return "\n\n".join([title] * bool(title) + shown)


def _letter(
    blocks: Sequence[str], remarks: Sequence[str], base_url: str, *, settable: bool = True
) -> str:
    """Return the body: greeting, blocks, remarks, where to choose what comes, and who wrote it."""
    choice = f"Настроить уведомления: {base_url.rstrip('/')}/profile#channels"
    last = [*remarks, choice] if settable else remarks
    parts = ["Здравствуйте!", *filter(None, blocks), "\n".join(last), f"«Цикл», {base_url}"]
    return "\n\n".join(parts) + "\n"


def shortened(subject: str) -> str:
    """Return a subject that fits the list of a mail program, on one line."""
    line = " ".join(subject.split())
    return line if len(line) <= _SUBJECT else f"{line[: _SUBJECT - 1]}…"
