"""Long texts of an agenda: what invitations, tasks and profiles say beside what matters.

Composed from parts when they are read; each follows from a number that the record keeps.
"""

from __future__ import annotations

import random
from functools import lru_cache

GREETINGS = (
    "Hi all,", "Hello everyone,", "Dear colleagues,", "Hi team,", "Good morning,", "Hi,",
)  # fmt: skip
OPENINGS = (
    "I'd like us to go through {matter} together and leave with clear next steps.",
    "As discussed, here is the invitation for our conversation about {matter}.",
    "A few questions about {matter} are still open, so let's settle them in one go.",
    "This is the usual slot for {matter}; please skim the documents beforehand.",
    "After the feedback of the last weeks we should take another look at {matter}.",
    "Several of you asked for more time on {matter}, which is why I set this up.",
)
POINTS = (
    "short round: what has changed since last time",
    "open points from the last minutes",
    "status of the action items, each owner reports briefly",
    "risks and how we want to deal with them",
    "figures so far compared with the plan",
    "what the customers told us",
    "dependencies on other teams",
    "decisions we need before we can go on",
    "who takes over which part",
    "budget that is left and what we want to spend it on",
    "proposal for the timetable and the milestones",
    "questions from the regional offices",
    "feedback on the draft that went round",
    "lessons learned, good and bad",
    "next steps and dates",
    "any other business",
)
NOTES = (
    "Please bring your laptop; we will edit the document together.",
    "If you can't come, send somebody who may decide for your team.",
    "There is no need to prepare slides, bullet points are enough.",
    "I'll take the minutes and send them round on the same day.",
    "We start on time, so please dial in a little early if you join remotely.",
    "The documents are in the shared folder; comments are welcome until the evening before.",
    "Coffee and something to eat will be there.",
    "Parts of it are confidential, please don't forward the invitation.",
    "We may finish early if everybody has read the summary.",
    "Those who join by video: keep your microphone off while others speak.",
)
FILES = (
    "agenda.pdf", "summary.docx", "figures.xlsx", "draft_v3.docx", "slides.pptx", "minutes.pdf",
    "timetable.xlsx", "risks.xlsx", "proposal.pdf", "questions.docx", "budget_overview.xlsx",
)  # fmt: skip
REMARKS = (
    "I can take this over if nobody else has the time.",
    "Waiting for an answer, will ask again tomorrow.",
    "The old version is still on the shared drive, please don't use it.",
    "Called them, they promised to get back to us.",
    "This took longer than I thought, sorry.",
    "Found the missing page, it was in the other folder.",
    "Can we do this before the holidays?",
    "I've moved the details into the notes above.",
    "Half of it is done, the rest depends on the reply.",
    "Prices have gone up a little since we last looked.",
    "Please check the spelling of the names once more.",
    "No hurry from my side.",
)
EDITS = (
    "title corrected", "notes added", "priority looked over", "file attached", "file replaced",
    "reminder moved to the morning", "subtasks put in order", "shared with the family",
    "sharing ended", "moved up on the list", "opened on the phone", "comment marked as read",
)  # fmt: skip
BACKGROUND = (
    "It came up in the last conversation and has been on the list since.",
    "Last time this was left until the final day, which nobody wants to repeat.",
    "If it can't be finished in one go, write down where it stopped.",
    "There is an older note about it in the blue notebook.",
    "It usually takes longer than planned, so better start early in the day.",
    "Ask for help if it turns out to be more than one person can do.",
    "The details were agreed on the phone and are written down nowhere else.",
    "Nobody has to be asked before, it was settled long ago.",
    "Half an hour should be enough if nothing goes wrong.",
    "Tell the others once it is done, they keep asking about it.",
    "It was put off twice already for lack of time.",
    "Mornings are best, in the afternoon something else always comes up.",
)
ABOUT = (
    "Joined after a few years abroad and has worked in three different teams since.",
    "First point of contact for suppliers and for questions about invoices.",
    "Looks after the regional offices and visits each of them twice a year.",
    "Runs the introduction days for new colleagues together with the training team.",
    "Knows the old system inside out and still answers questions about it.",
    "Deputises for the head of the team during the summer.",
    "Organises the running group that meets at the back entrance on Wednesdays.",
    "Wrote most of the handbook and is grateful for corrections.",
    "Trained first-aider; the kit is in the kitchen on the same floor.",
)
SKILLS = (
    "negotiation", "spreadsheets", "public speaking", "project planning", "technical writing",
    "data analysis", "conflict resolution", "accounting", "photo editing", "contract law",
    "event planning", "user interviews", "statistics", "first aid", "budgeting",
)  # fmt: skip


def chance(*key: object) -> random.Random:
    """The chance that a text is made from: the same for the same key, everywhere."""
    return random.Random("-".join(map(str, key)))


@lru_cache(maxsize=2048)
def invitation_text(matter: str, sender: str, key: str) -> str:
    """What the invitation to an event at work says; 400 to 900 characters."""
    rng = chance("invitation", key)
    points = rng.sample(POINTS, rng.randint(4, 6))
    notes = rng.sample(NOTES, rng.randint(2, 4))
    listed = "\n".join(f"{at}. {point}" for at, point in enumerate(points, 1))
    opening = rng.choice(OPENINGS).format(matter=matter)
    return (
        f"{rng.choice(GREETINGS)}\n\n{opening}\n\nAgenda\n{listed}\n\n{' '.join(notes)}\n\n{sender}"
    )


@lru_cache(maxsize=1024)
def task_notes(key: str) -> str:
    """The notes of a task; 400 to 650 characters."""
    rng = chance("notes", key)
    return " ".join(rng.sample(BACKGROUND, rng.randint(7, 9)))


@lru_cache(maxsize=1024)
def about_person(key: str) -> tuple[str, tuple[str, ...]]:
    """(a colleague's description of themselves, skills)."""
    rng = chance("about", key)
    return " ".join(rng.sample(ABOUT, 3)), tuple(rng.sample(SKILLS, rng.randint(3, 5)))
