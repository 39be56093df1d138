"""Rows as a review sees them, and answers as Argilla gives them."""

import json

from callwright.curation.review.answers import Judged, answered
from callwright.curation.review.corrections import texts_of
from callwright.curation.review.parcel import Parcel
from callwright.curation.review.sheets import base_name, sheet


def submitted(row, user="u1", verdict="accept", **changed):
    """The answer of an annotator who leaves everything as suggested but what is `changed`."""
    suggested = {
        name: value for name, (value, _) in sheet(Parcel(row, "p"), {}).suggestions.items()
    }
    return answered(user, {**suggested, "verdict": verdict, **changed}, row, suggested)


def record(row, *answers, attempt=0, returned="", build=None):
    """A record with answers."""
    base = base_name(row)
    return Judged(base, base, attempt, returned, Parcel(row, "p", build), answers)


def calls_with(row, step, **arguments):
    """The row's calls as text, arguments of one step changed."""
    calls = json.loads(texts_of(row).calls)
    calls[step - 1]["arguments"].update(arguments)
    return json.dumps(calls, ensure_ascii=False)
