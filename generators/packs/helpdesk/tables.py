"""What support desks are made of: customers, agents, queues, problems and the words of messages."""

from __future__ import annotations

QUEUES = ("billing", "access", "hardware", "network", "mobile app", "integrations")

PROBLEMS = {
    "billing": (
        "charged twice this month",
        "invoice shows the wrong address",
        "discount missing from the invoice",
        "card payment declined",
        "receipt never arrived",
    ),
    "access": (
        "password reset link expired",
        "locked out after changing phones",
        "new colleague cannot sign in",
        "two-step code never arrives",
        "signed out every few minutes",
    ),
    "hardware": (
        "scanner does not switch on",
        "label printer prints blank pages",
        "terminal screen flickers",
        "docking station not recognised",
        "battery drains overnight",
    ),
    "network": (
        "connection drops every hour",
        "uploads are very slow",
        "cannot reach the server from home",
        "wireless network missing from the list",
        "video calls freeze",
    ),
    "mobile app": (
        "app crashes on opening",
        "notifications stopped",
        "photos do not upload",
        "map stays blank",
        "app stuck on the loading screen",
    ),
    "integrations": (
        "calendar no longer synchronises",
        "orders imported twice",
        "nightly export fails",
        "contact list out of date",
        "webhook returns an error",
    ),
}
"""Queue -> what goes wrong there."""

FIXES = (
    "restart the device",
    "clear the cache",
    "sign out and in again",
    "install the latest update",
    "renew the access key",
    "reconnect the account",
    "reset the network settings",
    "replace the cable",
    "correct the billing profile",
    "turn off the power saver",
)

ARTICLE_TYPES = ("guide", "known issue", "checklist", "troubleshooter")

ORGANISATIONS = (
    "Alderbrook Dental", "Amberline Travel", "Bluefin Catering", "Cedarwick School",
    "Corvane Logistics", "Dunmore Interiors", "Eastgate Clinic", "Fennwick Farms",
    "Glasswing Studios", "Hartlow Engineering", "Ironbark Builders", "Juniper Row Hotels",
    "Kingsmere Library", "Larkfield Foods", "Marlow and Finch", "Nettlecombe Museum",
    "Oldbridge Motors", "Pinecrest Insurance", "Quillon Design", "Ravensby Tools",
    "Saltmarsh Ferries", "Thornbury Opticians", "Umberfield Press", "Velmar Cosmetics",
    "Whitlock Pharmacy", "Yarrow Gardens", "Anlan Education", "Bofeng Machinery",
    "Chenxi Foods", "Hengyue Travel", "Jinghe Medical", "Lanqiao Media",
    "Mingtai Logistics", "Qingshan Hotels", "Ruihong Textiles", "Yunfan Software",
)  # fmt: skip

AGENTS = (
    "Nora Lindqvist", "Tomas Okafor", "Priya Raman", "Elena Petrova", "Daniel Brandt",
    "Aisha Karim", "Lucas Moreau", "Grace Holloway", "Marco Bellini", "Hannah Weiss",
    "Zhao Min", "Liu Jiaqi", "Wang Haoran", "Chen Yutong", "Sun Lei", "Zhou Xinyi",
    "Oliver Quinn", "Sofia Almeida",
)  # fmt: skip

FIRST = (
    "Amy", "Ben", "Carla", "Dev", "Edith", "Felix", "Gina", "Hugo", "Ines", "Jonas", "Kofi",
    "Lena", "Milo", "Nadia", "Omar", "Pia", "Rui", "Stella", "Tariq", "Uma", "Wei", "Xin", "Yara",
)  # fmt: skip
LAST = (
    "Adler", "Bishop", "Castillo", "Dawson", "Eriksen", "Fontaine", "Gupta", "Hale", "Ivanov",
    "Jensen", "Kowalski", "Lang", "Mensah", "Novak", "Ortiz", "Park", "Rossi", "Silva", "Tan",
    "Vogel", "Wu", "Young", "Zeller",
)  # fmt: skip

PLANS = {"basic": 2.0, "standard": 1.0, "premium": 0.5}
"""Plan -> how long its customers wait, against the standard one."""

PRIORITIES = {"low": (24, 168), "normal": (8, 72), "high": (4, 24), "urgent": (1, 8)}
"""Priority -> hours to the first reply and to the solution, on the standard plan."""

CUSTOMER_OPENINGS = (
    "Hello, we have been seeing this since the start of the week.",
    "Hi there, this is holding up half of our office.",
    "Good morning, I hope this is the right place to ask.",
    "It happened again today, just as described before.",
    "Thanks for the quick answer, but I'm afraid it isn't solved.",
    "Sorry to come back to this so soon.",
)
CUSTOMER_DETAILS = (
    "Nothing was changed on our side, as far as anybody here remembers.",
    "Three colleagues on the same floor see it too, while the people upstairs do not.",
    "We tried it in another browser and on a second machine with the same outcome.",
    "It works for a few minutes after a restart and then fails in the same way.",
    "Our own administrator looked at it and found nothing unusual in the settings.",
    "The message on the screen disappears before anybody can read all of it.",
    "It began right after the last update, or at least that is when somebody noticed.",
    "I can send a recording of the screen if that would help you.",
    "We have a stocktaking coming up and really need this to work by then.",
    "The older account of a colleague who left seems not to be affected.",
)
CUSTOMER_CLOSINGS = (
    "Please tell us what else you need to know.",
    "Could somebody call us back about this?",
    "Thank you for looking into it.",
    "We would be glad of any news.",
)
AGENT_OPENINGS = (
    "Thank you for getting in touch, and sorry for the trouble.",
    "Thanks for the details, they help a lot.",
    "I have gone through the logs of the last few days.",
    "I have talked to a colleague from the development team.",
    "Sorry for the wait, we had to reproduce this first.",
)
AGENT_DETAILS = (
    "The logs show that the request arrives and is turned away at the second step.",
    "We could reproduce it with a test account that has the same settings as yours.",
    "Please check whether the clock of the machine is set by itself and not by hand.",
    "There is nothing wrong with your licence, so that can be ruled out.",
    "Could you try once from a different connection, for example through a phone?",
    "We have raised the logging level for your account for two days.",
    "A similar case was solved last month by going through the help article step by step.",
    "Please leave everything as it is for the moment, so that we can look at it live.",
    "The change that we suspect has been taken back for your account.",
    "Your data is complete; nothing has been lost on our side.",
)
AGENT_CLOSINGS = (
    "I'll come back to you as soon as I know more.",
    "Please let me know how that goes.",
    "The ticket stays with me until this is sorted out.",
    "Just reply to this message if it happens again.",
)

ARTICLE_PARTS = (
    "This article is for administrators as well as for everybody who uses the product daily.",
    "Before you start, save your work and close all other windows of the application.",
    "Write down the full text of the message, if there is one, and the time at which it appeared.",
    "Check the status page first: if there is a banner at the top, the cause is known already.",
    "The steps below change nothing in your data and can be repeated as often as needed.",
    "Open the settings, choose the section named in the message, and compare it with the picture.",
    "If a field is greyed out, your role does not allow the change; ask an administrator.",
    "Wait for at least one minute after each step: some changes take a moment to arrive.",
    "Test with a single record first, and go on only if the outcome is what you expect.",
    "On managed devices the setting may be put back at night by the company's own policy.",
    "Some browser extensions stop pages from loading fully; try a private window.",
    "If it still fails, collect the log: the button for it is at the very bottom of the page.",
    "Attach the log to the ticket as it is, and do not rename the file.",
    "The log holds no passwords and no contents of documents, only times and codes.",
    "Support can look at the account only after a member of your team has agreed to it.",
    "Older versions of this article described another menu, which has since been removed.",
    "Partners who run several accounts need to go through the steps for each one of them.",
    "Colleagues who work in another time zone may see the change only on their next day.",
    "If you use the desktop and the mobile version side by side, close one of them first.",
    "A proxy between you and our servers has to let through every address on the network page.",
    "The pictures show the English menus; the order of the entries is the same in all languages.",
    "Do not delete the account to start afresh: its history cannot be brought back.",
    "Once all is well, put back any setting that you changed only for testing.",
)
"""What help articles say: true of every product, and of little use."""


DUTIES = {"on duty": 11, "on holiday": 3, "off sick": 2, "in training": 2}
"""What an agent may be doing -> how often that is so."""
