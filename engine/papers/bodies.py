"""The text of a document, before it has a head and a number."""

from dataclasses import dataclass

from engine.papers.content import Annex, Block, Signer


@dataclass(frozen=True, slots=True)
class Body:
    """
    The text of a document.

    ``signers`` are those who sign with a pen besides who signs in the product; ``alone``: he
    does not stand among them.
    """

    blocks: tuple[Block, ...]
    addressee: str = ""
    signers: tuple[Signer, ...] = ()
    annexes: tuple[Annex, ...] = ()
    alone: bool = True
