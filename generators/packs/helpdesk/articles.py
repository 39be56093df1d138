"""Help articles: what there is on an error, and what one of them says."""

from __future__ import annotations

import json
from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.helpdesk.base import (
    PAGE,
    AgentName,
    ArticleId,
    ErrorCode,
    Page,
    Problem,
    desk,
    pack,
)
from callwright.generators.paging import paged
from callwright.schemas.errors import ToolError

Type = Annotated[str, Kind("helpdesk.article_type")]
UpdatedOn = Annotated[str, Kind("date.article", format="date")]
Helpful = Annotated[int, Kind("percent.helpful")]


class Hit(TypedDict):
    article_id: ArticleId
    type: Type
    updated_on: UpdatedOn
    views: int
    helpful_percent: Helpful


class Hits(TypedDict):
    error_code: str
    problem: Problem
    count: int
    page: int
    next_page: int | None
    articles: list[Hit]


class Article(TypedDict):
    article_id: str
    type: Type
    problem: Problem
    author: AgentName
    updated_on: UpdatedOn
    fix: Annotated[str, Kind("helpdesk.fix")]
    minutes: Annotated[int, Kind("duration.fix")]
    fixed_in_version: Annotated[str, Kind("helpdesk.version")]
    helpful_percent: Helpful
    views: int
    sections: list[str]


@pack.tool
def search_articles(world: World, error_code: ErrorCode, page: Page = 1) -> Hits:
    """List the help articles on an error, the most helpful first, 8 a page.

    Args:
        error_code: Code of the error.
        page: Number of the page.
    """
    db = desk(world)
    known = db.execute("SELECT problem FROM errors WHERE error_code = ?", (error_code,)).fetchone()
    if known is None:
        raise ToolError("not_found", f"No articles on an error {error_code}.")
    query = (
        "SELECT article_id, type, updated_on, views, helpful_percent FROM articles"
        " WHERE error_code = ? ORDER BY helpful_percent DESC"
    )
    found: list[Hit] = [
        {
            "article_id": row[0],
            "type": row[1],
            "updated_on": row[2],
            "views": row[3],
            "helpful_percent": row[4],
        }
        for row in db.execute(query, (error_code,))
    ]
    shown, following = paged(found, page, PAGE)
    return {
        "error_code": error_code,
        "problem": known[0],
        "count": len(found),
        "page": page,
        "next_page": following,
        "articles": shown,
    }


@pack.tool
def get_article(world: World, article_id: ArticleId) -> Article:
    """Show a help article: the fix, how long it takes, the version that has it, and the text.

    Args:
        article_id: Number of the article.
    """
    row = (
        desk(world)
        .execute(
            "SELECT article_id, type, problem, author, updated_on, fix, minutes, fixed_in,"
            " helpful_percent, views, sections FROM articles JOIN errors USING (error_code)"
            " WHERE article_id = ?",
            (article_id,),
        )
        .fetchone()
    )
    if row is None:
        raise ToolError("not_found", f"No article {article_id}.")
    return {
        "article_id": row[0],
        "type": row[1],
        "problem": row[2],
        "author": row[3],
        "updated_on": row[4],
        "fix": row[5],
        "minutes": row[6],
        "fixed_in_version": row[7],
        "helpful_percent": row[8],
        "views": row[9],
        "sections": json.loads(row[10]),
    }
