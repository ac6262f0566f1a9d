"""The text of a document by what its form is about: the registry of those who compose it."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.papers.content import Annex, Block, Signer
from engine.papers.said import Said


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


Composer = Callable[[Said], Body]

COMPOSERS: dict[str, Composer] = {}


def composes(subject: str) -> Callable[[Composer], Composer]:
    """Register who composes the document of a subject."""

    def register(composer: Composer) -> Composer:
        COMPOSERS[subject] = composer
        return composer

    return register


def body_of(said: Said) -> Body:
    """Return the text of a document; a subject that nobody composes is printed field by field."""
    composer = COMPOSERS.get(said.form.subject)
    return composer(said) if composer else Body(said.blocks())
