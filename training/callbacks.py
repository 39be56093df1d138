"""What watches a training. It needs transformers when it is imported, so others import it late."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack
from types import FrameType
from typing import Any, Self

from transformers import TrainerCallback

from callwright.training.gather import Progress
from callwright.training.log import EVAL, Log
from callwright.training.validation import Exam


class Watch(TrainerCallback):  # type: ignore[misc]  # transformers is Any to mypy
    """Writes the log, examines the model, tells the progress, and leaves a checkpoint on Ctrl-C.

    Use it as a context manager around the training.

    Args:
        log: where figures go.
        exam: is taken at each validation; None: only the loss is.
        progress: is told every step.
        validates: is there a validation set? Then it is used after the last step, too.
    """

    def __init__(
        self, log: Log | None, exam: Exam | None, progress: Progress, *, validates: bool
    ) -> None:
        self._log, self._exam, self._progress = log, exam, progress
        self._validates = validates
        self._interrupted = self._examining = False
        self._note = ""
        self._tokens, self._busy, self._begun = 0, 0.0, 0.0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        # Only the main thread may say what a signal does.
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGINT, self._interrupt)
            self._stack.callback(signal.signal, signal.SIGINT, before)
        if self._log is not None:
            self._stack.enter_context(self._log)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self._interrupted or self._examining:
            raise KeyboardInterrupt  # asked twice: at once; and an examination can be left
        self._interrupted = True
        self._note = "stopping after this step; Ctrl-C again stops at once"

    # ------------------------------------------------------------- what the trainer calls

    def on_train_begin(self, _args: Any, state: Any, control: Any, model: Any, **_: Any) -> None:
        """Drop what was logged after the checkpoint that is gone on from; examine a new model."""
        if self._log is not None:
            self._log.rewind(state.global_step)
        if not state.global_step:
            self._examine(model, state, control)
        self._tokens = state.num_input_tokens_seen

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        """Examinations are no part of how fast it trains."""
        self._begun = time.perf_counter()

    def on_step_end(self, _args: Any, state: Any, control: Any, **_: Any) -> None:
        """Tell the progress; a stop that was asked for saves first."""
        self._busy += time.perf_counter() - self._begun
        self._progress("training", state.global_step, state.max_steps, self._note)
        if self._interrupted:
            control.should_save = True
        elif self._validates and state.global_step >= state.max_steps:
            control.should_evaluate = True

    def on_save(self, *_: Any, **__: Any) -> None:
        """Stop where that was asked for: the checkpoint is there."""
        if self._interrupted:
            raise KeyboardInterrupt

    def on_log(self, _args: Any, state: Any, _control: Any, logs: dict[str, Any], **_: Any) -> None:
        """Keep the trainer's figures."""
        self._write(state, logs)
        if "loss" in logs and not self._interrupted:
            rate = (logs["tokens"] - self._tokens) / self._busy
            self._note = f"loss {logs['loss']:.3f} · {rate:,.0f} tokens/s"

    def on_evaluate(self, _args: Any, state: Any, control: Any, model: Any, **_: Any) -> None:
        """Examine the model beside taking its loss."""
        self._examine(model, state, control)

    def _examine(self, model: Any, state: Any, control: Any) -> None:
        """In one process alone: the others wait at their next step."""
        if self._exam is None or self._interrupted:
            return
        self._examining = True
        try:
            found = self._exam.take(model, state.global_step)
        except KeyboardInterrupt:
            self._interrupted = control.should_save = True
            return
        finally:
            self._examining = False
        self._write(state, {f"{EVAL}{name}": value for name, value in found.items()})

    def _write(self, state: Any, figures: dict[str, Any]) -> None:
        if self._log is not None:
            self._log.write(state.global_step, state.epoch, figures)
