"""What a browser says of itself, in two words that its owner recognises."""

from typing import Final

from flask_babel import gettext as _

_BROWSERS: Final = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """
    Return «Firefox, Windows» for the name that a browser sends; browsers also name others.

    What is not known is called so, and never shown as it came: anybody can send anything.
    """
    found = [next((name for mark, name in known if mark in agent), "") for known in _KNOWN]
    return ", ".join(filter(None, found)) or _("неизвестное устройство")


_KNOWN: Final = (_BROWSERS, _SYSTEMS)
