"""What the library holds: titles, headings, authors, terms, and what texts are made of."""

from __future__ import annotations

from typing import NamedTuple


class Work(NamedTuple):
    title: str
    topic: str


WORKS = (
    Work("Fire Safety Handbook", "safety"),
    Work("First Aid Guide", "safety"),
    Work("Laboratory Safety Rules", "safety"),
    Work("Forklift Operating Manual", "safety"),
    Work("Working at Height Rules", "safety"),
    Work("Travel Expense Policy", "finance"),
    Work("Purchasing Guidelines", "finance"),
    Work("Invoice Processing Manual", "finance"),
    Work("Budget Planning Guide", "finance"),
    Work("Company Card Rules", "finance"),
    Work("Parental Leave Policy", "staff"),
    Work("Remote Work Agreement", "staff"),
    Work("Onboarding Handbook", "staff"),
    Work("Performance Review Guide", "staff"),
    Work("Code of Conduct", "staff"),
    Work("Annual Leave Rules", "staff"),
    Work("Password Policy", "security"),
    Work("Incident Response Plan", "security"),
    Work("Visitor Access Rules", "security"),
    Work("Mobile Device Policy", "security"),
    Work("Backup and Recovery Manual", "security"),
    Work("Personal Data Guidelines", "privacy"),
    Work("Records Retention Schedule", "privacy"),
    Work("Customer Consent Guide", "privacy"),
    Work("Video Surveillance Policy", "privacy"),
    Work("Machine Maintenance Manual", "production"),
    Work("Quality Inspection Handbook", "production"),
    Work("Packaging Standards", "production"),
    Work("Supplier Audit Guide", "production"),
    Work("Waste Disposal Rules", "environment"),
    Work("Energy Saving Plan", "environment"),
    Work("Chemical Storage Guidelines", "environment"),
    Work("Water Use Report", "environment"),
    Work("Press Contact Guidelines", "communication"),
    Work("Brand Style Guide", "communication"),
    Work("Trade Fair Handbook", "communication"),
    Work("Social Media Policy", "communication"),
)

HEADINGS = (
    "Purpose",
    "Scope",
    "Responsibilities",
    "Procedure",
    "Exceptions",
    "Deadlines",
    "Forms and records",
    "Training",
    "Contacts",
    "Penalties",
)
"""What sections are called; a document has six of them, in this order."""

TERMS = {
    # term: (topic of the documents that explain it, definition)
    "near miss": ("safety", "An event that could have caused harm but did not."),
    "muster point": ("safety", "The place where everybody gathers after an evacuation."),
    "per diem": ("finance", "A fixed daily sum for meals on business trips."),
    "cost centre": ("finance", "The unit to which an expense is charged."),
    "purchase order": ("finance", "A numbered commitment to buy, sent to a supplier."),
    "probation period": ("staff", "The first months of a contract, with a short notice."),
    "core hours": ("staff", "The time of day at which everybody is reachable."),
    "line manager": ("staff", "The person who directs and reviews an employee's work."),
    "two-factor login": ("security", "A sign-in that needs a second proof beside the password."),
    "clean desk": ("security", "A desk left without papers or media at the end of the day."),
    "data subject": ("privacy", "The person to whom personal data relates."),
    "retention period": ("privacy", "How long a record is kept before it is destroyed."),
    "lock-out": ("production", "Isolating a machine from its energy before work on it."),
    "batch record": ("production", "The papers that show how one lot was made."),
    "corrective action": ("production", "A step that removes the cause of a fault."),
    "hazardous waste": ("environment", "Waste that harms people or water and is kept apart."),
    "safety data sheet": (
        "environment",
        "The supplier's sheet on a substance and its dangers.",
    ),
    "embargo": ("communication", "A date before which news must not be published."),
    "brand colours": ("communication", "The colours that identify the company."),
    "escalation": ("security", "Passing a problem to the next level of responsibility."),
}

PEOPLE = (
    ("Ingrid Solberg", "Safety"), ("Marek Dvorak", "Finance"), ("Amara Okafor", "Human Resources"),
    ("Pieter Vos", "IT Security"), ("Lucia Ferrante", "Legal"), ("Haruto Mori", "Production"),
    ("Chloe Marchand", "Facilities"), ("Daniel Osei", "Communications"),
    ("Sofia Lindgren", "Quality"), ("Tomas Herrera", "Purchasing"),
)  # fmt: skip

SENTENCES = (
    "This section applies to all sites and to everybody who works there, contractors included.",
    "Where local law is stricter, local law is followed and the difference is recorded.",
    "The owner of this document reviews it once a year and after every serious event.",
    "Questions are answered by the department named on the first page.",
    "Each step is confirmed in writing by the person who carried it out.",
    "A copy is kept on site for as long as the schedule of records requires.",
    "Nobody is to work alone where two people are prescribed.",
    "Deviations are agreed beforehand with the line manager and noted in the log.",
    "The forms named below are found in the annex and may not be altered.",
    "Training is repeated every two years; new staff attend within their first month.",
    "If a step cannot be completed, work stops until the cause has been found.",
    "Photographs may be taken only with the consent of those who are shown.",
    "Costs are charged to the unit that ordered the work.",
    "Reports are sent on the last working day of the month, without reminders.",
    "Equipment is checked before it is used and labelled with the date of the check.",
    "Keys and badges are returned on the day on which they are no longer needed.",
    "Entries are made in ink or in the system, never on loose sheets.",
    "Any two members of the committee can call a meeting at one day's notice.",
    "External partners receive only the pages that concern them.",
    "Improvements are welcome and are collected by the owner during the year.",
    "Old versions are withdrawn as soon as a new one has been issued.",
    "What is not mentioned here is decided by the head of the department.",
)
"""What the texts of sections are made of."""
