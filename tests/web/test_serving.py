"""The secret of an installation: made once, private, the same for all its processes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.settings import Settings
from web.serving import with_secret


def test_a_given_secret_is_taken(tmp_path: Path) -> None:
    """What the administrator sets is used, and nothing is written."""
    given = Settings(secret_key="given", data_dir=str(tmp_path / "none"))
    assert "given" == with_secret(given).secret_key
    assert not (tmp_path / "none").exists()


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    """The next start has the same one, and nobody else can read it."""
    settings = Settings(data_dir=str(tmp_path / "var"))
    first = with_secret(settings).secret_key
    assert 64 == len(first)
    assert first == with_secret(settings).secret_key
    kept = tmp_path / "var" / "secret.key"
    assert 0o600 == kept.stat().st_mode & 0o777
    assert [kept] == list(kept.parent.iterdir())


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    """Of many that find no secret one makes it, and all have that one, whole."""
    settings = Settings(data_dir=str(tmp_path))
    with ThreadPoolExecutor(16) as pool:
        secrets = {found.secret_key for found in pool.map(with_secret, [settings] * 64)}
    assert 1 == len(secrets)
    assert 64 == len(secrets.pop())


def test_each_installation_has_its_own(tmp_path: Path) -> None:
    """Two installations never share a secret."""
    one, other = (with_secret(Settings(data_dir=str(tmp_path / name))) for name in "ab")
    assert one.secret_key != other.secret_key
