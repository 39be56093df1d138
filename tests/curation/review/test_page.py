"""The page that annotators see, in a real browser: signed in, filtered, searched, answered.

With CALLWRIGHT_SCREENSHOTS=DIR the pictures of docs/review.md are taken on the way.
"""

import json
import os
from pathlib import Path

import annotating
import pytest
import reviewed
import small_world

from callwright.curation.review.corrections import texts_of
from callwright.curation.verify import certify, check
from callwright.schemas.reading import calls_of
from callwright.schemas.record import Message
from callwright.schemas.store import open_dataset

pytestmark = [
    pytest.mark.argilla,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

ATTACK = "document.title=parent.document.title='owned'"
HOSTILE = (
    f'<img src=x onerror="{ATTACK}"></script><script>{ATTACK}</script>`${{{ATTACK}}}`'
    "{{record.id}}{{{y}}}\u202edlog\x1b[31m"
)
MILLISECONDS = 45_000


def four_steps():
    """City, its airport noted, the way from there, the time it takes."""
    s = small_world.Script("chain", "How long would I fly from Lisbon to OSL? Note where I start.")
    s.turn(("city_airport", {"city": s.said("Lisbon")}))
    s.turn(("note_airport", {"code": s.result(1, "/airport")}))
    ends = {"origin": s.result(2, "/code"), "destination": s.said("OSL")}
    s.turn(("airport_distance", {**ends, "unit": ("km", [{"origin": "default"}])}))
    s.turn(("flight_time", {"distance": s.result(3, "/distance")}))
    hours = s.made[3][1].value["hours"]
    s.answer("You would fly for about ", (f"{hours:g}", 4, "/hours", "number.digits"), " hours.")
    return certify(s.finish(), small_world.toolbox())


@pytest.fixture(scope="module")
def page(home, server, chromium, tmp_path_factory):
    """A window of `ann`, signed in; other hosts cannot be reached."""
    from playwright.sync_api import sync_playwright

    arguments = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    with sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")),
            headless=True,
            executable_path=chromium,
            viewport={"width": 1500, "height": 1250},
            args=[f"--{word}" for word in (*arguments.split(), "disable-dev-shm-usage")],
        )
        context.set_default_timeout(MILLISECONDS)
        page = context.pages[0]
        page.route(
            "**/*",
            lambda route: (
                route.continue_()
                if route.request.url.startswith((server.url, "data:", "blob:", "about:"))
                else route.abort()
            ),
        )
        page.goto(f"{server.url}/sign-in")
        person = next(user for user in home.users() if user.name == "ann")
        page.fill("input[type=text]", person.name)
        page.fill("input[type=password]", person.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        yield page
        context.close()


class Review:
    """One dataset, open on the page."""

    def __init__(self, page, server, ask, name):
        self.page, self.server, self.ask = page, server, ask
        found = ask("ann", "GET", "me/datasets")["items"]
        self.id = next(one["id"] for one in found if one["name"] == name)

    def open(self, **query):
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        self.page.goto(f"{self.server.url}/dataset/{self.id}/annotation-mode?{asked}")
        self.chain.get_by_text("Request", exact=True).first.wait_for()

    @property
    def chain(self):
        """What `chain.html` shows, in the frame that Argilla puts it in."""
        return self.page.frame_locator("iframe").first.locator(".cw")

    def shows(self, words):
        self.chain.get_by_text(words).first.wait_for()

    def picture(self, name):
        if folder := os.environ.get("CALLWRIGHT_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"review-{name}.png")


@pytest.fixture(scope="module")
def pushed(server, tmp_path_factory):
    """Push rows under a name."""

    def pushed(name, rows):
        packs = {tool.name: tool.pack for tool in small_world.toolbox().tools()}
        data = annotating.dataset(tmp_path_factory.mktemp(name) / "data", rows)
        annotating.push(server, data, name, packs=packs)

    return pushed


def test_a_four_step_chain_is_on_one_screen_with_its_badges(page, server, ask, pushed):
    pushed("screen", [four_steps()])
    review = Review(page, server, ask, "screen")
    review.open()
    assert review.chain.locator(".step").count() == 4
    badges = review.chain.locator(".badge").all_inner_texts()
    assert badges == [
        "from the user: “Lisbon” (verbatim)",
        "from step 1: /airport",
        "from step 2: /code",
        "from the user: “OSL” (verbatim)",
        "default",
        "from step 3: /distance",
    ]
    style = "e => getComputedStyle(e).backgroundColor"
    colours = {
        review.chain.locator(f".b-{colour}").first.evaluate(style)
        for colour in ("user", "result", "default")
    }
    assert len(colours) == 3
    review.picture("chain")


def test_hostile_rows_are_shown_as_text_and_long_arguments_are_folded(page, server, ask, pushed):
    row = four_steps()
    call = row.messages[1].tool_calls[0]
    function = call.function.model_copy(update={"arguments": {"city": "x" * 100_000}})
    first = Message(role="assistant", tool_calls=[call.model_copy(update={"function": function})])
    answer = Message(role="assistant", content=HOSTILE)
    row = row.model_copy(
        update={
            "id": "hostile",
            "messages": [row.messages[0], first, *row.messages[2:-1], answer],
        }
    )
    pushed("hostile", [row])
    review = Review(page, server, ask, "hostile")
    review.open()
    text = review.chain.inner_text()
    assert "<img src=x onerror" in text
    assert "{{record.id}}{{{y}}}⟨U+202E⟩dlog⟨ESC⟩[31m" in text
    assert review.chain.locator("img").count() == 0
    assert page.locator("img[src=x]").count() == 0
    assert page.title() != "owned"
    fold = review.chain.locator(".argument details").first
    assert "all 100,002 characters" in fold.inner_text()
    assert "x" * 100_000 in fold.evaluate("e => e.textContent")
    assert review.chain.bounding_box()["height"] < 3000


def test_filters_and_a_chinese_search_find_their_rows(rows, page, server, ask, pushed):
    pushed("search", [rows["chain"], rows["stateful"], rows["irrelevant"]])
    review = Review(page, server, ask, "search")
    review.open(search="笑话~all")
    review.shows("请给我讲一个笑话")
    page.get_by_text("1 of 1").first.wait_for()
    review.open(metadata="scenario.stateful")
    review.shows("Cancel my cheapest open order")
    page.get_by_text("1 of 1").first.wait_for()


def test_accepted_rejected_mended_and_broken_on_the_page_become_the_right_rows(
    rows, page, server, ask, pushed, tmp_path
):
    chain = four_steps()
    pushed("judge", [rows["parallel"], rows["miles"], chain, rows["stateful"]])
    review = Review(page, server, ask, "judge")

    def judge(words, verdict, suggested="accept", **changed):
        review.open(search=f"{words.replace(' ', '_')}~all", status="pending")
        page.get_by_text("1 of 1").first.wait_for()
        if verdict != suggested:  # that one is chosen already: a click would take it away
            page.get_by_text(verdict, exact=True).first.click()
        for title, text in changed.items():
            box = page.locator(
                f"xpath=//*[contains(text(), 'Corrected {title}')]"
                "/following::*[@contenteditable='true'][1]"
            )
            box.click()
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(text)
        with page.expect_response(lambda r: "/responses" in r.url and r.request.method == "POST"):
            page.get_by_text("Submit", exact=True).first.click()

    judge("Hanoi", "accept")
    judge("miles", "reject")
    request = texts_of(chain).request.replace("Lisbon", "Vienna")
    calls = reviewed.calls_with(chain, 1, city="Vienna")
    judge("Note where I start", "fix", request=request, calls=calls)  # the answer stays
    wrong = reviewed.calls_with(rows["stateful"], 3, order_id=1)
    judge("Tariq", "fix", calls=wrong)

    def pull(name):
        annotating.pull(server, "judge", tmp_path / name)
        return {row.id: row for row in open_dataset(tmp_path / name).rows()}

    kept = pull("first")
    assert set(kept) == {rows["parallel"].id}
    rejects = {reject.row["id"]: reject for reject in open_dataset(tmp_path / "first").rejects()}
    assert rejects[rows["miles"].id].reason == "rejected"
    assert rejects[rows["stateful"].id].reason == "pending_returned"

    review.open(search="Tariq~all", status="pending")
    review.shows("nobody said order_id = 1")
    review.picture("returned")
    assert rejects[chain.id].reason == "pending_answer", rejects[chain.id].detail
    review.open(search="Note_where_I_start~all", status="pending")
    hours = json.loads(review.chain.locator(".out").last.inner_text().strip("→ "))["hours"]
    judge("Note where I start", "fix", suggested="fix", answer=f"About {hours} hours.")
    kept = pull("second")
    assert set(kept) == {chain.id, rows["parallel"].id}
    mended = kept[chain.id]
    assert [call.arguments for call in calls_of(mended)][2]["origin"] == "VIE"
    assert mended.revision == 1
    for row in kept.values():
        gates = check(row, small_world.toolbox())
        assert {gate.outcome for gate in gates.values()} <= {"pass", "not_applicable"}
