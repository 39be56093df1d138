"""OpenAI's wire form: `{"messages", "tools"}`, `arguments` a JSON text.

What its interface refuses is not written: a tool's name outside its pattern, calls that are not
answered before the conversation goes on, a key it does not know.
"""

from __future__ import annotations

from typing import Any

from callwright.schemas.formats.chat import read_chat
from callwright.schemas.formats.defects import OPENAI_NAME
from callwright.schemas.formats.format import Format, Raw
from callwright.schemas.formats.guard import RowRefused
from callwright.schemas.formats.turns import apart, json_text
from callwright.schemas.record import Conversation, Message


def write(row: Conversation) -> Raw:
    apart(row)  # refuses what is out of order
    for tool in row.tools:
        name = str(tool.get("function", {}).get("name"))
        if not OPENAI_NAME.fullmatch(name):
            raise RowRefused("refused_name", f"OpenAI takes no tool called {name[:80]!r}")
    made: Raw = {"messages": [message_of(message, json_text) for message in row.messages]}
    if row.tools:  # an empty list is refused
        made["tools"] = row.tools
    return made


def message_of(message: Message, arguments: Any) -> dict[str, Any]:
    """A message with only the keys it needs; `content` beside calls stays, as null."""
    made: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.reasoning_content is not None:
        made["reasoning_content"] = message.reasoning_content
    if message.tool_calls:
        made["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {
                    "name": call.function.name,
                    "arguments": arguments(call.function.arguments),
                },
            }
            for call in message.tool_calls
        ]
    if message.role == "tool":
        made["tool_call_id"] = message.tool_call_id
    return made


OPENAI = Format(
    name="openai",
    about="OpenAI messages and tools, arguments as JSON text",
    keys=("messages",),
    read=read_chat,
    write=write,
)
