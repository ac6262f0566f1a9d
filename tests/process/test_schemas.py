"""Messages of the schemas of BPMN and DMN become Russian sentences."""

import pytest

from engine.process.schemas import translated

SPACE = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            f"Element '{SPACE}task': This element is not expected. Expected is one of ( {SPACE}flowNode, ##other{{x}}* ).",
            "«task» здесь не ожидается, а бывает: flowNode, ##other*",
        ),
        (f"Element '{SPACE}task': This element is not expected.", "«task» здесь не ожидается"),
        (
            f"Element '{SPACE}rule': Missing child element(s). Expected is ( {SPACE}outputEntry ).",
            "в «rule» не хватает вложенного элемента, а бывает: outputEntry",
        ),
        (
            f"Element '{SPACE}process': The attribute 'id' is required but missing.",
            "у «process» нет обязательного атрибута «id»",
        ),
        (
            f"Element '{SPACE}process', attribute 'color': The attribute 'color' is not allowed.",
            "атрибута «color» у «process» не бывает",
        ),
        (
            f"Element '{SPACE}process', attribute 'id': 'a b' is not a valid value of the atomic type 'xs:ID'.",
            "у «process» атрибут «id» не может быть «a b»",
        ),
        (
            f"Element '{SPACE}flowNodeRef': 'a b' is not a valid value of the atomic type 'xs:QName'.",
            "в «flowNodeRef» не может стоять «a b»",
        ),
        (
            f"Element '{SPACE}text': Element content is not allowed, because the type definition is simple.",
            "в «text» не бывает вложенных элементов",
        ),
        (
            f"Element '{SPACE}process': Character content other than whitespace is not allowed because the content type is 'element-only'.",
            "в «process» не должно быть текста",
        ),
    ],
)
def test_a_message_of_a_schema_is_translated(message: str, said: str) -> None:
    """Element, attribute and value stay; what is wrong with them is said in Russian."""
    assert f"Файл не по схеме: {said}." == translated(message)


def test_another_message_is_quoted() -> None:
    """What the library says otherwise is told as it is."""
    said = translated("Duplicate process ID: p. ")
    assert "Библиотека не приняла файл: Duplicate process ID: p." == said
