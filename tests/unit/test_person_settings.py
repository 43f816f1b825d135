"""What a person writes into `.env` and the environment either counts or stops the start."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from chalicelib.config import SettingsError
from devstack import envfile, misspelt, settings
from devstack.settings import PROJECT

KNOWN = misspelt.known(PROJECT, settings.load)
OTHER_PROGRAMS = [
    "PATH",
    "HOME",
    "HOST",
    "HOSTNAME",
    "PORT0",
    "SHELL",
    "TERM",
    "LANG",
    "LC_ALL",
    "DOMAIN",
    "STATE",
    "STAGES",
    "MODEL_NAME",
    "MODEL_PROVIDER",
    "MODEL_ID",
    "MODEL_PATH",
    "API_KEY",
    "DATA_DIRS",
    "XDG_DATA_DIRS",
    "R2_BUCKET",
    "GS_BUCKET",
    "S3_BUCKETS",
    "BUCKET_NAME",
    "TABLE_NAMES",
    "DATABASE_URL",
    "DB_URL",
    "API_URL",
    "NEXT_PUBLIC_WS_URL",
    "ALLOWED_ORIGIN",
    "ALLOWED_HOSTS",
    "PROMPT_COMMAND",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_FUNCTION_NAME",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "HTTP_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "RATE_LIMIT",
    "GLOBAL_RATE_LIMIT",
    "DAILY_LIMIT",
    "SPEND_LIMIT",
    "PROMPT_MODEL",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "DOCKER_HOST",
    "KUBERNETES_SERVICE_PORT",
    "GITHUB_TOKEN",
    "CI",
    "EDITOR",
    "LOG_LEVEL",
    "RETENTION",
]


def env_file(folder: Path, content: bytes) -> Path:
    file = folder / ".env"
    file.write_bytes(content)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        envfile.read(file)
    return str(refused.value)


def test_every_way_to_write_a_setting_is_understood(tmp_path: Path) -> None:
    content = (
        '\ufeff# models\r\nexport A=1\r\n\r\n B = two words # why\nC="quo\'ted"\n'
        "D='x=y'\nE=\nF=sk-ab#c\nG=\"line\nbreak\"\nH=é"
    )
    assert envfile.read(env_file(tmp_path, content.encode())) == {
        "A": "1",
        "B": "two words",
        "C": "quo'ted",
        "D": "x=y",
        "E": "",
        "F": "sk-ab#c",
        "G": "line\nbreak",
        "H": "é",
    }


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b'\nDAILY_SPEND_LIMIT_USD="0.05\n', 2, "is not closed"),
        (b'A=1\nDAILY_SPEND_LIMIT_USD="0.05\nB="2"\n', 2, "is not closed"),
        (b'A="0.05\nB=2\nC="\n', 1, "not closed before the next setting"),
        (b"A='0.05\n", 1, "is not closed"),
        (b'A="1" 2\n', 1, "something follows"),
        (b"A=1\n\n# no\nGLOBAL_LIMIT 10\n", 4, "has no ="),
        (b"A=1\nGLOBAL_LIMIT\n", 2, "has no ="),
        (b"PORT: 8000\n", 1, "has no ="),
        (b"A=1\n=2\n", 2, "NAME=value"),
        (b"MODEL 1 NAME=x\n", 1, "NAME=value"),
        (b"A=1\nB=2\nC=caf\xe9\n", 3, "UTF-8"),
        ("A=1\n".encode("utf-16"), 1, "UTF-16"),
        ("A=1\n".encode("utf-16-be"), 1, "UTF-16"),
    ],
)
def test_a_broken_line_is_named_with_its_file(
    tmp_path: Path, content: bytes, line: int, why: str
) -> None:
    file = env_file(tmp_path, content)
    sentence = refusal(file)
    assert sentence.startswith(f"{file}, line {line}: ")
    assert why in sentence


def test_what_a_broken_line_holds_is_not_shown(tmp_path: Path) -> None:
    assert "sk-secret" not in refusal(env_file(tmp_path, b'MODEL_1_KEY="sk-secret\n'))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path} cannot be read: Is a directory."


def test_a_named_file_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV_FILE", "prod.env")
    with pytest.raises(SettingsError, match=r"prod\.env cannot be read: No such file"):
        settings.person_environment(tmp_path)


def complaint(in_file: Sequence[str], in_environment: Sequence[str]) -> str:
    """What is said of names that are set; nothing where all of them may be."""
    try:
        misspelt.check(in_file, in_environment, KNOWN)
    except SettingsError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DAILY_SPEND_LIMIT", "DAILY_SPEND_LIMIT_USD"),
        ("GLOBAL_LIMT", "GLOBAL_LIMIT"),
        ("MODEL_1_KYE", "MODEL_1_KEY"),
        ("MODLE_12_BASE_URL", "MODEL_12_BASE_URL"),
    ],
)
def test_a_name_that_is_nearly_a_setting_stops_the_start_wherever_it_is(
    name: str, meant: str
) -> None:
    for file, process in (([name], []), ([], [name])):
        assert complaint(file, process) == f"{name} is no setting; did you mean {meant}?"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DAILY_SPEND", "DAILY_SPEND_LIMIT_USD"),
        ("GLOBAL_LIMIT_PER_HOUR", "GLOBAL_LIMIT"),
        ("ALLOWED_ORIGIN", "ALLOWED_ORIGINS"),
        ("ip_limit", "IP_LIMIT"),
        ("IP_LIMTI", "IP_LIMIT"),
        ("MONTHLY_BUGDET", "MONTHLY_BUDGET"),
        ("DATADIR", "DATA_DIR"),
        ("MODEL_NAME", "MODEL_<i>_NAME"),
    ],
)
def test_the_projects_own_file_is_judged_more_strictly(name: str, meant: str) -> None:
    assert complaint([name], []) == f"{name} is no setting; did you mean {meant}?"


def test_each_misspelt_name_has_its_sentence() -> None:
    said = complaint(["DAILY_SPEND_LIMIT", "GLOBAL_LIMT"], ["GLOBAL_LIMT"])
    assert len(said.splitlines()) == 2


def test_other_programs_variables_are_left_alone() -> None:
    in_file = ["AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY", "NO_PROXY"]
    assert complaint(in_file, OTHER_PROGRAMS) == ""


def test_every_setting_is_known() -> None:
    names = [name.replace("<i>", "20") for name in KNOWN]
    assert complaint(names, names) == ""
    assert {"PORT", "ALARM_EMAIL", "ENV_FILE", "MODEL_<i>_PRICE_USD"} <= KNOWN
