"""Parallel joins that wait for a branch which nobody walks any more."""

from collections import defaultdict
from collections.abc import Iterator

from engine.errors import Finding
from engine.process.model import Definition, Flow, Kind
from engine.process.reach import forward
from engine.process.state import State, Token


def starving(definition: Definition, state: State) -> list[Finding]:
    """
    Return every flow into a waiting parallel join by which no token can arrive any more.

    Such a case is not yet dark while other branches work; it will be.
    """
    peers: defaultdict[int, list[Token]] = defaultdict(list)
    for token in state.tokens.values():
        peers[token.scope].append(token)
    waiting = {
        (token.scope, token.at)
        for token in state.tokens.values()
        if token.state == "join" and definition.nodes[token.at].kind is Kind.PARALLEL
    }
    return [
        Finding(at, f"ждёт ветвь «{flow.source}», по которой уже никто не придёт")
        for scope, at in sorted(waiting)
        for flow in _missing(definition, at, peers[scope])
    ]


def _missing(definition: Definition, at: str, peers: list[Token]) -> Iterator[Flow]:
    """Walk the flows into a join that have no token and can get none."""
    filled = {token.via for token in peers if token.at == at and token.state == "join"}
    others = [token.at for token in peers if token.at != at]
    seen = forward(definition.nodes, definition.bodies, others, without=at)
    for flow in definition.nodes[at].inflows:
        if flow.key not in filled and flow.source not in seen:
            yield flow
