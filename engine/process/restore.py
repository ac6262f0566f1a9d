"""An earlier state of a case made the present one again."""

from msgspec.structs import replace

from engine.process.model import PEOPLE, Definition, Kind
from engine.process.orders import Effect, Language
from engine.process.state import State


def renumbered(state: State, above: int) -> State:
    """
    Return the state with every number raised by `above`.

    A number is never given twice: what the restored case opens are new tasks, and a late click
    on one of the old ones finds nothing.
    """
    return State(
        state.process,
        state.status,
        state.serial + above,
        {
            t.id + above: replace(t, id=t.id + above, scope=t.scope + above)
            for t in state.tokens.values()
        },
        {
            s.id + above: replace(s, id=s.id + above, owner=s.owner + above if s.owner else 0)
            for s in state.scopes.values()
        },
        {
            w.id + above: replace(w, id=w.id + above, owner=w.owner + above)
            for w in state.waits.values()
        },
    )


def reopened(definition: Definition, state: State, language: Language) -> list[Effect]:
    """Return the effects that open the work of people and services anew."""
    effects = []
    for token in state.tokens.values():
        node = definition.nodes[token.at]
        if token.state == "open" and node.kind in PEOPLE:
            effects.append(Effect("open", node.key, token.id, node.name))
        elif token.state == "open" and node.kind is Kind.SERVICE:
            names = state.names(token.id)
            data = {name: language.evaluate(text, names) for name, text in node.inputs}
            effects.append(Effect("call", node.key, token.id, node.text, data))
    return effects
