"""What is built is complete: sdist, wheel, and the command in an environment of its own."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("curation", "generators", "schemas", "training")
SHIPPED = {".py", ".csv", ".html", ".jinja", ".json", ".md", ".txt", ".typed", ".yaml"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist, and a wheel made from that sdist."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", out, ROOT], check=True)
    return out


def sources() -> set[str]:
    """Every file that an installation must have, by its name in the wheel."""
    tops = {f"callwright/{room}": ROOT / room for room in ROOMS}
    tops["callwright"] = ROOT / "src" / "callwright"
    return {
        str(Path(name) / (Path(path) / file).relative_to(top))
        for name, top in tops.items()
        for path, _, files in os.walk(top)
        for file in files
        if Path(file).suffix in SHIPPED
    }


def test_the_wheel_has_every_module_and_data_file_and_nothing_else(built: Path):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == sources()


def test_the_sdist_has_the_licence_the_tests_and_the_examples(built: Path):
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    kept = ("tests/test_install.py", "examples/quickstart.yaml", "constraints.txt", "LICENSE")
    assert set(kept) - names == set()


def test_the_command_runs_from_an_empty_environment(built: Path, tmp_path: Path):
    venv.create(tmp_path / "venv", with_pip=True)
    command = tmp_path / "venv" / "bin"
    wheel = next(built.glob("*.whl"))
    install = [
        command / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "-c",
        ROOT / "constraints.txt",
    ]
    subprocess.run([*install, wheel], check=True)
    # Away from the repository, so that nothing is found by its working folder.
    run = subprocess.run(
        [command / "callwright", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "build" in run.stdout
