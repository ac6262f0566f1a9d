"""
Who may do what: every command against every kind of person.

``y``: access is given (whether the command then succeeds is told elsewhere); ``f``: forbidden,
since he may see the case; ``n``: not found, since he may not even know of it.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

import engine.commands
from engine.bus import HANDLERS, Command
from engine.errors import EngineError, Fault, Forbidden, NotFound
from engine.rules.access import SYSTEM, Actor, Grant, Role
from tests.commands.every import commands, ones_own
from tests.drawn import (
    answered,
    choice,
    end,
    flows,
    message_event,
    panel,
    person_task,
    process,
)
from tests.town import Town

REVIEW = process(
    "review",
    person_task("first"),
    message_event("boundaryEvent", "off", "cancel", attachedToRef="first"),
    message_event("boundaryEvent", "told", "news", attachedToRef="first", cancelActivity="false"),
    choice("way", "judge", bad="missing_name"),
    end("bad"),
    person_task("judge", role="expert", performer="who", inner=panel("experts", "who")),
    flows("start", "first", "way"),
    flows("judge", "end"),
    flows("off", "end"),
    flows("told", "end"),
    roots='<message id="cancel" name="cancel"/><message id="news" name="news"/>',
)

ACTORS = (
    "deputy.school",
    "director.school",
    "administration.school",
    "secretary.school",
    "teacher.school",
    "coordinator.office",
    "head.office",
    "administrator.office",
    "deputy.second",
    "deputy.far_school",
    "coordinator.far_office",
    "lead of this panel",
    "expert of this panel",
    "lead of another panel",
    "expert of another panel",
)

WORK = "yfffn ffn nnn fnnn"
STEER = "ffffn yyn nnn fnnn"
CANCEL = "fyffn fyn nnn fnnn"
START = "yyffn yyn nnn nnnn"
OFFICE = "nnnnn yyn nnn nnnn"
TALK = "yyyyn yyn nnn ynnn"
PANEL = "yyffn yfn nnn ynnn"
ACCOUNT = "nnnnn nny nnn nnnn"
PLACE = "ffffn ffy nnn nnnn"
MINE = "nnnny nnn nnn nnnn"
ALL = "yyyyy yyy yyy yyyy"
NOBODY = "fffff fff fff ffff"
"""School, office, strangers, panels: in the order of the actors."""

MATRIX = {
    "ClaimTask": WORK,
    "ReleaseTask": WORK,
    "SaveDraft": WORK,
    "CompleteTask": WORK,
    "ReassignTask": STEER,
    "MoveDeadline": STEER,
    "SuspendCase": STEER,
    "ResumeCase": STEER,
    "CancelCase": CANCEL,
    "SendMessage cancel": CANCEL,
    "SendMessage news": STEER,
    "StartCase": START,
    "MoveToken": STEER,
    "RetryJob": STEER,
    "FinishJob": STEER,
    "FailJob": STEER,
    "PutBack": STEER,
    "ResolveIncident": STEER,
    "OpenCycle": OFFICE,
    "ChangeSettings": OFFICE,
    "DeployProcess": ACCOUNT,
    "AttachFile": WORK,
    "RemoveFile": WORK,
    "DelegateTask": WORK,
    "ReturnTask": WORK,
    "RecallTask": WORK,
    "RequestExtension": WORK,
    "SnoozeTask": WORK,
    "PromptTask": STEER,
    "PromptLate": "fffff yyf ffy ffff",
    "SetPriority": STEER,
    "SkipTask": STEER,
    "DecideExtension": STEER,
    "WithdrawExtension": WORK,
    "AddComment case": TALK,
    "AddComment task": TALK,
    "PostponeTask": TALK,
    "CancelReview": CANCEL,
    "AddExpert": PANEL,
    "AppointLead": PANEL,
    "WithdrawExpert": PANEL,
    "ReplaceExpert": PANEL,
    "Complain": "yyyyy yyn nnn ynnn",
    "CreateOrganisation": "nnnnn ffy nnn nnnn",
    "RenameOrganisation": PLACE,
    "CreatePerson": ACCOUNT,
    "RenamePerson": ACCOUNT,
    "ChangeAddress": ACCOUNT,
    "ChangeActive": ACCOUNT,
    "InvitePerson": ACCOUNT,
    "GrantRole": PLACE,
    "RevokeRole": PLACE,
    "TakeInRoster": ACCOUNT,
    "PutTemplate": PLACE,
    "DropTemplate": PLACE,
    "KeepRendition": NOBODY,
    "ReadNotices": ALL,
    "ReadAbout": ALL,
    "SaveFilter": ALL,
    "SaveFilter shared": NOBODY,
    "DeleteFilter": MINE,
    "UnsnoozeTask": ALL,
    "ChooseLanguage": ALL,
    "ChooseChannels": ALL,
    "EndSessions": MINE,
    "SetPassword": MINE,
}

SIGNED = {"DecideExtension", "PutTemplate", "DropTemplate", "KeepRendition"}
"""What stands under somebody's name, or under a document that this town has not got."""

TESTS = Path(__file__).parents[1]


class Undone(Exception):
    """Undoes what a command did, when it was allowed."""


@pytest.fixture
def case(town: Town) -> int:
    """Return a case with a panel and an incident."""
    experts = [town.people["expert1"]]
    case = town.case(town.cycle(REVIEW), experts=experts)
    with pytest.raises(Fault):
        town.finish(case, "first", **answered())
    return case


def actors(town: Town, case: int) -> Iterator[Actor]:
    """Yield the actors in the order of the matrix."""
    for who in ACTORS:
        if "panel" not in who:
            yield town.actor(who)
            continue
        role = Role.LEAD if who.startswith("lead") else Role.EXPERT
        seat = case if "this" in who else case + 1
        yield Actor(town.people["expert4"], who, (Grant(role, case_id=seat),))


def asked(town: Town, command: Command[Any], actor: Actor) -> str:
    """Let an actor try a command and undo it; return what he was told."""
    try:
        _try(town, command, actor)
    except NotFound:
        return "n"
    except Forbidden:
        return "f"
    except (Undone, EngineError):
        return "y"


def _try(town: Town, command: Command[Any], actor: Actor) -> NoReturn:
    with town.engine.unit(actor) as unit:
        HANDLERS[type(command)](unit, command)
        raise Undone
    raise AssertionError


def test_access_is_given_as_the_matrix_says(town: Town, case: int) -> None:
    """Wrong role, other school, other municipality, another panel: each gets his answer."""
    given, everybody = commands(town, case), list(actors(town, case))
    found = {name: [asked(town, given[name], actor) for actor in everybody] for name in MATRIX}
    assert {name: list(row.replace(" ", "")) for name, row in MATRIX.items()} == found


def test_the_system_may_steer_everything(town: Town, case: int) -> None:
    """The scheduler and the command line are nobody's stranger; only tasks are people's."""
    given = commands(town, case)
    asked_of = given.keys() - ones_own(town).keys() - SIGNED
    refused = {name for name in asked_of if asked(town, given[name], SYSTEM) != "y"}
    people = {name for name, row in MATRIX.items() if row == WORK or name.startswith("AddComment")}
    assert people == refused


def test_no_command_is_left_out() -> None:
    """A command that does not stand in this matrix has tests of its own."""
    for module in pkgutil.iter_modules(engine.commands.__path__, "engine.commands."):
        importlib.import_module(module.name)
    here = {name.split()[0] for name in MATRIX}
    others = "".join(
        path.read_text() for path in TESTS.rglob("test_*.py") if path != Path(__file__)
    )
    missing = {
        kind.__name__
        for kind in HANDLERS
        if kind.__module__.startswith("engine.commands.")
        and kind.__name__ not in here
        and kind.__name__ not in others
    }
    assert set() == missing
