"""`make words`: renew the catalogues and say what is left to translate or to mark."""

import sys

from web.translations.catalogues import OTHERS, renew
from web.translations.sources import unmarked


def main() -> None:
    """Renew every language."""
    for place in unmarked():
        sys.stdout.write(f"не размечено: {place}\n")
    for language in OTHERS:
        left = renew(language)
        sys.stdout.writelines(f"{language}: нет перевода: {text}\n" for text in left)
        sys.stdout.write(f"{language}: осталось перевести {len(left)}\n")


if __name__ == "__main__":
    main()
