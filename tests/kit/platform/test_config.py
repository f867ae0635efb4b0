"""Settings: an unknown name or an unsafe value stops the start with a sentence."""

import stat
from pathlib import Path

import pytest

from jobfair import config


def _refused(home: Path, **given: str) -> str:
    with pytest.raises(config.SettingError) as refusal:
        config.load({"JOBFAIR_HOME": str(home), **given})
    return str(refusal.value)


def test_nothing_set_is_a_safe_start(tmp_path: Path) -> None:
    found = config.load({"JOBFAIR_HOME": str(tmp_path / "new")})
    assert found.environment == "production"
    assert found.database_url == f"sqlite:///{tmp_path / 'new' / 'jobfair.db'}"
    assert len(found.secret_key) >= 32
    assert found.secret_key not in repr(found)
    secret = tmp_path / "new" / "keys" / "secret.key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert config.load({"JOBFAIR_HOME": str(tmp_path / "new")}).secret_key == found.secret_key


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    said = _refused(tmp_path, JOBFAIR_DATABSE_URL="sqlite:///x")
    assert said.startswith("JOBFAIR_DATABSE_URL is not a setting of Jobfair; unset it.")
    assert "JOBFAIR_DATABASE_URL" in said


def test_a_short_secret_is_refused_without_being_repeated(tmp_path: Path) -> None:
    said = _refused(tmp_path, JOBFAIR_SECRET_KEY="hunter2")  # noqa: S106 - a bad one
    assert "at least 32 random characters" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("url", ["mysql://host/x", "jobfair.db", "sqlite:relative"])
def test_another_kind_of_database_is_refused(tmp_path: Path, url: str) -> None:
    assert "must start with sqlite:/// or postgresql://" in _refused(
        tmp_path, JOBFAIR_DATABASE_URL=url
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_urls_name_their_driver(tmp_path: Path, scheme: str) -> None:
    found = config.load(
        {"JOBFAIR_HOME": str(tmp_path), "JOBFAIR_DATABASE_URL": f"{scheme}://me@host/jobs"}
    )
    assert found.database_url == "postgresql+psycopg://me@host/jobs"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "八千"),
        ("PORT", "\uff18\uff10"),
        ("JOBFAIR_UPLOAD_MB", "-1"),
        ("JOBFAIR_SESSION_MINUTES", "4"),
        ("JOBFAIR_HTTPS", "true"),
        ("JOBFAIR_ENV", "staging"),
        ("JOBFAIR_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_out_of_range_is_refused(tmp_path: Path, name: str, value: str) -> None:
    said = _refused(tmp_path, **{name: value})
    assert said.startswith(f"{name} is {value!r}; set ")


def test_a_demonstration_home_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "DEMO").touch()
    assert config.load({"JOBFAIR_HOME": str(tmp_path)}).demo


def test_production_refuses_a_demonstration_home(tmp_path: Path) -> None:
    (tmp_path / "DEMO").touch()
    said = _refused(tmp_path, JOBFAIR_ENV="production")
    assert "demonstration home with published keys; set JOBFAIR_HOME to a new folder." in said


def test_production_refuses_a_demonstration_home_even_with_a_secret(tmp_path: Path) -> None:
    (tmp_path / "DEMO").touch()
    said = _refused(tmp_path, JOBFAIR_ENV="production", JOBFAIR_SECRET_KEY="s" * 40)
    assert "demonstration home" in said


@pytest.mark.parametrize(
    "address", ["jobs.example.org", "ftp://jobs.example.org", "https://jobs.example.org/fairs"]
)
def test_an_address_that_leads_nowhere_is_refused(tmp_path: Path, address: str) -> None:
    assert "without a path" in _refused(tmp_path, JOBFAIR_ADDRESS=address)
    kept = config.load({"JOBFAIR_HOME": str(tmp_path), "JOBFAIR_ADDRESS": "https://a.example:81/"})
    assert kept.address == "https://a.example:81"
