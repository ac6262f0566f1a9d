"""Orders and decisions of the director, as an office writes them."""

from collections.abc import Sequence
from typing import Final

from engine.papers.bodies import Body
from engine.papers.content import Annex, Block, Points, Text, numbered, paragraphs
from engine.papers.said import Said
from engine.papers.wording import capital, long_date

ORDERED: Final = Text("ПРИКАЗЫВАЮ:", "left")
_CONTROL: Final = "Контроль за исполнением приказа оставляю за собой."
_REVIEW: Final = "общественно-профессиональную экспертизу качества образования"
_SECTIONS: Final = ("group", "experts_training", "staff_training", "conduct", "amendments")


def ordered(preamble: str, points: list[str]) -> tuple[Block, ...]:
    """Return the text of an order; control of it stays with who signs."""
    head = Text(preamble)
    return (head, ORDERED, Points((*points, _CONTROL)))


def _stop(text: str) -> str:
    """Return a sentence with its full stop."""
    return text if text.endswith((".", "!", "?", ";")) else f"{text}."


def review(said: Said) -> Body:
    """Compose the order to hold a review: its period, its coordinator, its five points."""
    begins, ends = (long_date(said.fields[f"{edge}_on"]) for edge in ("begins", "ends"))
    labels = {one.key: one.label for one in said.form.inputs}
    points = [
        f"Провести {_REVIEW} (ОПЭКО) с {begins} по {ends}",
        f"Назначить координатором экспертизы: {said.text('coordinator')}",
        *(_section(labels[key], " ".join(said.text(key).split())) for key in _SECTIONS),
    ]
    preamble = "На основании решения и запроса педагогического совета"
    return Body(ordered(preamble, [_stop(point) for point in points]))


def _section(label: str, text: str) -> str:
    """Return a point of the order; who has repeated its label is not printed twice."""
    verb = label.split(maxsplit=1)[0].casefold()
    return text if text.casefold().startswith(verb) else f"{label}: {text}"


def team(said: Said) -> Body:
    """Compose the order on the panel."""
    lead = said.text("lead")
    names = [said.people.get(int(person), "") for person in said.fields["members"]]
    parts = [(name, "руководитель" if name == lead else "член группы") for name in names]
    points = [
        "Утвердить состав экспертной группы согласно приложению.",
        f"Назначить руководителем экспертной группы: {_stop(lead)}",
        "Членам группы приступить к работе со дня подписания приказа.",
    ]
    preamble = "По результатам рассмотрения деклараций о конфликте интересов"
    annex = Annex(
        "Состав экспертной группы",
        (numbered("Фамилия, имя, отчество|В группе", (8, 4), parts),),
    )
    return Body(ordered(preamble, points), annexes=(annex,))


def year_plan(said: Said) -> Body:
    """Compose the order with the amendments to the plan of the year."""
    points = ["Внести поправки в годовой план школы согласно приложению."]
    preamble = "В связи с проведением общественно-профессиональной экспертизы"
    changes = numbered("Пункт плана|Было|Стало|Срок", (4, 4, 4, 3), said.facts["changes"])
    annex = Annex("Поправки в годовой план школы", (changes,))
    return Body(ordered(preamble, points), annexes=(annex,))


def plan(said: Said) -> Body:
    """Compose the order that approves the measures after a conclusion."""
    return _approval(said, "На основании заключения экспертной группы", "План мер по заключению")


def own_plan(said: Said) -> Body:
    """Compose the order that approves the school's own measures."""
    return _approval(said, "По результатам самооценки школы", "План собственных мер")


def _approval(said: Said, preamble: str, title: str) -> Body:
    points = [
        f"Утвердить {title[0].lower()}{title[1:]} согласно приложению.",
        "Ответственным выполнить меры в назначенные сроки и отчитаться о выполнении.",
    ]
    annex = Annex(title, (measures(said.facts["measures"]),))
    return Body(ordered(preamble, points), annexes=(annex,))


def measures(rows: Sequence[tuple[str, ...]]) -> Block:
    """Return the table of measures: goal, text, responsible, term, what it is to reach."""
    return numbered("Задача|Мера|Ответственный|Срок|Чего достичь", (5, 7, 5, 4, 5), rows)


def decision(said: Said) -> Body:
    """Compose the management decision after a control stage."""
    head = Text("По результатам общественно-профессиональной экспертизы качества образования")
    marks = [] if said.facts["effective"] else ["Признать меры неэффективными."]
    points = [*marks, f"{capital(_stop(said.text('decision')))}", _CONTROL]
    text = (Text("РЕШЕНО:", "left"), Points(tuple(points)))
    return Body((head, *text, Text("Содержание решения", "bold"), *paragraphs(said.text("text"))))
