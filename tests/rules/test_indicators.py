"""Indicators have a key for forms and a name for people."""

from engine.rules.indicators import Indicator, indicator, listed, source_label


def test_a_key_leads_back_to_its_indicator() -> None:
    """What a form sends back is the indicator that was offered."""
    one = Indicator("ege", "математика", "11", "mean")
    assert one == indicator(one.key)


def test_a_text_that_is_no_key_is_no_indicator() -> None:
    """A goal without an indicator has an empty text."""
    assert indicator("") is None
    assert indicator("a|b") is None


def test_a_label_is_read_by_people() -> None:
    """Source, subject, grade and measure; a grade that was not said is left out."""
    assert "ЕГЭ · химия · 11 · средний балл" == Indicator("ege", "химия", "11", "mean").label
    assert "ОГЭ · химия · качество знаний, %" == Indicator("oge", "химия", "", "quality").label


def test_a_source_that_is_not_printed_is_called_by_its_name() -> None:
    """A school may add its own to the setting."""
    assert "ВПР" == source_label("ВПР")


def test_a_setting_is_a_list_with_commas() -> None:
    """Blanks do not matter, nothing stands twice."""
    assert ["ege", "oge"] == listed(" ege,oge , ,ege")
