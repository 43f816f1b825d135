"""Starting, stopping, being killed, and what is left afterwards."""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.figures import RecordFigure
from tests.support.product import (
    NotStarted,
    Product,
    descendants,
    running_product,
    start,
    wait_until,
)


def keep(product: Product, key: str) -> None:
    """Writes an item through the app."""
    requests.put(f"{product.api}/items/{key}", json={}, timeout=10).raise_for_status()


def kept(product: Product, key: str) -> bool:
    answer = requests.get(f"{product.api}/items/{key}", timeout=10)
    return bool(answer.json()["value"] == "kept")


def alive(pids: Iterable[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists() and not zombie(pid)]


def zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def refusal(data: Path, environment: Mapping[str, str], project: Path) -> NotStarted:
    with (
        pytest.raises(NotStarted) as refused,
        running_product(data, environment, project=project),
    ):
        pass
    return refused.value


def test_stopping_leaves_no_process_and_keeps_the_data(project: Path, tmp_path: Path) -> None:
    with running_product(tmp_path, project=project) as product:
        keep(product, "before")
        family = descendants(product.pid)
        assert len(family) >= 4
        product.stop()
        assert product.process.returncode == 0
        assert wait_until(lambda: not alive(family))
    with running_product(tmp_path, project=project) as product:
        assert kept(product, "before")


def test_a_kill_of_everything_loses_nothing_that_was_answered(
    project: Path, tmp_path: Path
) -> None:
    picture = {"Bucket": "pixel-prompt-local-images", "Key": "group-images/a/b.png"}
    with running_product(tmp_path, project=project) as product:
        product.aws("s3").put_object(**picture, Body=b"picture", ContentType="image/png")
        keep(product, "last")
        product.kill()
    with running_product(tmp_path, project=project) as product:
        assert kept(product, "last")
        answer = requests.get(f"{product.url}/group-images/a/b.png", timeout=10)
        assert (answer.content, answer.headers["Content-Type"]) == (b"picture", "image/png")
        product.aws("s3").delete_object(**picture)
        product.kill()
    with running_product(tmp_path, project=project) as product:
        assert requests.get(f"{product.url}/group-images/a/b.png", timeout=10).status_code == 404
    assert not [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]


def test_a_killed_engine_takes_its_processes_along_and_loses_nothing(
    project: Path, tmp_path: Path
) -> None:
    with running_product(tmp_path, project=project) as product:
        keep(product, "last")
        family = descendants(product.pid)
        os.kill(product.pid, signal.SIGKILL)
        with running_product(tmp_path, project=project) as successor:
            assert kept(successor, "last")
            assert wait_until(lambda: not alive(family))


def test_a_port_in_use_is_named_in_one_sentence(project: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused = refusal(tmp_path, {"PORT": port}, project)
    assert refused.status == 1
    assert f"Port {port} is in use" in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    ("setting", "value"),
    [("PORT", "eighty"), ("PORT", "70000"), ("SIMULATE", "maybe"), ("GLOBAL_LIMIT", "-1")],
)
def test_a_wrong_setting_stops_the_start_and_is_named(
    project: Path, tmp_path: Path, setting: str, value: str
) -> None:
    refused = refusal(tmp_path, {setting: value}, project)
    assert refused.status == 1
    sentence = refused.output.splitlines()[-1]
    assert sentence.startswith(setting)
    assert value in sentence
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            "DAILY_SPEND_LIMIT=5\nGLOBAL_LIMT=10\n",
            [
                "DAILY_SPEND_LIMIT is no setting; did you mean DAILY_SPEND_LIMIT_USD?",
                "GLOBAL_LIMT is no setting; did you mean GLOBAL_LIMIT?",
            ],
        ),
        (
            'PORT=0\nDAILY_SPEND_LIMIT_USD="0.05\n',
            ['{file}, line 2: the quote " is not closed, or something follows it.'],
        ),
    ],
)
def test_a_line_of_the_settings_file_that_would_count_for_nothing_stops_the_start(
    project: Path, tmp_path: Path, content: str, sentences: list[str]
) -> None:
    file = tmp_path / "settings.env"
    file.write_text(content)
    refused = refusal(tmp_path / "data", {"ENV_FILE": str(file)}, project)
    assert refused.status == 1
    assert refused.output.splitlines() == [line.format(file=file) for line in sentences]


def test_two_engines_never_share_a_directory(
    project: Path, tmp_path: Path, record_figure: RecordFigure
) -> None:
    with running_product(tmp_path, project=project) as product:
        refused = refusal(tmp_path, {}, project)
        assert refused.status == 1
        assert f"Another engine (process {product.pid}) uses {tmp_path}" in refused.output
    record_figure("R13", case="second engine", sentences=1)


def test_a_directory_that_cannot_be_written_is_named_in_one_sentence(
    project: Path, record_figure: RecordFigure
) -> None:
    # Nobody may change its mode, the administrator neither.
    refused = refusal(Path("/proc/self"), {}, project)
    assert refused.status == 1
    assert "DATA_DIR /proc/" in refused.output
    assert "cannot be made: Operation not permitted." in refused.output
    assert "Traceback" not in refused.output
    record_figure("R13", case="not writable", sentences=1)


def test_a_disk_that_is_full_at_the_start_is_told_in_one_sentence(
    project: Path, tmp_path: Path
) -> None:
    with running_product(tmp_path, project=project) as product:
        keep(product, "before")
    before = (tmp_path / "state" / "state.db").read_bytes()
    with full_disk():
        refused = refusal(tmp_path, {}, project)
    assert refused.status == 1
    assert refused.output.splitlines()[-1].startswith(f"{tmp_path} cannot be written;")
    assert "Traceback" not in refused.output
    assert (tmp_path / "state" / "state.db").read_bytes() == before
    with running_product(tmp_path, project=project) as product:
        assert kept(product, "before")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of a process that is started meanwhile may grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_app_that_cannot_be_imported_is_reported_without_a_traceback(
    project: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    (broken / ".chalice").mkdir(parents=True)
    for name in ("config.json", "resources.json"):
        (broken / ".chalice" / name).write_text((project / ".chalice" / name).read_text())
    (broken / "app.py").write_text("import nothing_of_the_kind\n")
    refused = refusal(tmp_path / "data", {}, broken)
    assert refused.status == 1
    assert "No module named 'nothing_of_the_kind'" in refused.output
    assert "Traceback" not in refused.output


def test_a_stop_in_the_middle_of_starting_leaves_nothing(project: Path, tmp_path: Path) -> None:
    process = start(tmp_path, {}, project)
    wait_until(lambda: (tmp_path / "emulator.log").exists())
    family = wait_until(lambda: descendants(process.pid))
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in output
    assert wait_until(lambda: not alive(family))


def test_nothing_listens_beyond_loopback(probe: Product) -> None:
    listening = listeners({probe.pid, *descendants(probe.pid)})
    assert len(listening) >= 5
    assert {address for address, _ in listening} <= {"127.0.0.1", "::1"}


def test_localhost_is_answered_on_both_families(probe: Product) -> None:
    port = int(probe.url.rpartition(":")[2])
    addresses = {address for address, its in listeners({probe.pid}) if its == port}
    assert addresses == {"127.0.0.1", "::1"}
    for address in addresses:
        with socket.create_connection((address, port), timeout=5) as connection:
            assert connection.getpeername()[1] == port


def listeners(pids: set[int]) -> list[tuple[str, int]]:
    """Address and port of every listening TCP socket of these processes (Linux)."""
    inodes = {inode for pid in pids for inode in socket_inodes(pid)}
    found = []
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.append(decoded(fields[1], family))
    return found


def socket_inodes(pid: int) -> list[str]:
    links = []
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(os.readlink(fd))
        except OSError:
            continue
    return [link[8:-1] for link in links if link.startswith("socket:[")]


def decoded(field: str, family: socket.AddressFamily) -> tuple[str, int]:
    """`/proc/net/tcp` writes each 32-bit word of an address in host order."""
    address, _, port = field.partition(":")
    words = [bytes.fromhex(address[i : i + 8])[::-1] for i in range(0, len(address), 8)]
    return socket.inet_ntop(family, b"".join(words)), int(port, 16)


def test_the_engines_environment_never_reaches_the_emulator(project: Path, tmp_path: Path) -> None:
    canary = {"MODEL_COUNT": "1", "MODEL_1_NAME": "GPT Image 2", "MODEL_1_KEY": "sk-canary-7f3a"}
    with running_product(tmp_path, {**canary, "SIMULATE": "1"}, project=project) as product:
        for pid in descendants(product.pid):
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            assert b"sk-canary-7f3a" not in environment
    assert not list(leaks(tmp_path, b"sk-canary-7f3a"))


def leaks(directory: Path, secret: bytes) -> list[Path]:
    return [f for f in directory.rglob("*") if f.is_file() and secret in f.read_bytes()]


def test_a_project_without_resources_is_refused_in_one_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = refusal(tmp_path / "data", {}, empty)
    assert refused.status == 1
    assert "resources.json cannot be read" in refused.output


def test_scheduled_functions_run_again_and_again(project: Path, tmp_path: Path) -> None:
    with running_product(tmp_path, {"ENGINE_SCHEDULE_SECONDS": "0.2"}, project=project) as product:
        table, key = product.aws("dynamodb"), {"pk": {"S": "tick"}, "sk": {"S": "last"}}
        for _ in range(2):
            item = wait_until(
                lambda: table.get_item(TableName="pixel-prompt-local", Key=key).get("Item")
            )
            assert item["value"] == {"S": "Scheduled Event"}
            table.delete_item(TableName="pixel-prompt-local", Key=key)


def test_settings_come_from_the_env_file_and_the_environment_wins(
    project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "settings"
    file.write_text("GLOBAL_LIMIT=-1\n")
    data = tmp_path / "data"
    refused = refusal(data, {"ENV_FILE": str(file)}, project)
    assert refused.output.splitlines()[-1].startswith("GLOBAL_LIMIT is '-1'")
    with running_product(
        data, {"ENV_FILE": str(file), "GLOBAL_LIMIT": "10"}, project=project
    ) as product:
        assert requests.get(product.url, timeout=10).ok
