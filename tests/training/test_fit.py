"""A training can be interrupted, goes on as if it had not been, and says why where it cannot."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="training runs on torch")
pytest.importorskip("peft", reason="adapters are peft's")

import torch
from transformers import TrainerCallback

from callwright.schemas.errors import UserError
from callwright.training.fit import fit

from . import trainees

# peft asks for an attribute that transformers has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")

SAMPLES = trainees.samples(21)
CHECKED = trainees.samples(6, seed=1)


def trained(folder, *, samples=SAMPLES, checked=CHECKED, callbacks=(), resume=False, seed=3, **o):
    section, model = trainees.section(**o), trainees.model()
    return fit(
        model, trainees.Tokenizer, section, samples, checked, folder,
        seed=seed, callbacks=callbacks, resume=resume,
    )  # fmt: skip


class Interrupt(TrainerCallback):
    """Ctrl-C after a step."""

    def __init__(self, step):
        self.step = step

    def on_step_end(self, args, state, control, **_):
        if state.global_step == self.step:
            raise KeyboardInterrupt


def same(resumed, whole):
    for one, other in ((resumed.losses, whole.losses), (resumed.validation, whole.validation)):
        assert dict(one) == pytest.approx(dict(other), rel=1e-5)
        assert len(one) == len(other)


def weights(model):
    return {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}


def test_training_learns(tmp_path):
    fitted = trained(tmp_path, max_steps=40, checked=(), adapter={"kind": "full"})
    assert fitted.losses[-1][1] < 0.2 * fitted.losses[0][1]
    assert fitted.steps == 40
    assert fitted.validation == ()


OPTIONS = {
    "max_steps": 14,
    "validate_every": 4,
    "accumulation": 2,
    "schedule": "cosine",
    "adapter": {"dropout": 0.2},  # so that the random state counts
}


@pytest.mark.parametrize("bucketing", [True, False])
def test_an_interrupted_training_resumed_has_the_curve_and_the_weights_of_one_that_was_not(
    tmp_path, bucketing
):
    """Interrupted in the second of three-step epochs, two steps after its last checkpoint."""
    whole = trained(tmp_path / "whole", **OPTIONS, bucketing=bucketing)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "cut", **OPTIONS, bucketing=bucketing, callbacks=[Interrupt(6)])
    resumed = trained(tmp_path / "cut", **OPTIONS, bucketing=bucketing, resume=True)
    same(resumed, whole)
    assert [step for step, _ in resumed.losses] == list(range(1, 15))
    assert resumed.tokens == whole.tokens
    theirs = weights(whole.model)
    for name, tensor in weights(resumed.model).items():
        torch.testing.assert_close(tensor, theirs[name], rtol=1e-4, atol=1e-5)


def test_a_checkpoint_that_was_cut_off_is_passed_over(tmp_path):
    whole = trained(tmp_path / "whole", **OPTIONS)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "cut", **OPTIONS, callbacks=[Interrupt(9)])
    (tmp_path / "cut/checkpoints/checkpoint-8/trainer_state.json").unlink()
    resumed = trained(tmp_path / "cut", **OPTIONS, resume=True)
    same(resumed, whole)


def test_to_resume_what_never_began_begins_it(tmp_path):
    assert trained(tmp_path, resume=True, max_steps=2).steps == 2


def test_a_finished_training_resumed_stays_as_it_is(tmp_path):
    first = trained(tmp_path, max_steps=3)
    again = trained(tmp_path, max_steps=3, resume=True)
    assert again.losses == first.losses
    assert again.steps == 3
    theirs = weights(first.model)
    for name, tensor in weights(again.model).items():
        assert torch.equal(tensor, theirs[name])


def test_a_training_that_lost_its_patience_resumed_stays_stopped_and_keeps_the_best(tmp_path):
    options = {"max_steps": 60, "validate_every": 2, "patience": 2, "learning_rate": 0.05}
    first = trained(tmp_path, **options)
    again = trained(tmp_path, **options, resume=True)
    assert (again.steps, again.best_step) == (first.steps, first.best_step)
    theirs = weights(first.model)
    for name, tensor in weights(again.model).items():
        assert torch.equal(tensor, theirs[name])


def test_checkpoints_are_not_overwritten_and_not_resumed_with_anything_else(tmp_path):
    trained(tmp_path, max_steps=2)
    with pytest.raises(UserError, match="resume it, or use a new folder"):
        trained(tmp_path, max_steps=2)
    for other in ({"max_steps": 3}, {"seed": 4}, {"samples": SAMPLES[1:]}, {"checked": ()}):
        with pytest.raises(UserError, match="another recipe, seed or data"):
            trained(tmp_path, **{"max_steps": 2, "resume": True, **other})


def test_a_seed_gives_the_same_training_again_and_another_seed_another(tmp_path):
    first, again, other = (
        trained(tmp_path / str(n), seed=seed).losses for n, seed in enumerate((1, 1, 2))
    )
    assert again == first
    assert other != first


def test_patience_stops_and_leaves_the_best_weights(tmp_path):
    """A learning rate so high that validation gets worse at once."""
    fitted = trained(
        tmp_path, max_steps=60, validate_every=2, patience=2, learning_rate=0.05, keep_checkpoints=1
    )
    best = min(fitted.validation, key=lambda point: point[1])
    assert fitted.steps < 60
    assert fitted.best_step == best[0] == fitted.steps - 4
    from peft import PeftModel

    saved = PeftModel.from_pretrained(trainees.model(), fitted.saved)
    theirs = {name: p for name, p in saved.named_parameters() if "lora" in name}
    kept = weights(fitted.model)
    checked = trained(tmp_path / "one", max_steps=fitted.best_step, learning_rate=0.05)
    for name, tensor in kept.items():
        torch.testing.assert_close(theirs[name].detach(), tensor)
        torch.testing.assert_close(weights(checked.model)[name], tensor)


def test_the_saved_adapter_is_the_trained_one(tmp_path):
    from peft import PeftModel

    fitted = trained(tmp_path, max_steps=3)
    ids = torch.tensor([SAMPLES[0].ids])
    loaded = PeftModel.from_pretrained(trainees.model(), fitted.saved).eval()
    plain = trainees.model().eval()
    with torch.no_grad():
        wanted = fitted.model.eval()(ids).logits
        assert torch.allclose(loaded(ids).logits, wanted)
        assert not torch.allclose(plain(ids).logits, wanted, atol=1e-2)


def test_a_fully_trained_model_is_saved_as_a_whole(tmp_path):
    from transformers import AutoModelForCausalLM

    fitted = trained(tmp_path, max_steps=3, adapter={"kind": "full"})
    loaded = AutoModelForCausalLM.from_pretrained(fitted.saved)
    for (name, one), (_, other) in zip(
        loaded.named_parameters(), fitted.model.named_parameters(), strict=True
    ):
        assert torch.equal(one, other), name


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [0, 0.5, 1, 1, 1, 1, 1, 1, 1, 1]),
        ("linear", [0, 0.5, 1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8]),
        ("cosine", [0, 0.5, 1, 0.962, 0.854, 0.691, 0.5, 0.309, 0.146, 0.038]),
        ("warmup_stable_decay", [0, 0.5, 1, 1, 1, 1, 1, 1, 2 / 3, 1 / 3]),
    ],
)
def test_learning_rates_follow_their_schedule(tmp_path, schedule, rates):
    found = []

    class Rates(TrainerCallback):
        def on_log(self, args, state, control, logs, **_):
            if "loss" in logs:
                found.append(logs["learning_rate"])

    trained(
        tmp_path, max_steps=10, warmup_steps=2, schedule=schedule, learning_rate=1.0,
        callbacks=[Rates()], checked=(), clip=1e-9,
    )  # fmt: skip
    assert found == pytest.approx(rates, abs=1e-3)


def test_epochs_may_be_broken(tmp_path):
    # 21 samples in batches of 4, two to a step: 3 steps an epoch.
    assert trained(tmp_path, max_steps=None, epochs=1.5, accumulation=2).steps == 5


def test_tokens_and_seconds_are_logged(tmp_path):
    seen = []

    class Logs(TrainerCallback):
        def on_log(self, args, state, control, logs, **_):
            seen.append(dict(logs))

    fitted = trained(tmp_path, max_steps=None, epochs=2, callbacks=[Logs()])
    assert fitted.tokens == 2 * sum(len(sample.ids) for sample in SAMPLES)
    assert seen[-1]["tokens"] == fitted.tokens
    assert seen[-1]["tokens_per_second"] == pytest.approx(fitted.tokens / fitted.seconds, rel=0.01)


def test_a_loss_that_is_no_number_stops_in_one_line_and_leaves_no_such_checkpoint(tmp_path):
    model = trainees.model()

    class Break(TrainerCallback):
        def on_step_end(self, args, state, control, **_):
            if state.global_step == 3:
                model.model.norm.weight.data.fill_(float("nan"))

    with pytest.raises(UserError, match=r"step 4: loss nan, .* lower learning_rate") as caught:
        fit(
            model, trainees.Tokenizer, trainees.section(validate_every=2), SAMPLES, CHECKED,
            tmp_path, seed=1, callbacks=[Break()],
        )  # fmt: skip
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.glob("checkpoints/checkpoint-*")] == ["checkpoint-2"]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 12 bytes"),
        MemoryError(),
    ],
    ids=["cuda", "cpu", "python"],
)
def test_running_out_of_memory_is_one_line_with_what_to_do(tmp_path, error):
    class Full(TrainerCallback):
        def on_step_begin(self, args, state, control, **_):
            raise error

    with pytest.raises(UserError) as caught:
        trained(tmp_path, callbacks=[Full()])
    assert str(caught.value) == (
        "out of memory with batches of 4 and up to 48 tokens: try batch_size 2 with accumulation 2,"
        " gradient_checkpointing: true, a smaller max_tokens, or fewer top_layers"
    )


def test_any_other_error_stays_what_it_is(tmp_path):
    class Broken(TrainerCallback):
        def on_step_begin(self, args, state, control, **_):
            raise RuntimeError("something else")

    with pytest.raises(RuntimeError, match="something else"):
        trained(tmp_path, callbacks=[Broken()])


def test_samples_without_a_trained_token_are_refused(tmp_path):
    plain = trainees.samples(1)[0]
    none = trainees.Sample(plain.row, plain.ids, [0.0] * len(plain.ids), plain.classes)
    with pytest.raises(UserError, match="no sample has a trained token"):
        trained(tmp_path, samples=[none])


def test_bf16_trains(tmp_path):
    whole = trained(tmp_path / "fp32", max_steps=12)
    half = trained(tmp_path / "bf16", max_steps=12, precision="bf16")
    assert [x for _, x in half.losses] == pytest.approx([x for _, x in whole.losses], rel=0.05)
    assert half.losses != whole.losses
