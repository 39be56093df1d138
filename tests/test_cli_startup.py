"""`callwright --help` comes at once: command groups and heavy modules load when they are used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HELP = "import sys; sys.argv = ['callwright', '--help']; from callwright.cli import main; main()"
BARE = """
import sys
import typer
sys.argv = ["bare", "--help"]
app = typer.Typer()
@app.command()
def one(name: str, loud: bool = False) -> None: "Say a name."
@app.command()
def two(name: str) -> None: "Say another."
app()
"""
LOADED = """
import json, sys
sys.argv = ["callwright", "--help"]
from callwright.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("\\n" + json.dumps(sorted(sys.modules)))
"""
HEAVY = {
    "argilla",
    "datasets",
    "matplotlib",
    "networkx",
    "numpy",
    "pandas",
    "peft",
    "polars",
    "pyarrow",
    "scipy",
    "torch",
    "transformers",
}


def cpu_seconds(code: str, environment: dict[str, str]) -> float:
    """Processor time of one run; unlike the clock's it does not grow with what runs beside it."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, code
    return usage.ru_utime + usage.ru_stime


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="asks a Unix for processor time")
def test_help_costs_at_most_twice_what_a_bare_typer_program_costs(tmp_path: Path):
    # Both read bytecode from one fresh cache, which the first, uncounted run of each fills.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    costs: dict[str, list[float]] = {HELP: [], BARE: []}
    for _ in range(6):
        for code, taken in costs.items():
            taken.append(cpu_seconds(code, environment))
    ours, bare = min(costs[HELP][1:]), min(costs[BARE][1:])
    assert ours <= 2 * bare, f"callwright --help: {ours:.3f} s, bare typer: {bare:.3f} s"


def test_help_loads_no_heavy_module():
    run = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    loaded = set(json.loads(run.stdout.splitlines()[-1]))
    assert loaded & HEAVY == set()
