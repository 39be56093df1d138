"""A training that `accelerate launch` starts: FOLDER, options of the section as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import trainees
from accelerate import PartialState

from callwright.training.fit import fit

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    fitted = fit(
        trainees.model(),
        trainees.Tokenizer,
        trainees.section(**json.loads(sys.argv[2])),
        trainees.samples(22),
        trainees.samples(7, seed=1),
        folder,
        seed=3,
    )
    if PartialState().is_main_process:
        told = {
            "losses": [loss for _, loss in (*fitted.losses, *fitted.validation)],
            "tokens": fitted.tokens,
            "processes": PartialState().num_processes,
        }
        (folder / "fitted.json").write_text(json.dumps(told))
