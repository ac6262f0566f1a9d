"""One of each command that somebody sends, about a case of the town."""

from datetime import date
from typing import Any

from sqlalchemy import select

from engine.bus import Command
from engine.commands.addresses import ChangeAddress
from engine.commands.attachments import AttachFile, RemoveFile
from engine.commands.cases import CancelCase, ResumeCase, SendMessage, StartCase, SuspendCase
from engine.commands.closings import CancelReview, PostponeTask
from engine.commands.comments import AddComment
from engine.commands.complaints import Complain
from engine.commands.cycles import ChangeSettings, OpenCycle
from engine.commands.definitions import DeployProcess
from engine.commands.delegations import DelegateTask, RecallTask, ReturnTask
from engine.commands.doors import ChangeActive
from engine.commands.experts import AddExpert, AppointLead, ReplaceExpert, WithdrawExpert
from engine.commands.extensions import DecideExtension, RequestExtension, WithdrawExtension
from engine.commands.filters import DeleteFilter, SaveFilter
from engine.commands.incidents import (
    FailJob,
    FinishJob,
    MoveToken,
    PutBack,
    ResolveIncident,
    RetryJob,
)
from engine.commands.invitations import InvitePerson
from engine.commands.notices import ReadAbout, ReadNotices
from engine.commands.overdue import PromptLate
from engine.commands.passwords import SetPassword
from engine.commands.people import (
    CreateOrganisation,
    CreatePerson,
    GrantRole,
    RenameOrganisation,
    RenamePerson,
    RevokeRole,
)
from engine.commands.preferences import ChooseChannels, ChooseLanguage
from engine.commands.priorities import SetPriority
from engine.commands.prompts import PromptTask
from engine.commands.renditions import KeepRendition
from engine.commands.rosters import TakeInRoster
from engine.commands.sessions import EndSessions
from engine.commands.skips import SkipTask
from engine.commands.snoozes import SnoozeTask, UnsnoozeTask
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    MoveDeadline,
    ReassignTask,
    ReleaseTask,
    SaveDraft,
)
from engine.commands.templates import DropTemplate, PutTemplate
from engine.model.cases import Cycle
from engine.model.records import Incident
from engine.model.tasks import HIGH
from engine.papers.inspection import Checked
from engine.passwords import Hashed
from engine.rules.access import Role
from engine.rules.channels import Quiet
from engine.rules.rosters import Line, Sheet
from tests.drawn import TWO
from tests.town import Town


def commands(town: Town, case: int) -> dict[str, Command[Any]]:
    """Return one of each command about the case."""
    task, school = town.task(case, "first"), town.organisations["school"]
    incident = int(town.value(select(Incident.id)))
    cycle = int(town.value(select(Cycle.id)))
    return {
        "ClaimTask": ClaimTask(task),
        "ReleaseTask": ReleaseTask(task),
        "SaveDraft": SaveDraft(task, {}),
        "CompleteTask": CompleteTask(task, {}),
        "ReassignTask": ReassignTask(task, town.people["deputy2.school"], "Отпуск"),
        "MoveDeadline": MoveDeadline(task, date(2026, 12, 24), "Отпуск"),
        "SuspendCase": SuspendCase(case, "Карантин"),
        "ResumeCase": ResumeCase(case),
        "CancelCase": CancelCase(case, "Закрыто"),
        "SendMessage cancel": SendMessage(case, "cancel"),
        "SendMessage news": SendMessage(case, "news"),
        "StartCase": StartCase(cycle, school),
        "MoveToken": MoveToken(case, task % 1_000_000, "judge", "Надо"),
        "RetryJob": RetryJob(incident),
        "FinishJob": FinishJob(incident),
        "FailJob": FailJob(incident, "ER"),
        "PutBack": PutBack(incident),
        "ResolveIncident": ResolveIncident(incident, "Так"),
        "OpenCycle": OpenCycle(town.organisations["office"], "review", 2027, "Новый"),
        "ChangeSettings": ChangeSettings(cycle, {}),
        "DeployProcess": DeployProcess(TWO),
        **around_the_task(town, case, task),
        **administering(town),
        **ones_own(town),
    }


def around_the_task(town: Town, case: int, task: int) -> dict[str, Command[Any]]:
    """Return what is done around a task of the case, with a file and a request of its deputy."""
    deputy = town.actor("deputy.school")
    later, expert = date(2026, 12, 24), town.people["expert1"]
    file = town.engine.do(AttachFile(task, "а.pdf", b"%PDF"), deputy)
    request = town.engine.do(RequestExtension(task, later, "Отпуск"), deputy)
    return {
        "AttachFile": AttachFile(task, "б.pdf", b"%PDF"),
        "RemoveFile": RemoveFile(file, task),
        "DelegateTask": DelegateTask(task, town.people["director.school"]),
        "ReturnTask": ReturnTask(task, "Не моё"),
        "RecallTask": RecallTask(task),
        "RequestExtension": RequestExtension(task, later, "Отпуск"),
        "WithdrawExtension": WithdrawExtension(request),
        "DecideExtension": DecideExtension(request, granted=True),
        "SnoozeTask": SnoozeTask(task, date(2026, 11, 26)),
        "PromptTask": PromptTask(task),
        "PromptLate": PromptLate(town.people["deputy.school"]),
        "SetPriority": SetPriority(task, HIGH),
        "SkipTask": SkipTask(task, "Надо"),
        "AddComment case": AddComment(case, None, "Как дела?"),
        "AddComment task": AddComment(case, task, "Как дела?"),
        "PostponeTask": PostponeTask(task, later, "Отпуск"),
        "CancelReview": CancelReview(case, "Закрыто", "7"),
        "AddExpert": AddExpert(case, expert),
        "AppointLead": AppointLead(case, expert),
        "WithdrawExpert": WithdrawExpert(case, expert, "Болезнь"),
        "ReplaceExpert": ReplaceExpert(case, expert, town.people["expert2"], "Болезнь"),
        "Complain": Complain(case, expert, "Он здесь работал"),
    }


def administering(town: Town) -> dict[str, Command[Any]]:
    """Return what is done about people, organisations and templates of the first municipality."""
    school, teacher = town.organisations["school"], town.people["teacher.school"]
    lines = (Line(Sheet.SCHOOLS, 2, {"name": "Новая"}),)
    return {
        "CreateOrganisation": CreateOrganisation(
            "school", "Новая", "Asia/Omsk", town.organisations["office"]
        ),
        "RenameOrganisation": RenameOrganisation(school, "Иначе"),
        "CreatePerson": CreatePerson("Новый", "new@town.example"),
        "RenamePerson": RenamePerson(teacher, "Иначе"),
        "ChangeAddress": ChangeAddress(teacher, "other@town.example"),
        "ChangeActive": ChangeActive(teacher, active=False),
        "InvitePerson": InvitePerson(teacher),
        "GrantRole": GrantRole(teacher, school, Role.DEPUTY),
        "RevokeRole": RevokeRole(teacher, school, Role.TEACHER),
        "TakeInRoster": TakeInRoster(lines),
        "PutTemplate": PutTemplate(school, "а.docx", Checked("order", b"PK")),
        "DropTemplate": DropTemplate(school, "order"),
        "KeepRendition": KeepRendition(1, 1, "pdf", b"%PDF"),
        "EndSessions": EndSessions(teacher),
        "SetPassword": SetPassword(teacher, Hashed("?")),
    }


def ones_own(town: Town) -> dict[str, Command[Any]]:
    """Return what concerns only whoever does it, and what he shares with his school."""
    school, teacher = town.organisations["school"], town.actor("teacher.school")
    kept = town.engine.do(SaveFilter("tasks", "Мои", "late=yes"), teacher)
    return {
        "ReadNotices": ReadNotices(10**9),
        "ReadAbout": ReadAbout(task_id=1),
        "SaveFilter": SaveFilter("tasks", "Мои", "late=yes"),
        "SaveFilter shared": SaveFilter("tasks", "Мои", "late=yes", school),
        "DeleteFilter": DeleteFilter(kept),
        "UnsnoozeTask": UnsnoozeTask(1),
        "ChooseLanguage": ChooseLanguage("en"),
        "ChooseChannels": ChooseChannels({}, Quiet()),
    }
