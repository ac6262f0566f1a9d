"""
Which files people may attach: by their name and by what is really in them.

A name promises a kind; the content must keep it. What a browser says of a file is not believed.
"""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import puremagic

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of one file."""
LONGEST_NAME: Final = 150
_HEAD: Final = 4096


@dataclass(frozen=True, slots=True)
class FileKind:
    """
    A kind of file.

    ``media_type`` is what it is sent as; ``inline``: a browser may show it as it is, since no
    script can be in it.
    """

    media_type: str
    fits: Callable[[bytes], bool]
    inline: bool = False


# contents ---------------------------------------------------------------------------------------


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(heads)


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in (
        b"heic",
        b"heix",
        b"mif1",
        b"msf1",
        b"hevc",
    )


def _is_text(content: bytes) -> bool:
    """Tell whether it reads as text; Russian text of old is in code page 1251."""
    if b"\0" in content or content.startswith((b"MZ", b"\x7fELF", b"PK\x03\x04")):
        return False
    for encoding in ("utf-8", "cp1251"):
        with suppress(UnicodeDecodeError):
            content.decode(encoding)
            return True
    return False


def _parts(content: bytes) -> frozenset[str]:
    """Return the names inside an archive, none if it is broken; nothing is unpacked."""
    with suppress(zipfile.BadZipFile, ValueError, NotImplementedError):
        return frozenset(zipfile.ZipFile(io.BytesIO(content)).namelist())
    return frozenset()


def _office(part: str) -> Callable[[bytes], bool]:
    """Return a check for a document of Microsoft Office without macros."""
    return lambda content: (
        part in (names := _parts(content))
        and not any(name.endswith("vbaProject.bin") for name in names)
    )


def _open_document(kind: bytes) -> Callable[[bytes], bool]:
    """Return a check for an OpenDocument: its kind stands uncompressed at the beginning."""
    mark = b"mimetypeapplication/vnd.oasis.opendocument." + kind
    return lambda content: mark in content[:200] and "content.xml" in _parts(content)


def _old_office(stream: str) -> Callable[[bytes], bool]:
    """Return a check for a document of the old Office: the name of its stream is in its directory."""
    name = stream.encode("utf-16-le")
    return lambda content: content.startswith(b"\xd0\xcf\x11\xe0") and name in content


def _is_plain_archive(content: bytes) -> bool:
    names = _parts(content)
    return bool(names) and not any(_ending(name).lower() in _RUNS for name in names)


_RUNS: Final = frozenset(
    {".exe", ".dll", ".bat", ".cmd", ".com", ".scr", ".js", ".vbs", ".msi", ".ps1", ".jar", ".lnk"}
)
_WORD: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_JPEG: Final = FileKind("image/jpeg", _starts(b"\xff\xd8\xff"), inline=True)
_PNG: Final = FileKind("image/png", _starts(b"\x89PNG\r\n\x1a\n"), inline=True)

KINDS: Final[Mapping[str, FileKind]] = {
    ".pdf": FileKind("application/pdf", _starts(b"%PDF"), inline=True),
    ".docx": FileKind(f"{_WORD}.wordprocessingml.document", _office("word/document.xml")),
    ".xlsx": FileKind(f"{_WORD}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    ".pptx": FileKind(f"{_WORD}.presentationml.presentation", _office("ppt/presentation.xml")),
    ".odt": FileKind(f"{_OPEN}.text", _open_document(b"text")),
    ".ods": FileKind(f"{_OPEN}.spreadsheet", _open_document(b"spreadsheet")),
    ".odp": FileKind(f"{_OPEN}.presentation", _open_document(b"presentation")),
    ".doc": FileKind("application/msword", _old_office("WordDocument")),
    ".xls": FileKind("application/vnd.ms-excel", _old_office("Workbook")),
    ".ppt": FileKind("application/vnd.ms-powerpoint", _old_office("PowerPoint Document")),
    ".rtf": FileKind("application/rtf", _starts(b"{\\rtf")),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": _PNG,
    ".heic": FileKind("image/heic", _is_heic),
    ".txt": FileKind("text/plain", _is_text),
    ".csv": FileKind("text/csv", _is_text),
    ".zip": FileKind("application/zip", _is_plain_archive),
}
"""By the end of the name."""
_NAMED: Final = "PDF, Word, Excel, PowerPoint, OpenDocument, JPG, PNG, HEIC, TXT, ZIP"


# names ------------------------------------------------------------------------------------------


def file_name(given: str) -> str:
    """
    Return the name of a file as it is kept: its last part, on one line, and not too long.

    Signs that are not seen, such as those that turn the direction of writing, are left out:
    with them «gnp.exe» is made to read as something else.
    """
    last = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    name = " ".join(seen.split()).strip(". ") or "файл"
    suffix = _ending(name)[:10]
    return f"{name.removesuffix(suffix)[: LONGEST_NAME - len(suffix)].rstrip()}{suffix}"


def _ending(name: str) -> str:
    """Return what follows the last dot of a name, with the dot."""
    head, dot, ending = name.rpartition(".")
    return f"{dot}{ending}" if head and ending else ""


def refusal_of(name: str, content: bytes) -> str:
    """Return why a file cannot be attached, in Russian; empty when it can."""
    if not content:
        return "он пуст"
    if len(content) > LARGEST:
        return f"он больше {LARGEST // 1024 // 1024}\u00a0МБ"
    suffix = _ending(name).lower()
    kind = KINDS.get(suffix)
    if kind is None:
        return f"файлы «{suffix or name}» не принимаются, а принимаются {_NAMED}"
    if _is_image(suffix) and any(one.fits(content) for one in (_JPEG, _PNG)):
        return ""
    if not kind.fits(content):
        return f"по содержанию это не {suffix[1:].upper()}{_really(content)}"
    return ""


def kind_of(name: str, content: bytes) -> FileKind | None:
    """Return the kind of a file by its content, None for one that was never let in."""
    suffix = _ending(name).lower()
    images = (_JPEG, _PNG) if _is_image(suffix) else ()
    kinds = [one for one in (*images, KINDS.get(suffix)) if one and one.fits(content)]
    return next(iter(kinds), None)


def _is_image(suffix: str) -> bool:
    """Tell whether a name promises a picture: telephones mix up which kind of one."""
    return suffix in (".jpg", ".jpeg", ".png", ".heic")


def _really(content: bytes) -> str:
    """Return what a file seems to be instead, if anybody knows."""
    with suppress(puremagic.PureError, ValueError):
        found = puremagic.magic_string(content[:_HEAD])
        names = [str(one.extension).strip(".") for one in found if one.extension]
        return f", а {names[0].upper()}" if names else ""
    return ""
