"""How long a start takes: importing the package, asking for help, parsing the shipped edition; beside plain Python.

Every figure is the median of whole processes, the peers in turn in the same run.

    python benchmarks/bench_startup.py [--repeat 9] [SOURCE]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

COMMAND = Path(sys.executable).with_name("expert-roundup")


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def medians(commands: dict[str, list[str]], *, repeat: int) -> dict[str, float]:
    """Median seconds of each command; one unmeasured round first fills the caches of files and bytecode."""
    rounds = [{name: seconds(command) for name, command in commands.items()} for _ in range(repeat + 1)]
    return {name: statistics.median(r[name] for r in rounds[1:]) for name in commands}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", help="what to parse (default: the condensed edition)")
    parser.add_argument("--repeat", type=int, default=9, help="measured rounds (default 9)")
    args = parser.parse_args()
    source = args.source or str(Path(__file__).resolve().parent.parent / "data" / "condensed" / "roundup.md")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import argparse": [sys.executable, "-c", "import argparse"],
        "import pandas": [sys.executable, "-c", "import pandas"],
        "import expert_roundup": [sys.executable, "-c", "import expert_roundup"],
        "expert-roundup --help": [str(COMMAND), "--help"],
        "expert-roundup --version": [str(COMMAND), "--version"],
        "expert-roundup parse": [str(COMMAND), "parse", source, "--format", "json", "--quiet"],
    }
    found = medians(commands, repeat=args.repeat)
    print(f"{'whole process':<26}{'median':>10}{'over python':>14}{'beside pandas':>16}")
    for name, value in found.items():
        over = value - found["python -c pass"]
        print(f"{name:<26}{value * 1000:>7.0f} ms{over * 1000:>11.0f} ms{value / found['import pandas']:>15.2f}x")


if __name__ == "__main__":
    main()
