"""What an installation may set."""

from dataclasses import fields

import pytest

from engine.settings import SettingRefused, Settings


def test_nothing_set_is_the_small_installation() -> None:
    """One file in var/, no mail, the loopback address."""
    settings = Settings.from_environment({})
    assert Settings() == settings
    assert "sqlite:///var/tsikl.db" == settings.database_url
    assert "" == settings.smtp_host
    assert "127.0.0.1" == settings.host


def test_each_setting_is_read_from_its_variable() -> None:
    """TSIKL_ and the name in capitals, in the kind that the default has."""
    given = {
        "TSIKL_DATABASE_URL": "postgresql+psycopg://somewhere/tsikl",
        "TSIKL_SMTP_PORT": "25",
        "TSIKL_SECURE_COOKIES": "yes",
        "TSIKL_UNKNOWN": "ignored",
    }
    settings = Settings.from_environment(given)
    assert ("postgresql+psycopg://somewhere/tsikl", 25, True) == (
        settings.database_url,
        settings.smtp_port,
        settings.secure_cookies,
    )


def test_host_and_port_are_also_read_without_the_prefix() -> None:
    """Hosting services set PORT; our own name wins."""
    assert 9000 == Settings.from_environment({"PORT": "9000"}).port
    both = {"PORT": "9000", "TSIKL_PORT": "9001", "HOST": "0.0.0.0"}  # noqa: S104
    settings = Settings.from_environment(both)
    assert (9001, "0.0.0.0") == (settings.port, settings.host)  # noqa: S104


@pytest.mark.parametrize("text", ["on", "1", "true", "YES"])
def test_a_switch_is_on(text: str) -> None:
    """Common ways of saying so, in any case."""
    assert Settings.from_environment({"TSIKL_SECURE_COOKIES": text}).secure_cookies


@pytest.mark.parametrize("text", ["off", "0", "false", "No", ""])
def test_a_switch_is_off(text: str) -> None:
    """Common ways of saying so; nothing said is off too."""
    assert not Settings.from_environment({"TSIKL_SECURE_COOKIES": text}).secure_cookies


@pytest.mark.parametrize(
    ("name", "text"),
    [("TSIKL_PORT", "eighty"), ("TSIKL_PORT", "-1"), ("TSIKL_SECURE_COOKIES", "maybe")],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, text: str) -> None:
    """The program does not start with a setting other than the one meant."""
    with pytest.raises(SettingRefused, match=name):
        Settings.from_environment({name: text})


def test_every_setting_has_a_kind_that_can_be_read() -> None:
    """A text, a number or a switch."""
    assert {str, int, bool} >= {type(field.default) for field in fields(Settings)}
