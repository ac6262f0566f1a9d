"""Numbers as people write them."""

import pytest

from engine.rules.numbers import number_of, written


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7.0, "7"),
        (2.67, "2,67"),
        (0.1 + 0.2, "0,3"),
        (1500000.5, "1500000,5"),
        (10**12, "1" + "0" * 12),
    ],
)
def test_a_number_is_written_with_a_comma_and_read_again(number: float, text: str) -> None:
    """A million stays a million: no powers of ten."""
    assert text == written(number)
    assert pytest.approx(number) == number_of(text)
