"""What bodies say: minutes, agendas, requests."""

from engine.papers.bodies import Body
from engine.papers.content import Block, Facts, Heading, Points, Signer, Text, numbered, paragraphs
from engine.papers.said import Said
from engine.papers.wording import long_date


def agenda(said: Said) -> Body:
    """Compose the agenda of the council."""
    when = Facts((("Дата заседания", long_date(said.fields["date"])),))
    return Body((when, Heading("Вопросы"), *paragraphs(said.text("question"))))


def council(said: Said) -> Body:
    """Compose the minutes of the council with its quorum and its vote."""
    present, members = said.fields["present"], said.fields["members"]
    votes = ", ".join(
        f"{label} — {said.fields[key]}"
        for key, label in {
            "votes_for": "за",
            "votes_against": "против",
            "abstained": "воздержались",
        }.items()
    )
    decided = {
        "invite": "Привлечь независимых экспертов.",
        "decline": "Не привлекать независимых экспертов.",
        "rework": "Доработать задачи и рассмотреть их снова.",
    }[said.fields["decision"]]
    points = [decided]
    if request := said.text("request_text"):
        points.append(f"Направить администрации запрос: {' '.join(request.split())}")
    facts = (
        ("Присутствовали", f"{present} из {members} членов педагогического совета"),
        ("Кворум", "имеется"),
    )
    return Body(
        (
            Facts(facts),
            Heading("Повестка дня"),
            Text("О привлечении независимых экспертов к оценке качества образования."),
            Heading("Слушали"),
            *paragraphs(said.text("grounds")),
            Heading("Постановили"),
            Points(tuple(points)),
            Text(f"Голосовали: {votes}.", "left"),
        ),
        signers=(Signer("Председатель педагогического совета"),),
    )


def training(said: Said) -> Body:
    """Compose the minutes of the preparation of the staff."""
    blocks: list[Block] = [Heading("Рассмотрены вопросы"), *paragraphs(said.text("topics"))]
    if present := paragraphs(said.text("attendees")):
        blocks += [Heading("Присутствовали"), *present]
    return Body(tuple(blocks))


def reconciliation(said: Said) -> Body:
    """Compose the minutes of how the panel settled what it scored differently."""
    rows = [
        (row["item"], row["agreed_score"], row["reason"], row["dissent"] or "нет")
        for row in said.rows("scores")
    ]
    columns = "Критерий или задача|Оценка|Обоснование|Есть несогласие"
    blocks = (Heading("Согласованные оценки"), numbered(columns, (6, 3, 7, 4), rows))
    dissent = said.text("dissenters")
    end = Text(f"При особом мнении остались: {dissent}." if dissent else "Особых мнений нет.")
    return Body((*blocks, end))


def request(said: Said) -> Body:
    """Compose the request of the council."""
    return Body(paragraphs(said.text("text")), "Директору школы")


def staff_request(said: Said) -> Body:
    """Compose the request to the staff."""
    until = Text(f"Ответ просим дать до {long_date(said.fields['answer_by'])}")
    return Body((*paragraphs(said.text("text")), until), "Педагогическому коллективу")
