"""What is asked depends on the answers, for the page and for the check alike."""

from hypothesis import given
from hypothesis import strategies as st

from engine.rules.fields import Field, When
from engine.rules.shown import asked_only, is_shown

KIND = Field("kind", "radio", "Вид")
WHY = Field("why", "textarea", "Почему", when=When("kind", ("other",)))
PROOF = Field("proof", "textfield", "Чем", when=When("why", filled=True))
FIELDS = (KIND, WHY, PROOF)


def test_a_field_is_asked_for_certain_answers() -> None:
    """Only while the other one has them."""
    assert (True, False) == tuple(is_shown(WHY, FIELDS, {"kind": k}) for k in ("other", "same"))


def test_a_field_may_wait_until_another_is_filled() -> None:
    """Blanks are nothing."""
    given = {"kind": "other", "why": "  "}
    assert not is_shown(PROOF, FIELDS, given)
    assert is_shown(PROOF, FIELDS, {**given, "why": "так"})


def test_what_depends_on_a_hidden_field_is_hidden() -> None:
    """Text that stayed in a field which is not asked any more asks nothing further."""
    assert {"kind": "same"} == asked_only(
        FIELDS, {"kind": "same", "why": "осталось", "proof": "осталось"}
    )


@given(
    st.dictionaries(st.sampled_from(["kind", "why", "proof"]), st.sampled_from(["other", "x", ""]))
)
def test_leaving_out_leaves_nothing_to_leave_out(data: dict[str, str]) -> None:
    """What is kept is asked, also after the rest is gone."""
    kept = asked_only(FIELDS, data)
    assert kept == asked_only(FIELDS, kept)
