"""The scenarios that are conversations: how a `Thread` is led through each of them."""

from __future__ import annotations

from collections.abc import Callable

from callwright.generators.conditions import ask_if
from callwright.generators.execution import Elsewhere
from callwright.generators.misspelling import ask_misspelt
from callwright.generators.policies import under_a_rule
from callwright.generators.second_wish import ask_or_else
from callwright.generators.thread import Thread
from callwright.schemas.record import Scenario

SECOND_WISHES = 0.25
"""Share of the conditions that are about a refusal, where there are words for one."""


def _multi_turn(thread: Thread, _elsewhere: Elsewhere) -> None:
    thread.ask(thread.plan("single", "single", "chain", "chain", "stateful"))
    for _ in range(thread.rng.choices((1, 2, 3), (6, 3, 1))[0]):
        chance = thread.rng.random()
        if chance < 0.6:
            thread.ask_on()
        else:
            thread.ask_again("again" if chance < 0.85 else "corrected")


def _missing_argument(thread: Thread, _elsewhere: Elsewhere) -> None:
    thread.ask_without()


def _missing_tool(thread: Thread, elsewhere: Elsewhere) -> None:
    thread.ask_in_vain(elsewhere())


def _conditional(thread: Thread, elsewhere: Elsewhere) -> None:
    if thread.dialogue.otherwise and thread.rng.random() < SECOND_WISHES:
        ask_or_else(thread, elsewhere)
    else:
        ask_if(thread, elsewhere)


def _long_history(thread: Thread, _elsewhere: Elsewhere) -> None:
    for _ in range(thread.rng.randint(2, 5)):
        if thread.rng.random() < 0.3:
            thread.chat()
        else:
            thread.turn_to_something_else()
            thread.ask(thread.plan("single", "single", "chain"))
    if thread.rng.random() < 0.5 and thread.nodes:
        thread.ask_on()
    else:
        thread.turn_to_something_else()
        thread.ask(thread.plan("chain", "dag", "stateful"))


THREADS: dict[Scenario, Callable[[Thread, Elsewhere], None]] = {
    "multi_turn": _multi_turn,
    "missing_argument": _missing_argument,
    "missing_tool": _missing_tool,
    "long_history": _long_history,
    "conditional": _conditional,
    "error_recovery": lambda thread, _elsewhere: ask_misspelt(thread),
    "policy": under_a_rule,
}
