"""Real consumers take what we export: `openai`'s types, TRL and LLaMA-Factory.

Each is installed from the registry into a folder of its own, once a run, and works there in a
process of its own: the project itself needs none of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callwright.curation.publish import Order, prepare, publish, target_for
from callwright.curation.publish_place import parse_place
from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.execution import PackToolbox
from callwright.generators.packs import PACK_NAMES
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.formats import FORMATS
from callwright.schemas.formats.export_file import export_file
from callwright.schemas.store import open_dataset

pytestmark = pytest.mark.slow
BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
ROWS = 60


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build") / "out"
    build(Job(BuildSection(count=ROWS), ToolsSection(), 11, certify), folder, {})
    return open_dataset(folder)


@pytest.fixture(scope="module")
def qwen():
    """Folder of Qwen2.5's tokenizer with its own chat template."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import qwen; print(qwen.folder('qwen2.5'))"
    found = subprocess.run(
        [sys.executable, "-c", code, str(BENCHMARKS)], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip(f"Qwen's tokenizer cannot be had: {found.stderr.strip()[-200:]}")
    return found.stdout.strip()


def installed(tmp_path_factory, *packages, alone):
    """A folder with the packages; `alone`: without what they need, which is here already."""
    folder = tmp_path_factory.mktemp("consumer")
    options = ["--no-deps"] if alone else []
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder)]
    made = subprocess.run(
        [*pip, *options, *packages], capture_output=True, text=True, check=False, timeout=900
    )
    if made.returncode:
        pytest.skip(f"cannot be installed: {made.stderr.strip()[-300:]}")
    return folder


def consume(folder, code, *arguments, **environment):
    """Run a consumer's script; gives what it prints last, as JSON."""
    made = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(folder), "HF_HUB_OFFLINE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=900,
    )
    assert made.returncode == 0, made.stderr[-2000:]
    return json.loads(made.stdout.strip().splitlines()[-1])


def exported(built, form, folder, ending="jsonl"):
    path = folder / f"{form}.{ending}"
    made = export_file(built, FORMATS[form], path)
    assert made.written == ROWS
    return path


OPENAI = """
import json, sys
from typing import List
from pydantic import TypeAdapter
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam
messages = TypeAdapter(List[ChatCompletionMessageParam])
tools = TypeAdapter(List[ChatCompletionToolParam])
calls = refused = 0
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    try:
        for message in messages.validate_python(row["messages"]):
            # The calls are an iterator: what nobody consumes nobody checks.
            calls += len(list(message.get("tool_calls") or ()))
        tools.validate_python(row["tools"])
    except Exception:
        refused += 1
print(json.dumps([calls, refused]))
"""


def test_openais_own_types_take_every_row(built, tmp_path, tmp_path_factory):
    folder = installed(tmp_path_factory, "openai==3.54.0", alone=False)
    calls = sum(len(m.tool_calls or ()) for row in built.rows() for m in row.messages)
    path = exported(built, "openai", tmp_path)
    assert consume(folder, OPENAI, path) == [calls, 0]
    # The same check has to notice what is not OpenAI's.
    objects = exported(built, "hf", tmp_path)
    with_calls = sum(any(m.tool_calls for m in row.messages) for row in built.rows())
    assert consume(folder, OPENAI, objects)[1] == with_calls


TRL = """
import json, sys
from datasets import load_dataset
from transformers import AutoTokenizer, Qwen2Config, Qwen2ForCausalLM
from trl import SFTConfig, SFTTrainer
how, path, place, out = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(place)
sizes = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
config = Qwen2Config(vocab_size=len(tokenizer), num_key_value_heads=1, **sizes)
files = {"data_files": path} if how != path else {}
data = load_dataset(how, split="train", cache_dir=out, **files)
options = dict(max_length=None, report_to=[], use_cpu=True, bf16=False)
trainer = SFTTrainer(
    Qwen2ForCausalLM(config),
    args=SFTConfig(output_dir=out, **options),
    train_dataset=data,
    processing_class=tokenizer,
)
print(json.dumps([tokenizer.decode(row["input_ids"]) for row in trainer.train_dataset]))
"""


def calls_in(text):
    """The objects between <tool_call> tags, past the system message, which shows one."""
    talk = text.partition("</tools>")[2].partition("<|im_end|>")[2]
    return [
        json.loads(piece.partition("</tool_call>")[0]) for piece in talk.split("<tool_call>")[1:]
    ]


def wanted_calls(row):
    return [
        {"name": call.function.name, "arguments": call.function.arguments}
        for message in row.messages
        for call in message.tool_calls or ()
    ]


@pytest.fixture(scope="module")
def trained(qwen, tmp_path_factory):
    """Text that TRL trains on, given what `load_dataset` is called with."""
    folder = installed(tmp_path_factory, "trl==1.16.0", alone=True)
    return lambda how, path: consume(
        folder, TRL, how, path, qwen, tmp_path_factory.mktemp("trl") / "out"
    )


@pytest.mark.parametrize("way", ["jsonl", "parquet", "published"])
def test_trl_trains_on_the_exact_arguments(way, built, trained, tmp_path):
    if way == "published":
        place = parse_place((tmp_path / "set").as_uri())
        ready = prepare(Order(built.folder, place, PackToolbox(PACK_NAMES)))
        publish(ready, target_for(place, private=None, tag=None))
        texts = trained(tmp_path / "set", tmp_path / "set")
    else:
        path = exported(built, "hf", tmp_path, way)
        texts = trained("json" if way == "jsonl" else way, path)
    rows = list(built.rows())
    assert len(texts) == ROWS
    for row, text in zip(rows, texts, strict=True):
        assert calls_in(text) == wanted_calls(row)
        for tool in row.tools:
            assert json.dumps(tool, ensure_ascii=False) in text


LLAMA_FACTORY = """
import json, sys
from datasets import load_dataset
from transformers import AutoTokenizer
from llamafactory.data.converter import SharegptDatasetConverter
from llamafactory.data.parser import DatasetAttr
from llamafactory.data.template import get_template_and_fix_tokenizer
from llamafactory.hparams import DataArguments
path, place, out = sys.argv[1:]
about = {"formatting": "sharegpt", "columns": {
    "messages": "conversations", "system": "system", "tools": "tools"}}
attributes = DatasetAttr("file", path)
attributes.join(about)
arguments = DataArguments(template="qwen")
convert = SharegptDatasetConverter(attributes, arguments)
tokenizer = AutoTokenizer.from_pretrained(place)
template = get_template_and_fix_tokenizer(tokenizer, arguments)
texts = []
for row in load_dataset("json", data_files=path, split="train", cache_dir=out):
    made = convert(row)
    if len(made["_prompt"]) % 2 != 1 or len(made["_response"]) != 1:
        continue  # what its supervised preprocessing drops
    talk = made["_prompt"] + made["_response"]
    pairs = template.encode_multiturn(tokenizer, talk, made["_system"], made["_tools"])
    texts.append(tokenizer.decode([token for pair in pairs for side in pair for token in side]))
print(json.dumps(texts))
"""


def test_llama_factory_drops_no_row(built, qwen, tmp_path, tmp_path_factory):
    folder = installed(tmp_path_factory, "llamafactory==0.9.5", "omegaconf==2.4.0", alone=True)
    # It imports this for audio, which no row has, and pins it to another torch.
    (folder / "torchaudio.py").touch()
    path = exported(built, "sharegpt", tmp_path)
    texts = consume(folder, LLAMA_FACTORY, path, qwen, tmp_path / "out", DISABLE_VERSION_CHECK="1")
    rows = list(built.rows())
    assert len(texts) == ROWS
    for row, text in zip(rows, texts, strict=True):
        assert calls_in(text) == wanted_calls(row)
        results = [message.content for message in row.messages if message.role == "tool"]
        assert all(result in text for result in results)


TEMPLATE = """
import json, sys
from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
def rendered(path):
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        tools = row.get("tools") or None
        yield tokenizer.apply_chat_template(row["messages"], tools=tools, tokenize=False)
print(json.dumps([list(rendered(path)) for path in sys.argv[2:]]))
"""


def test_hermes_text_is_what_qwens_template_makes_of_the_same_chat(built, qwen, tmp_path):
    paths = [exported(built, form, tmp_path) for form in ("hermes", "hf")]
    plain, chat = consume(tmp_path, TEMPLATE, qwen, *paths)
    # Where a row has no system message, Qwen2.5's template brings one of its own.
    own = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.\n\n"
    assert [text.replace(own, "", 1) for text in chat] == plain
