"""The columns of criteria and of checklists with evidence, which a schema need not write out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from engine.rules.fields import Field, Option, Style, When

ITEM: Final = "item"
"""The column that says what a row is about."""
VERDICTS: Final = (
    Option("yes", "есть"),
    Option("partly", "частично"),
    Option("no", "нет"),
    Option("na", "не применимо"),
)
_LACKING: Final = When("verdict", ("partly", "no"))


def ready_columns(
    style: Style, scale: Sequence[Option], rows: str, items: Sequence[Option]
) -> tuple[Field, ...]:
    """
    Return the columns of a table of a style.

    Args:
        style: Of the table.
        scale: The marks of its criteria.
        rows: The list of the host that its rows come from.
        items: What its rows are about, when the schema says it.
    """
    subject = Field(
        ITEM,
        "select",
        "Критерий" if style == "criteria" else "Пункт",
        required=True,
        options=tuple(items),
        choices=rows,
        readonly=True,
    )
    return (subject, *_MORE[style](tuple(scale)))


def _criteria(scale: tuple[Option, ...]) -> tuple[Field, ...]:
    return (
        Field("score", "radio", "Оценка", required=True, options=scale),
        Field("comment", "textarea", "Пояснение"),
        Field("evidence", "textarea", "Чем подтверждается"),
    )


def _evidence(_scale: tuple[Option, ...]) -> tuple[Field, ...]:
    return (
        Field("verdict", "radio", "Есть?", required=True, options=VERDICTS),
        Field("link", "textfield", "Ссылка", "Адрес страницы, где это видно", link=True),
        Field(
            "seen_on",
            "date",
            "Когда видели страницу",
            required=True,
            when=When("link", filled=True),
        ),
        Field("file", "files", "Файл", maximum=5),
        Field("remark", "textarea", "Замечание", required=True, when=_LACKING),
        Field("recheck_on", "date", "Когда проверить снова", when=_LACKING),
    )


_MORE: Final[Mapping[Style, Callable[[tuple[Option, ...]], tuple[Field, ...]]]] = {
    "criteria": _criteria,
    "evidence": _evidence,
}
