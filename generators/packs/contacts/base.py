"""The pack itself; the modules beside this one register their tools and values with it."""

from callwright.generators.pack import Pack

pack = Pack(
    "contacts",
    about="A directory of companies, their people and books; what numbers and addresses mean.",
    data=(
        "Companies, people, books and their numbers are invented: phone numbers from the ranges "
        "that regulators reserve for films (Ofcom, NANPA, ACMA, BNetzA, Arcep, PTS, NMHH), e-mail "
        "addresses under example.com, .net and .org, ISBNs with unassigned prefixes, IBANs of "
        "banks that do not exist beside the published examples, card numbers that payment "
        "services publish for tests. Rules: phonenumbers (Apache-2.0), python-stdnum (LGPL), "
        "email-validator (Unlicense), Babel with Unicode CLDR (BSD)."
    ),
)
