"""The stored form, its upgrades, and what is visible where."""

import pytest

from engine.errors import StateUnknown
from engine.process import state as module
from engine.process.state import Scope, State, Token, Wait, dump, load


def some() -> State:
    """Return a state with every kind of row."""
    return State(
        "p",
        "running",
        5,
        {2: Token(2, "s", 1, "inside"), 4: Token(4, "u", 3, "open", "f", 0, {"item": "x"})},
        {1: Scope(1, "p", "process", vars={"балл": 5}), 3: Scope(3, "s", "loop", 2, total=1)},
        {5: Wait(5, 2, "b", 0, "timer", due=1_756_717_200_000, left=-1)},
    )


def test_what_is_stored_is_what_is_loaded() -> None:
    """Bytes and text alike."""
    assert some() == load(dump(some()))
    assert some() == load(dump(some()).decode())


def test_a_row_is_one_flat_array() -> None:
    """The format number comes first; rows carry no names."""
    stored = dump(some()).decode()
    assert stored.startswith('[1,"p","running",5,[[2,"s",1,"inside","",-1,{}],')


def test_an_unknown_format_is_refused() -> None:
    """A state from a later release is not guessed at."""
    with pytest.raises(StateUnknown):
        load(b'[99,"p","running",0,[],[],[]]')


def test_older_formats_are_upgraded_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each upgrade is a pure function from one format to the next."""
    upgrades = {
        -1: lambda rows: [0, *rows[1:], []],
        0: lambda rows: [1, *rows[1:]],
    }
    monkeypatch.setattr(module, "_UPGRADES", upgrades)
    assert State("p", "running", 7) == load(b'[-1,"p","running",7,[],[]]')


@pytest.mark.parametrize(
    ("release", "stored"),
    [
        (
            1,
            b'[1,"p","running",2,[[2,"u",1,"open","f1",-1,{}]],[[1,"p","process",0,{"x":1},0,1,0,0,[],[],[],[]]],[]]',
        )
    ],
)
def test_states_of_every_released_format_are_read(release: int, stored: bytes) -> None:
    """Stored states of each format are kept here for good."""
    state = load(stored)
    assert ({"x": 1}, "u") == (state.variables, state.tokens[2].at)
    assert release == module.FORMAT or dump(state) != stored


def test_names_are_seen_from_the_inside_out() -> None:
    """Instance, loop, case; a token without locals sees its scope."""
    assert {"item": "x", "балл": 5} == some().names(4)
    assert {"балл": 5} == some().names(2) == some().variables


def test_a_case_that_is_over_has_no_variables() -> None:
    """They went out with the effect `ended`."""
    assert {} == State().variables
