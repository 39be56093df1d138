"""What an Argilla dataset for a review looks like: fields, questions, metadata, guidelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callwright.curation.review import words

_HERE = Path(__file__).parent


def guidelines() -> str:
    """What annotators read beside each record, in English and in Chinese."""
    return "\n\n---\n\n".join(
        (_HERE / f"guidelines_{language}.md").read_text("utf-8").strip()
        for language in ("en", "zh")
    )


def settings(rg: Any, min_submitted: int) -> Any:
    """The settings of a new dataset.

    Args:
        rg: The module `argilla`.
        min_submitted: Annotators who must have answered before a record is done.
    """
    return rg.Settings(
        guidelines=guidelines(),
        fields=[
            rg.CustomField(
                name=words.CHAIN,
                title="The whole row / 整条数据",
                template=(_HERE / "chain.html").read_text("utf-8"),
                advanced_mode=False,
            ),
            # No ChatField: its page runs HTML that stands in a message (argilla-server 2.8.0).
            rg.CustomField(
                name=words.RAW,
                title="Raw / 原始对话",
                template=(_HERE / "raw.html").read_text("utf-8"),
                advanced_mode=False,
                required=False,
            ),
        ],
        questions=_questions(rg),
        metadata=[
            *(
                rg.TermsMetadataProperty(name=name, title=name)
                for name in ("scenario", "language", "split", "pack", "tool")
            ),
            *(
                rg.IntegerMetadataProperty(name=name, title=title)
                for name, title in (
                    ("length", "length of the chain"),
                    ("steps", "steps"),
                    (words.ATTEMPT, "times it came back"),
                )
            ),
            rg.FloatMetadataProperty(name="sureness", title="how sure the gates are"),
        ],
        distribution=rg.TaskDistribution(min_submitted=min_submitted),
        allow_extra_metadata=True,  # the row itself travels there
    )


def _questions(rg: Any) -> list[Any]:
    def text(name: str, title: str, description: str) -> Any:
        return rg.TextQuestion(
            name=name, title=title, description=description, required=False, use_markdown=False
        )

    edit = "Change it only with the verdict “fix”. / 仅在选择 fix 时修改。"
    return [
        rg.LabelQuestion(
            name=words.VERDICT,
            title="Verdict / 结论",
            labels=list(words.VERDICTS),
            description="accept: good as it is. fix: I correct it below. reject: drop it.",
        ),
        rg.MultiLabelQuestion(
            name=words.PROBLEMS,
            title="What is wrong? / 哪里有问题？",
            labels=words.PROBLEM_WORDS,
            required=False,
            visible_labels=len(words.PROBLEM_WORDS),
        ),
        rg.LabelQuestion(
            name=words.STEP,
            title="Which step is wrong first? / 最早出错的步骤",
            labels={str(number): f"step {number}" for number in range(1, words.STEPS + 1)},
            required=False,
            visible_labels=6,
        ),
        text(words.REQUEST, "Corrected request / 修正后的请求", edit),
        text(
            words.CALLS,
            "Corrected calls (JSON) / 修正后的调用",
            f"{edit} They are run again; what came from an earlier step follows by itself. "
            "Name a new value of a result as $step1.field.",
        ),
        text(words.ANSWER, "Corrected answer / 修正后的回答", edit),
        text(words.REASON, "The reason in a few words / 理由", "For those who read it later."),
    ]
