"""What agendas are made of: titles of events and tasks, rooms, teams, places."""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """A sort of event at work."""

    title: str
    minutes: int
    size: int
    """People who take part beside the owner, about."""
    matter: str
    """What it is about, as a noun phrase for texts."""


WORK = tuple(
    Topic(title, int(minutes), int(size), matter)
    for title, minutes, size, matter in (
        line.split("|")
        for line in """\
Budget review|60|4|next year's budget
Design review|60|5|the new booking page
Sprint planning|90|6|the next sprint
Team sync|30|6|this week's work
Sales forecast meeting|45|4|the sales figures
Hiring committee meeting|60|3|the open positions
Safety briefing|30|7|the new safety rules
Roadmap workshop|120|6|the product roadmap
Incident review|45|5|last month's outage
Marketing meeting|30|5|the spring campaign
Code review session|45|3|the payment module
Customer feedback session|60|4|the customer survey
Quarterly planning|120|7|the coming quarter
Supplier negotiation|60|3|the packaging contract
Product demo|45|6|the new release
Data privacy training|90|7|the privacy rules
Press interview|30|1|the company's anniversary
Board presentation|60|5|the annual results
Performance review|45|1|the past year's goals
Onboarding session|60|3|the first weeks of the new colleagues
Warehouse inspection|90|2|the storage of spare parts
Office move meeting|45|4|the move to the new building
User research debrief|45|4|the usability tests
Release retrospective|60|6|the last release
Supplier call|30|2|the late deliveries
Legal consultation|45|2|the licence agreement
Translation review|45|3|the translated manuals
Website launch meeting|60|5|the launch of the website
Pricing discussion|45|3|the new price list
Trade fair preparation|60|4|the stand at the trade fair
""".splitlines()
    )
)


class Errand(NamedTuple):
    """A private appointment."""

    title: str
    minutes: int
    time: str
    """`day`: before, after or between work; `evening`."""
    place: str


PRIVATE = tuple(
    Errand(title, int(minutes), time, place)
    for title, minutes, time, place in (
        line.split("|")
        for line in """\
Dentist appointment|45|day|Harbour Dental Practice, 2nd floor
Eye exam|30|day|Linden Eye Clinic
Haircut|45|day|Studio Nine, Market Street
Piano lesson|60|evening|Music School, room 12
Yoga class|75|evening|Riverside Studio
Parent-teacher meeting|30|evening|Hillside Primary School
Car inspection|60|day|Northgate Garage
Book club|120|evening|Corner Library
Swimming lesson|60|evening|Municipal Pool
Physiotherapy session|40|day|Movement Clinic
Tennis match|90|evening|Parkside Courts
Vaccination appointment|20|day|Community Health Centre
Flat viewing|30|day|Garden Row 18
Cooking class|120|evening|The Copper Kitchen
Choir rehearsal|90|evening|St Mark's Hall
Vet appointment|30|day|Oak Lane Animal Clinic
Bank appointment|45|day|Union Bank, High Street branch
Birthday dinner|120|evening|Trattoria Lucia
""".splitlines()
    )
)

NEW_EVENTS = (
    "Project kickoff", "Farewell party", "Job interview", "Client meeting",
    "Team meeting", "Panel discussion", "Contract signing", "Site visit", "Photo shoot",
    "Press conference", "Salary negotiation", "Phone interview", "Fire drill", "Test run",
    "Award ceremony", "Final rehearsal", "Stocktaking",
)  # fmt: skip
"""Titles that nobody's calendar has yet, so that somebody can add them."""

TALKS = (
    "Coffee chat", "Handover meeting", "Feedback talk", "Mentoring session", "Catch-up",
    "Career talk", "Status update", "Brainstorming session", "Draft review", "Contract review",
    "Knowledge transfer", "Project planning",
)  # fmt: skip
"""Titles of new meetings of two."""

CALENDARS = ("Work", "Private")

LISTS = ("Work", "Household", "Shopping", "Paperwork", "Trip")

TASKS = {
    "Work": (
        "Update the price list", "Write the meeting minutes", "Prepare the quarterly report",
        "Review the job applications", "Order business cards", "Check the travel expenses",
        "Proofread the brochure", "Test the new printer", "Archive the old contracts",
        "Reply to the customer complaint", "Plan the training day", "Draft the press release",
        "Compare the supplier quotes", "Fix the broken links on the website",
    ),
    "Household": (
        "Clean the windows", "Repair the bike", "Water the plants", "Defrost the freezer",
        "Mow the lawn", "Descale the coffee machine", "Replace the smoke alarm battery",
        "Tidy up the basement", "Wash the curtains", "Paint the garden fence",
    ),
    "Shopping": (
        "Buy cat food", "Buy light bulbs", "Buy a birthday present", "Buy running shoes",
        "Buy printer paper", "Buy a raincoat", "Buy new towels", "Buy a bike lock",
        "Buy stamps", "Buy moving boxes",
    ),
    "Paperwork": (
        "Renew the passport", "File the tax return", "Pay the electricity bill",
        "Cancel the gym membership", "Renew the car insurance", "Apply for the parking permit",
        "Sign the rental contract", "Send in the medical bills", "Register for the language course",
        "Read the electricity meter",
    ),
    "Trip": (
        "Book the airport transfer", "Pack the suitcase", "Buy travel insurance",
        "Apply for the visa", "Print the boarding passes", "Exchange some money",
        "Find a cat sitter", "Download the offline maps",
    ),
}  # fmt: skip

STEPS = {
    "Work": (
        "collect the figures", "ask the team for input", "write a first draft",
        "have it checked", "put in the corrections", "send it round", "file a copy",
    ),
    "Household": (
        "get the tools ready", "look for spare parts", "make some room", "do the actual work",
        "take the rubbish away", "put everything back",
    ),
    "Shopping": (
        "compare prices online", "ask at the shop on the corner", "check the size",
        "look for a voucher", "keep the receipt",
    ),
    "Paperwork": (
        "find the old documents", "download the form", "fill in the form", "make copies",
        "get a signature", "send it off", "write down the reference",
    ),
    "Trip": (
        "check the dates again", "compare a few offers", "ask the others", "pay for it",
        "save the confirmation",
    ),
}  # fmt: skip
"""Subtasks that go with the tasks of a list, in the order in which they are done."""

NEW_TASKS = {
    "Work": (
        "Call the customer", "Book a hotel room", "Update the website", "Print the contract",
        "Order new chairs", "Write a thank-you letter", "Back up the laptop",
        "Translate the manual",
    ),
    "Household": (
        "Clean the oven", "Change the bed sheets", "Take out the bins", "Fix the dripping tap",
        "Feed the neighbour's cat", "Vacuum the stairs",
    ),
    "Shopping": (
        "Buy milk", "Buy flowers", "Buy batteries", "Buy toothpaste", "Buy coffee beans",
        "Buy an umbrella",
    ),
    "Paperwork": (
        "Pay the rent", "Call the landlord", "Renew the library card", "Pay the water bill",
        "Scan the receipts", "Make a doctor's appointment",
    ),
    "Trip": ("Wash the hiking clothes", "Charge the camera", "Book the train tickets",
             "Reserve a rental car"),
}  # fmt: skip
"""Titles of tasks that are on nobody's list yet."""

PRIORITIES = ("high", "normal", "low")

ROOM_NAMES = (
    "Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Linden", "Maple", "Oak",
    "Pine", "Poplar", "Rowan", "Spruce", "Walnut", "Willow",
)  # fmt: skip

TEAMS = {
    "Product": ("product manager", "product analyst", "UX designer"),
    "Engineering": ("software engineer", "test engineer", "engineering manager"),
    "Sales": ("account manager", "sales analyst", "key account manager"),
    "Marketing": ("campaign manager", "copywriter", "event manager"),
    "Finance": ("controller", "accountant", "payroll specialist"),
    "Operations": ("logistics planner", "facility manager", "purchaser"),
    "Human Resources": ("recruiter", "HR advisor", "training coordinator"),
    "Legal": ("legal counsel", "contract manager", "compliance officer"),
}

RESPONSES = ("accepted", "declined", "tentative", "no reply")
