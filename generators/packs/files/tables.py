"""What a drive is made of: projects and their files, folders, what files and notes speak of."""

from __future__ import annotations

PROJECTS = (
    "trade fair", "website relaunch", "office move", "summer campaign", "annual report",
    "customer survey", "staff training", "product launch", "museum exhibition", "charity run",
    "new warehouse", "podcast", "recruiting day", "autumn catalogue", "city festival",
)  # fmt: skip
"""What the files are about."""

FOLDERS = (
    "inbox", "client handover", "board papers", "team shared", "approvals", "translations",
    "final versions", "working copies", "old drafts", "press kit", "onboarding",
    "external partners", "quarterly review", "print shop", "management",
)  # fmt: skip
"""Any file may lie in any of them, so that it has to be looked for and can be moved."""

CLOSABLE = ("old drafts", "press kit", "onboarding", "quarterly review", "print shop")
"""Folders that a team may have archived."""

DOCUMENTS = {
    "budget": "spreadsheet",
    "schedule": "spreadsheet",
    "supplier list": "spreadsheet",
    "guest list": "spreadsheet",
    "cost estimate": "spreadsheet",
    "contract": "pdf",
    "floor plan": "pdf",
    "permit": "pdf",
    "proposal": "text",
    "checklist": "text",
    "press release": "text",
    "risk assessment": "text",
    "kickoff deck": "presentation",
    "results deck": "presentation",
    "poster": "image",
    "logo": "image",
}
"""What a file may be -> its type. A file is called after its project: "trade fair budget"."""

SIZES = {"spreadsheet": (18, 900), "pdf": (120, 9000), "text": (12, 400),
         "presentation": (900, 48000), "image": (300, 26000)}  # fmt: skip
"""Type -> smallest and largest size, kilobytes."""

TAGS = (
    "urgent", "to review", "approved", "confidential", "final", "draft", "for print",
    "needs translation", "waiting for client", "legal", "finance", "internal only",
)  # fmt: skip

SUBJECTS = (
    "catering", "fire safety", "data protection", "insurance", "overtime", "parking permits",
    "customs duties", "translation", "photo rights", "sound equipment", "wheelchair access",
    "printing costs", "travel expenses", "storage space", "early-bird discounts", "late fees",
    "packaging", "recycling", "security deposit", "shuttle buses", "food allergies",
    "stage lighting", "penalty clauses", "subcontractors", "public transport", "first aid",
    "opening hours", "social media", "volunteers", "power supply",
)  # fmt: skip
"""What a text may mention, and what people search for."""

PASSAGES = (
    "Nothing has been agreed on {} yet; see the open points at the end.",
    "Section 4 sets out who takes care of {} and by when.",
    "We asked for a second quote for {}, which came in lower than expected.",
    "Figures for {} are estimates until the supplier confirms them in writing.",
    "After last year's trouble with {} there is a named contact for it this time.",
    "Please check everything on {} before this goes out.",
    "The part about {} was taken over unchanged from the previous edition.",
    "All questions about {} go to the project office, not to the venue.",
    "Changes concerning {} need the approval of two people.",
    "The steering group has asked for more detail on {} before it decides.",
    "As to {}, the terms of the framework agreement apply.",
    "A short summary on {} can be found on the last page.",
)

LABELS = (
    "sent to client", "before legal review", "signed off", "first complete draft",
    "with comments", "after proofreading", "board version", "shortened",
)  # fmt: skip
"""What somebody may have called a version when saving it."""

NOTES = (
    "kickoff meeting", "supplier call", "budget review", "design workshop", "site visit",
    "press briefing", "project retrospective", "board meeting", "customer interview",
    "legal consultation", "data migration", "team offsite", "venue inspection", "training day",
    "sponsor talks", "volunteer briefing", "usability test", "fire drill",
)  # fmt: skip

SAID = (
    "We started ten minutes late because the room was double-booked.",
    "The draft was well received; most of the remarks were about the order of the chapters.",
    "Two of the three quotes are in, the third is promised for next week.",
    "There was a long discussion about who signs in the end, without a result.",
    "The figures on page two do not add up and have to be checked against the ledger.",
    "Everybody agreed to keep the format and to drop the second round of comments.",
    "The old version stays online until the new one has been tested for a full week.",
    "Nobody objected to moving the deadline, as long as the printer is told in time.",
    "We will need a bigger room if more than forty people register.",
    "The contact on the other side has changed; the new one starts at the beginning of the month.",
    "Somebody has to go through the photographs and throw out the blurred ones.",
    "The lift is out of order until further notice, so deliveries go to the back door.",
    "Travel is booked, but one of the hotel rooms still has the wrong name on it.",
    "The wording of the invitation was changed twice during the meeting.",
    "Questions that nobody could answer are collected at the bottom of the page.",
    "The list of names is complete apart from the two guests of the sponsor.",
    "It was decided to wait for the results of the test before ordering more.",
    "A shorter text for the leaflet is needed, five hundred characters at most.",
    "The heating in the hall cannot be controlled from inside, which came up again.",
    "There is some money left from last year that may only be used for equipment.",
    "We looked at three layouts and liked the second one best, with the darker blue.",
    "The agreement ends automatically unless somebody renews it in writing.",
    "Feedback from the first group was friendly but vague; the second was more precise.",
    "The keys are with the caretaker and have to be returned the same evening.",
    "If it rains, the second part takes place in the canteen on the ground floor.",
    "The supplier wants a decision soon, otherwise the price goes up by four percent.",
    "All templates are in the shared folder, please do not make copies of your own.",
    "An intern will help with the labels for the first two weeks.",
    "The map on the website still shows the old entrance.",
    "For next time: send the documents at least two days ahead.",
)
"""Sentences that notes are made of."""

HEADINGS = ("Present", "What was said", "Decisions", "Next steps", "Parking lot")

TEAMS = {
    "marketing": ("campaign manager", "copywriter", "events coordinator"),
    "finance": ("controller", "accountant"),
    "design": ("graphic designer", "photo editor", "web designer"),
    "legal": ("contracts lawyer", "data protection officer"),
    "operations": ("project manager", "logistics planner", "facilities manager"),
    "people": ("recruiter", "training lead"),
}
"""Team -> what its members do."""
