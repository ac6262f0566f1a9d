"""What experts write: declarations, programmes, opinions, conclusions."""

from collections.abc import Iterator, Sequence

from engine.papers.bodies import Body
from engine.papers.content import (
    Block,
    Heading,
    Points,
    Signer,
    Text,
    clean,
    numbered,
    paragraphs,
    table,
)
from engine.papers.orders import measures
from engine.papers.said import Said
from engine.papers.wording import initials


def declaration(said: Said) -> Body:
    """Compose the consent and the declaration of an expert: every question with its answer."""
    asked = [one for one in said.form.inputs if said.fields.get(one.key) not in (None, "")]
    rows = [(one.label, said.text(one.key)) for one in asked]
    who = Text(f"Я, {said.facts['me']}, сообщаю о себе следующее.")
    truth = Text("Об изменении этих обстоятельств сообщу руководителю экспертной группы.")
    return Body((who, numbered("Вопрос|Ответ", (11, 8), rows), truth))


def programme(said: Said) -> Body:
    """Compose the programme: who looks at what, when, and by which criteria."""
    objects = [
        (row["goal"], row["object"], row["method"], row["expert"], row["planned_on"])
        for row in said.rows("objects")
    ]
    criteria = [
        (row["code"] or f"К{n}", row["title"], row["scale"], row["weight"])
        for n, row in enumerate(said.rows("criteria"), start=1)
    ]
    columns = "Задача|Объект|Метод|Эксперт|Дата"
    return Body(
        (
            Heading("Объекты экспертизы"),
            numbered(columns, (7, 7, 5, 6, 3), objects),
            Heading("Критерии оценки"),
            table("Код|Критерий|Что значит высшая оценка|Вес", (2, 10, 12, 2), criteria),
        )
    )


def observation(said: Said) -> Body:
    """Compose the sheet of an observation: what was seen, and a score by each criterion."""
    columns = "Критерий|Оценка|Подтверждение"
    rows = [(row["criterion"], row["score"], row["evidence"]) for row in said.rows("scores")]
    seen = paragraphs(said.text("observations"))
    scores = numbered(columns, (7, 3, 8), rows)
    return Body((Heading("Наблюдения"), *seen, Heading("Оценки по критериям"), scores))


def opinion(said: Said) -> Body:
    """Compose an expert's individual opinion."""
    blocks: list[Block] = []
    for row in said.rows("goals"):
        blocks += [Heading(row["goal"]), Text(f"Оценка: {row['score']}", "left")]
        blocks += paragraphs(row["findings"])
    advice = tuple(
        " — ".join(filter(None, (row["text"].rstrip("."), row["addressee"], row["term"])))
        for row in said.rows("recommendations")
    )
    if advice:
        blocks += [Heading("Рекомендации"), Points(advice)]
    if confidence := said.text("confidence"):
        blocks.append(Text(f"Уверенность в выводах: {confidence}.", "left"))
    return Body(tuple(blocks))


def dissent(said: Said) -> Body:
    """Compose a dissenting opinion."""
    return Body(paragraphs(said.text("text")))


def conclusion(said: Said) -> Body:
    """Compose the conclusion of the first stage, with a line for every member of the panel."""
    blocks: list[Block] = [Heading("Общий вывод"), *paragraphs(said.text("summary"))]
    for row in said.rows("items"):
        blocks += [Heading(row["goal"]), Text(f"Уровень: {row['level']}", "left")]
        blocks += paragraphs(row["conclusion"])
        if row["recommendations"]:
            blocks += [Text("Рекомендации", "bold"), *paragraphs(row["recommendations"])]
    return Body(tuple(blocks) + dissents(said), signers=_panel(said), alone=False)


def control_conclusion(said: Said) -> Body:
    """Compose the conclusion of a control stage; the verdicts are those that were counted."""
    blocks: list[Block] = [Heading("Общий вывод"), *paragraphs(said.text("summary"))]
    for row, given in zip(said.rows("items"), said.fields["items"], strict=True):
        verdict = said.facts["verdicts"][int(given["goal"])]
        blocks += [Heading(row["goal"]), Text(f"Задача выполнена: {verdict}", "left")]
        blocks += paragraphs(row["text"])
    return Body(tuple(blocks) + dissents(said))


def dissents(said: Said) -> tuple[Block, ...]:
    """Return every dissenting opinion of the case so far, word for word."""
    return tuple(_dissents(said.facts["dissents"]))


def _dissents(found: Sequence[tuple[str, str]]) -> Iterator[Block]:
    for name, text in found:
        yield Heading(f"Особое мнение: {clean(initials(name))}")
        yield from paragraphs(text)


def _panel(said: Said) -> tuple[Signer, ...]:
    lines = {True: "Руководитель экспертной группы", False: "Эксперт"}
    return tuple(Signer(lines[leads], initials(name)) for name, leads in said.facts["panel"])


def control(said: Said) -> Body:
    """Compose what one expert finds about every goal after the measures."""
    rows = [(row["goal"], row["score"], row["effective"], row["why"]) for row in said.rows("goals")]
    return Body((numbered("Задача|Оценка|Эффективно|Почему", (6, 3, 4, 8), rows),))


def plan(said: Said) -> Body:
    """Compose a plan of measures."""
    rows = [
        (row["goal"], row["text"], row["responsible"], row["due_on"], _aim(row))
        for row in said.rows("measures")
    ]
    return Body((measures(rows),))


def _aim(row: dict[str, str]) -> str:
    """Return what a measure is to reach."""
    return ": ".join(word for word in (row["indicator"], row["target"]) if word)


def goals(said: Said) -> Body:
    """Compose the list of goals."""
    rows = [
        (row["code"] or f"З{n}", row["title"], row["indicator"], row["target"])
        for n, row in enumerate(said.rows("tasks"), start=1)
    ]
    return Body((table("Код|Задача|Показатель|Цель", (2, 9, 6, 3), rows),))
