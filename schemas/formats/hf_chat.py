"""Hugging Face chat, which chat templates and TRL read: `arguments` is an object.

A JSON text there would be encoded twice by every template and trained on.
"""

from __future__ import annotations

from callwright.schemas.formats.chat import read_chat
from callwright.schemas.formats.format import Format, Raw
from callwright.schemas.formats.openai_chat import message_of
from callwright.schemas.record import Conversation


def write(row: Conversation) -> Raw:
    messages = [message_of(message, lambda arguments: arguments) for message in row.messages]
    # `tools` always: a column that is there in some rows only is an error to some loaders.
    return {"messages": messages, "tools": row.tools}


HF = Format(
    name="hf",
    about="Hugging Face chat for templates and TRL, arguments as objects",
    keys=("messages",),
    read=read_chat,
    write=write,
)
