"""Tasks on the owner's lists: finding them, adding, putting off and ticking off."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, NamedTuple

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.agenda.base import (
    MAX_ITEMS,
    PERSON,
    TASK,
    DayLabel,
    Name,
    Page,
    agenda,
    day_of,
    name_of,
    next_number,
    now,
    pack,
    row_of,
)
from callwright.generators.packs.agenda.tables import LISTS
from callwright.generators.packs.agenda.texts import EDITS, FILES, REMARKS, chance, task_notes
from callwright.generators.paging import paged
from callwright.schemas.errors import ToolError

TaskTitle = Annotated[str, Kind("task.title")]
NewTaskTitle = Annotated[str, Kind("task.new_title")]
ListName = Annotated[str, Kind("task.list")]
Due = Annotated[str, Kind("date.task_due", format="date")]
Priority = Annotated[str, Kind("task.importance")]
TaskId = Annotated[str, Kind("task.id", accepts=("task.found", "task.listed"))]


class Task(NamedTuple):
    no: int
    list: str
    title: str
    due_date: str | None
    priority: str
    done_on: str | None
    created_on: str
    requested_by: int | None


class ListedTask(TypedDict):
    task_id: Annotated[str, Kind("task.listed")]
    title: TaskTitle
    list_name: ListName
    due_date: Due | None
    priority: Priority
    is_overdue: bool
    open_subtasks: int


class Tasks(TypedDict):
    list_name: ListName | None
    count: int
    overdue_count: int
    next_page: int | None
    tasks: list[ListedTask]


class FoundTask(TypedDict):
    task_id: Annotated[str, Kind("task.found")]
    title: TaskTitle
    list_name: ListName
    due_date: Due | None
    priority: Priority
    is_done: bool


class Requester(TypedDict):
    person_id: Annotated[str, Kind("person.requester")]
    name: Name


class Subtask(TypedDict):
    title: Annotated[str, Kind("task.step")]
    is_done: bool


class Remark(TypedDict):
    on: str
    by: str
    text: str


class Edit(TypedDict):
    on: str
    what: str


class TaskDetails(TypedDict):
    task_id: str
    title: TaskTitle
    list_name: ListName
    priority: Priority
    created_on: Annotated[str, Kind("date.created", format="date")]
    due_date: Due | None
    done_on: DayLabel | None
    requested_by: Requester | None
    subtask_count: int
    open_subtasks: int
    subtasks: list[Subtask]
    notes: str
    comments: list[Remark]
    attachments: list[str]
    history: list[Edit]


class AddedTask(TypedDict):
    task_id: str
    title: NewTaskTitle
    list_name: ListName
    due_date: Due | None
    open_tasks: int


class PutOff(TypedDict):
    task_id: str
    title: TaskTitle
    list_name: ListName
    old_due_date: Due | None
    due_date: Due


class Completed(TypedDict):
    task_id: str
    title: TaskTitle
    list_name: ListName
    done_on: DayLabel
    subtasks_closed: int
    open_tasks: int


def _known_list(list_name: str) -> str:
    """The list's name as it is written.

    Raises:
        ToolError: `not_found`, with all lists as suggestions: there are few.
    """
    for name in LISTS:
        if name.casefold() == list_name.strip().casefold():
            return name
    raise ToolError("not_found", f"No task list named {list_name}.", LISTS)


def _open_on(world: World, list_name: str) -> int:
    query = "SELECT count(*) FROM tasks WHERE list = ? AND done_on IS NULL"
    return int(agenda(world).execute(query, (list_name,)).fetchone()[0])


def _open_steps(world: World, task: int) -> int:
    query = "SELECT count(*) FROM subtasks WHERE task = ? AND NOT done"
    return int(agenda(world).execute(query, (task,)).fetchone()[0])


def _is_overdue(task: Task, today: str) -> bool:
    return task.due_date is not None and task.due_date < today


def _task_of(world: World, task_id: str) -> Task:
    return Task(*row_of(world, "tasks", TASK, task_id, "task"))


def _open_task(world: World, task_id: str) -> Task:
    """A task that is still to be done.

    Raises:
        ToolError: `refused` when it is done.
    """
    task = _task_of(world, task_id)
    if task.done_on is not None:
        raise ToolError("refused", f"{task.title} was done on {task.done_on}.")
    return task


@pack.tool
def list_tasks(
    world: World,
    list_name: Annotated[str | None, Kind("task.list")] = None,
    priority: Annotated[Literal["high", "normal", "low"] | None, Kind("task.priority")] = None,
    page: Page = 1,
) -> Tasks:
    """List the user's open tasks, the one that is due first on top.

    Args:
        list_name: Name of one task list, in English; all lists when left out.
        priority: Only tasks of this priority.
        page: Page of the list; the first one when left out.
    """
    query = "SELECT * FROM tasks WHERE done_on IS NULL"
    values: list[str] = []
    chosen = _known_list(list_name) if list_name is not None else None
    if chosen is not None:
        query += " AND list = ?"
        values.append(chosen)
    if priority is not None:
        query += " AND priority = ?"
        values.append(priority)
    # Tasks without a due date come last.
    found = agenda(world).execute(query + " ORDER BY due_date IS NULL, due_date, no", values)
    rows = list(map(Task._make, found))
    today = now(world)[:10]
    shown, following = paged(rows, page, MAX_ITEMS)
    return {
        "list_name": chosen,
        "count": len(rows),
        "overdue_count": sum(_is_overdue(task, today) for task in rows),
        "next_page": following,
        "tasks": [
            {
                "task_id": f"{TASK}-{task.no}",
                "title": task.title,
                "list_name": task.list,
                "due_date": task.due_date,
                "priority": task.priority,
                "is_overdue": _is_overdue(task, today),
                "open_subtasks": _open_steps(world, task.no),
            }
            for task in shown
        ],
    }


@pack.tool
def find_task(world: World, title: TaskTitle) -> FoundTask:
    """Find a task by its title on whichever of the user's lists. Gives its ID and due date.

    Args:
        title: Title of the task, in English as the lists are; capitals do not matter.
    """
    db = agenda(world)
    query = "SELECT * FROM tasks WHERE title = ? COLLATE NOCASE ORDER BY done_on IS NOT NULL, no"
    row = db.execute(query, (title.strip(),)).fetchone()
    if row is None:
        known = [name for (name,) in db.execute("SELECT title FROM tasks")]
        raise ToolError("not_found", f"No task named {title}.", nearest(title, known))
    task = Task(*row)
    return {
        "task_id": f"{TASK}-{task.no}",
        "title": task.title,
        "list_name": task.list,
        "due_date": task.due_date,
        "priority": task.priority,
        "is_done": task.done_on is not None,
    }


@pack.tool
def get_task(world: World, task_id: TaskId) -> TaskDetails:
    """Show everything about a task: subtasks, notes, comments, and who asked for it.

    Args:
        task_id: ID of the task.
    """
    task = _task_of(world, task_id)
    db, boss = agenda(world), task.requested_by
    steps = db.execute("SELECT title, done FROM subtasks WHERE task = ? ORDER BY no", (task.no,))
    subtasks: list[Subtask] = [{"title": row[0], "is_done": bool(row[1])} for row in steps]
    rng = chance("task", task.no)
    authors = [name_of(world, None), *([name_of(world, boss)] if boss else [])]
    age = (world.now.date() - day_of(task.created_on)).days
    days = sorted(rng.randint(0, age) for _ in range(rng.randint(7, 10)))
    requester: Requester | None = None
    if boss is not None:
        requester = {"person_id": f"{PERSON}-{boss}", "name": name_of(world, boss)}
    return {
        "task_id": task_id,
        "title": task.title,
        "list_name": task.list,
        "priority": task.priority,
        "created_on": task.created_on,
        "due_date": task.due_date,
        "done_on": task.done_on,
        "requested_by": requester,
        "subtask_count": len(subtasks),
        "open_subtasks": sum(not step["is_done"] for step in subtasks),
        "subtasks": subtasks,
        "notes": task_notes(str(task.no)),
        "comments": [
            {
                "on": (day_of(task.created_on) + timedelta(days=day)).isoformat(),
                "by": rng.choice(authors),
                "text": text,
            }
            for day, text in zip(days, rng.sample(REMARKS, len(days)), strict=True)
        ],
        "attachments": rng.sample(FILES, rng.randint(0, 3)),
        "history": [
            {"on": (day_of(task.created_on) + timedelta(days=day)).isoformat(), "what": what}
            for day, what in zip(days, rng.sample(EDITS, len(days)), strict=True)
        ],
    }


@pack.tool(effect="write")
def add_task(
    world: World,
    title: NewTaskTitle,
    list_name: ListName,
    due_date: Annotated[
        str | None, Kind("date.task", accepts=("date.event",), format="date")
    ] = None,
) -> AddedTask:
    """Add a task to one of the user's lists. Refused when the list has an open one of that title.

    Args:
        title: Title of the task, in English as the lists are.
        list_name: Name of the task list, in English.
        due_date: Day by which it has to be done, YYYY-MM-DD; none when left out.
    """
    chosen = _known_list(list_name)
    if due_date is not None and day_of(due_date).isoformat() < now(world)[:10]:
        raise ToolError("refused", f"{due_date} lies in the past; today is {now(world)[:10]}.")
    db = agenda(world)
    query = "SELECT no FROM tasks WHERE title = ? COLLATE NOCASE AND list = ? AND done_on IS NULL"
    known = db.execute(query, (title, chosen)).fetchone()
    if known is not None:
        raise ToolError("refused", f"{title} is on the list already, as {TASK}-{known[0]}.")
    number = next_number(world, "tasks", title)
    row = (number, chosen, title, due_date, "normal", None, now(world)[:10], None)
    db.execute("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return {
        "task_id": f"{TASK}-{number}",
        "title": title,
        "list_name": chosen,
        "due_date": due_date,
        "open_tasks": _open_on(world, chosen),
    }


@pack.tool(effect="write")
def set_due_date(
    world: World,
    task_id: TaskId,
    due_date: Annotated[str, Kind("date.task", accepts=("date.event",), format="date")],
) -> PutOff:
    """Give an open task another due date. Refused for days in the past.

    Args:
        task_id: ID of the task.
        due_date: New day by which it has to be done, YYYY-MM-DD.
    """
    task = _open_task(world, task_id)
    if day_of(due_date).isoformat() < now(world)[:10]:
        raise ToolError("refused", f"{due_date} lies in the past; today is {now(world)[:10]}.")
    if due_date == task.due_date:
        raise ToolError("refused", f"{task.title} is due on {due_date} already.")
    agenda(world).execute("UPDATE tasks SET due_date = ? WHERE no = ?", (due_date, task.no))
    return {
        "task_id": task_id,
        "title": task.title,
        "list_name": task.list,
        "old_due_date": task.due_date,
        "due_date": due_date,
    }


@pack.tool(effect="write")
def complete_task(world: World, task_id: TaskId) -> Completed:
    """Tick a task off, with those of its subtasks that are still open. Refused when it is done.

    Args:
        task_id: ID of the task.
    """
    task, db = _open_task(world, task_id), agenda(world)
    today = now(world)[:10]
    db.execute("UPDATE tasks SET done_on = ? WHERE no = ?", (today, task.no))
    closed = db.execute("UPDATE subtasks SET done = 1 WHERE task = ? AND NOT done", (task.no,))
    return {
        "task_id": task_id,
        "title": task.title,
        "list_name": task.list,
        "done_on": today,
        "subtasks_closed": closed.rowcount,
        "open_tasks": _open_on(world, task.list),
    }
