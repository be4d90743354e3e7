"""A licence file at the top whose text is that of a licence."""

import re

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude

ADVICE = "Add a LICENSE file with the whole text of the licence that your organisation chose."
PRONE = (
    "Low: fixed names. A licence of one's own wording is recognised by its terms only."
)

NAMES = (
    "LICEN[CS]E",
    "LICEN[CS]E[.-]*",
    "LICEN[CS]ES",
    "*[.-]LICEN[CS]E",
    "COPYING*",
    "UNLICENSE*",
    "COPYRIGHT",
    "LICENSES/*.txt",
)
# Sentences that stand in the licences themselves, not only in a mention of them.
TERMS = re.compile(
    r"Permission is hereby granted, free of charge|Permission to use, copy, modify"
    r"|Redistribution and use in source and binary forms|Apache License\s+Version 2\.0"
    r"|Licensed under the Apache License, Version 2\.0|GNU (LESSER |AFFERO )?GENERAL PUBLIC LICENSE"
    r"|Mozilla Public License,? Version|Eclipse Public License|European Union Public Licence"
    r"|This is free and unencumbered software"
    r"|Creative Commons .{0,60}(Public License|International)"
    r"|CC0 1\.0 Universal|DO WHAT THE FUCK YOU WANT|Boost Software License|Microsoft Public License"
    r"|Business Source License|Elastic License|Server Side Public License|Artistic License"
    r"|Academic Free License"
    r"|(All rights reserved|proprietary).{0,400}(permission|license|licence|consent)"
    r"|OpenRAIL|RAIL License|BSD [23]-Clause|Licensor grants|grants? (to )?you a",
    re.I | re.S,
)

# A section of the README that says which licence holds, and little more.
NAMED = re.compile(
    r"^#+[^\w\n]*Licen[cs]e\s*\n\s*[^#\n]{0,120}\b(MIT|Apache|BSD|L?GPL|AGPL|MPL|ISC|Unlicense"
    r"|CC[ -]BY|CC0|GNU)\b",
    re.I | re.M,
)


def detect(repository: Repository) -> Finding:
    """Look at licence files, then for a licence inside the README."""
    found = []
    for path in repository.top(*NAMES) + repository.find("LICENSES/*.txt", shared=True):
        if not path.lower().endswith((".py", ".ipynb", ".js", ".html")):
            found.append(read_license(repository, path))
    for path in repository.top("README*"):
        text = repository.read(path)
        match = TERMS.search(text) or NAMED.search(text)
        if match:
            line = text.count("\n", 0, match.start()) + 1
            found.append(repository.cite(path, line, "text", Strength.WEAK))
    return conclude(
        "license",
        found,
        present="A file at the top holds the text of a licence.",
        partial="A licence stands only inside the README.",
        absent="There is no file with the text of a licence at the top.",
    )


def read_license(repository: Repository, path: str) -> Evidence:
    """Make evidence of a licence file."""
    text = repository.read(path)
    known = TERMS.search(text)
    reasons = () if known else ("its text is not that of a licence",)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return repository.cite(path, 0, "file", Strength.STRONG, reasons, excerpt=first)
