"""How far the probabilities of a reconstruction can be trusted: 200 synthetic rounds of each of two kinds.

    python benchmarks/bench_calibration.py            print the curves, and whether data/calibration.csv holds them
    python benchmarks/bench_calibration.py --write    write data/calibration.csv

The file is the same, byte for byte, whenever it is written (seed 0). Notebook 03 reads it.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from expert_roundup.coding.reconstruction import calibration_sentence, calibration_study, is_on_diagonal
from expert_roundup.output.files import save_text
from expert_roundup.output.tables import frame_to_csv, frame_to_text

TARGET = Path(__file__).resolve().parent.parent / "data" / "calibration.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="rounds of each kind (default 200)")
    parser.add_argument("--write", action="store_true", help="write data/calibration.csv")
    args = parser.parse_args()
    begin = time.perf_counter()
    study = calibration_study(n_rounds=args.rounds, progress=True)
    print(frame_to_text(study))
    for rounds in study["rounds"].unique():
        print(calibration_sentence(study, rounds=rounds))
    print(f"Own model: every bin's stated mean lies in its binomial interval: {is_on_diagonal(study)}")
    print(f"{2 * args.rounds} rounds in {time.perf_counter() - begin:.0f} s")
    text = frame_to_csv(study)
    if args.write:
        print(f"written: {save_text(TARGET, text, overwrite=True).name}")
    elif TARGET.exists():
        print(f"data/calibration.csv holds the same bytes: {TARGET.read_text(encoding='utf-8') == text}")


if __name__ == "__main__":
    main()
