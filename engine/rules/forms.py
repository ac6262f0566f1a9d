"""
Forms: a schema in a subset of form-js JSON, read into fields and a check of their answers.

One schema serves the page, the check of what is sent in and the print.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import marshmallow as ma

from engine.errors import FormInvalid, FormRefused
from engine.rules.answers import answers_to, flat, with_computed
from engine.rules.coherence import incoherent
from engine.rules.fields import Field, Option, When, opened
from engine.rules.schemas import Schema, SchemaReader

__all__ = ["Field", "Form", "Option", "When", "check_form"]


@dataclass(frozen=True)
class Form:
    """
    A form, read once per version of a process.

    ``subject`` names the recorder of its answers (`engine.commands.subjects`), empty for none.
    """

    id: str
    title: str
    subject: str = ""
    fields: tuple[Field, ...] = ()

    @classmethod
    def parse(cls, raw: bytes) -> "Form":
        """
        Return the form of a schema.

        Raises:
            FormRefused: With every reason.
        """
        schema, problems = _read(raw)
        if problems:
            raise FormRefused(problems)
        return cls(schema.id, schema.title, schema.subject, schema.fields)

    @cached_property
    def inputs(self) -> tuple[Field, ...]:
        """Return the fields that ask something, those of groups included."""
        return tuple(opened(self.fields))

    @cached_property
    def answers(self) -> ma.Schema:
        """Return the schema that checks answers; made once, it keeps nothing between uses."""
        return answers_to(self.inputs)

    def load(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return checked answers: JSON values, without those left blank or not asked.

        What is computed is computed here, whatever was sent.

        Raises:
            FormInvalid: With Russian sentences by the path of the field.
        """
        try:
            checked = dict(self.answers.load(given))
        except ma.ValidationError as error:
            raise FormInvalid(flat(error.messages)) from error
        return with_computed(self.inputs, checked)

    def computed(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """Return answers as typed with what is computed of them; nothing is checked."""
        return with_computed(self.inputs, typed)

    def files(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, list[int]]]:
        """Yield the ids of the files in checked answers, by the path of their field."""
        for one in self.inputs:
            found = answers.get(one.key)
            if one.kind == "files" and found:
                yield one.key, found
            for column in (c for c in one.columns if c.kind == "files"):
                for number, row in enumerate(found or ()):
                    if row.get(column.key):
                        yield f"{one.key}.{number}.{column.key}", row[column.key]

    def takes_files(self, path: str) -> bool:
        """Tell whether a path is that of a field of files, ``list.0.file`` in a table."""
        key, _, rest = path.partition(".")
        one = next((each for each in self.inputs if each.key == key), None)
        if one is None or not rest:
            return one is not None and one.kind == "files"
        number, _, column = rest.partition(".")
        kinds = {each.key: each.kind for each in one.columns}
        return number.isdecimal() and kinds.get(column) == "files"

    @cached_property
    def has_files(self) -> bool:
        """Tell whether files can be attached anywhere in the form."""
        columns = (column for one in self.inputs for column in one.columns)
        return any(one.kind == "files" for one in (*self.inputs, *columns))

    def routing(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answers that the process routes by; one left blank is None."""
        return {one.key: answers.get(one.key) for one in self.inputs if one.routes}


def check_form(name: str, raw: bytes) -> list[str]:
    """Return every reason against a form, in Russian; its id must be the name of its file."""
    schema, problems = _read(raw)
    if not problems and schema.id != name:
        problems.append(f"id формы «{schema.id}», а файл называется «{name}».")
    return problems


def _read(raw: bytes) -> tuple[Schema, list[str]]:
    reader = SchemaReader()
    schema = reader.schema(raw)
    return schema, [*reader.problems, *incoherent(schema.fields)]
