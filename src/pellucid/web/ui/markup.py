"""The simple markup of the clinic's own texts: paragraphs, ``## `` headings and ``- `` lists, nothing else."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


def html(text: str) -> SafeString:
    """Text as HTML; whatever somebody typed is escaped."""
    blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if block.strip()]
    return format_html_join("\n", "{}", ((part,) for block in blocks for part in _parts(block.strip().split("\n"))))


def _parts(lines: list[str]) -> list[SafeString]:
    """One block: lines of one sort that follow each other belong together."""
    parts: list[SafeString] = []
    while lines:
        sort = _sort(lines[0])
        count = next((number for number, line in enumerate(lines) if _sort(line) != sort), len(lines))
        parts.append(_part(sort, [line.strip().removeprefix(sort) for line in lines[:count]]))
        lines = lines[count:]
    return parts


def _sort(line: str) -> str:
    return next((mark for mark in ("## ", "- ") if line.strip().startswith(mark)), "")


def _part(sort: str, lines: list[str]) -> SafeString:
    if sort == "## ":
        return format_html_join("\n", "<h2>{}</h2>", ((line,) for line in lines))
    if sort == "- ":
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)))
    return format_html("<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)))
