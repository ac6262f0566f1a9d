"""A copy that can be published: what was said, not by whom."""

from engine.papers.content import Annex, Content, Heading, Signer, Text, numbered
from engine.papers.nameless import nameless

CONTENT = Content(
    kind="conclusion",
    number="1",
    dated_on="2026-09-01",
    title="Заключение",
    organisation="Школа",
    above="",
    place="",
    blocks=(
        Heading("Особое мнение: И.\u00a0О.\u00a0Орлов"),
        Text("Орлов Иван Олегович и Ким Анна согласны; Орлова — нет."),
        numbered("Кто", (1,), [("Ким Анна",)]),
    ),
    signers=(Signer("Эксперт", "И.\u00a0О.\u00a0Орлов"), Signer("Директор", "А. Б. Строгов")),
    supplements=(Annex("Мнение: А.\u00a0Ким", ()),),
)


def test_experts_are_numbered_and_others_stay() -> None:
    """In full and with initials, in titles, cells and annexes; their lines have no name."""
    made = nameless(CONTENT, ["Орлов Иван Олегович", "Ким Анна", "Ким"])
    heading, text, table = made.blocks
    assert Heading("Особое мнение: эксперт 1") == heading
    assert Text("эксперт 1 и эксперт 2 согласны; Орлова — нет.") == text
    assert (("1", "эксперт 2"),) == getattr(table, "rows", None)
    assert ("Мнение: эксперт 2",) == tuple(one.title for one in made.supplements)
    assert (Signer("Эксперт"), Signer("Директор", "А. Б. Строгов")) == made.signers


def test_without_a_panel_nothing_is_hidden() -> None:
    """There is nobody to hide."""
    assert CONTENT == nameless(CONTENT, [])
