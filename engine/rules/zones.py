"""The time zones of Russia, as people call them."""

from collections.abc import Mapping
from typing import Final

ZONES: Final[Mapping[str, str]] = {
    "Europe/Kaliningrad": "Калининград (МСК−1)",
    "Europe/Moscow": "Москва (МСК)",
    "Europe/Samara": "Самара (МСК+1)",
    "Asia/Yekaterinburg": "Екатеринбург (МСК+2)",
    "Asia/Omsk": "Омск (МСК+3)",
    "Asia/Novosibirsk": "Новосибирск (МСК+4)",
    "Asia/Krasnoyarsk": "Красноярск (МСК+4)",
    "Asia/Irkutsk": "Иркутск (МСК+5)",
    "Asia/Yakutsk": "Якутск (МСК+6)",
    "Asia/Vladivostok": "Владивосток (МСК+7)",
    "Asia/Magadan": "Магадан (МСК+8)",
    "Asia/Kamchatka": "Камчатка (МСК+9)",
}
"""IANA zones with their names, from west to east."""


def zone_called(text: str) -> str:
    """Return the IANA zone that a text names, in either way or by its city; empty: none."""
    wanted = text.strip().casefold()
    for zone, name in ZONES.items():
        city = name.partition(" ")[0]
        if wanted in (zone.casefold(), name.casefold(), city.casefold()):
            return zone
    return ""
