"""The small drawings that stand beside words: one line width, round ends, on a grid of 24 by 24."""

from types import MappingProxyType

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = MappingProxyType(
    {
        "arrow": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
        "back": '<path d="M19 12H5m6-6-6 6 6 6"/>',
        "badge": '<rect x="5" y="6" width="14" height="15" rx="3"/><path d="M10 6V3h4v3M9 17.5c.8-1.6 5.2-1.6 6 0"/>'
        '<circle cx="12" cy="12" r="2"/>',
        "calendar": '<rect x="4" y="5" width="16" height="15" rx="3"/><path d="M4 10h16M8.5 3v4m7-4v4"/>',
        "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
        "chevron": '<path d="m9 6 6 6-6 6"/>',
        "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
        "close": '<path d="m6 6 12 12M18 6 6 18"/>',
        "copy": '<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M15 5.5A2 2 0 0 0 13 4H6a2 2 0 0 0-2 2v7'
        'a2 2 0 0 0 1.5 2"/>',
        "download": '<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>',
        "drop": '<path d="M12 3.5c3.5 4.2 5.5 7 5.5 10a5.5 5.5 0 0 1-11 0c0-3 2-5.8 5.5-10z"/>'
        '<path d="M9.5 14a2.6 2.6 0 0 0 2 2.4"/>',
        "edit": '<path d="M4.5 19.5 6 15 15.5 5.5l3 3L9 18zM13.5 7.5l3 3"/>',
        "face": '<path d="M5.5 10.5C5.5 6 8.2 3.5 12 3.5s6.5 2.5 6.5 7c0 5.5-3.5 10-6.5 10s-6.5-4.5-6.5-10z"/>'
        '<path d="M9 10.5h.01M15 10.5h.01M9.8 15.5c1.3 1 3.1 1 4.4 0"/>',
        "gauge": '<path d="M4.5 18a9 9 0 1 1 15 0"/><path d="m12 14 3.5-4.5"/><circle cx="12" cy="14" r="1"/>',
        "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.6 3.5 5.4 3.5 8.5s-1 5.9-3.5'
        ' 8.5c-2.5-2.6-3.5-5.4-3.5-8.5s1-5.9 3.5-8.5z"/>',
        "heart": '<path d="M12 20C7 16.5 4 13.3 4 9.5A4.3 4.3 0 0 1 12 7.2a4.3 4.3 0 0 1 8 2.3c0 3.8-3 7-8 10.5z"/>',
        "home": '<path d="m4 11 8-7 8 7"/><path d="M6.5 9.5V20h11V9.5M10 20v-5.5h4V20"/>',
        "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8v.01"/>',
        "leave": '<path d="M10 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H10M10 12h10m-4-4 4 4-4 4"/>',
        "link": '<path d="M10 14a4 4 0 0 0 6 .5l2.5-2.5a4 4 0 0 0-5.7-5.7L11.5 7.6M14 10a4 4 0 0 0-6-.5L5.5 12'
        'a4 4 0 0 0 5.7 5.7l1.3-1.3"/>',
        "lock": '<rect x="5.5" y="10.5" width="13" height="10" rx="2.5"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>',
        "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2.5"/><path d="m4.5 7.5 7.5 5.5 7.5-5.5"/>',
        "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
        "message": '<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4'
        'v-4A2.5 2.5 0 0 1 4 13.5z"/>',
        "minus": '<path d="M5 12h14"/>',
        "moon": '<path d="M19.5 14A8 8 0 1 1 10 4.5a6.5 6.5 0 0 0 9.5 9.5z"/>',
        "page": '<path d="M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6M9 16h6"/>',
        "palette": '<path d="M12 3.5a8.5 8.5 0 1 0 0 17c1.5 0 2-1 1.6-2.2-.5-1.4.2-2.3 1.7-2.3H18c1.6 0 2.5-1.3'
        ' 2.5-3.5 0-5-3.8-9-8.5-9z"/><path d="M8 11.5v.01M11 7.8v.01M15.5 9v.01"/>',
        "pause": '<path d="M9 5.5v13m6-13v13"/>',
        "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M3 20c.5-4 3-6 6-6s5.5 2 6 6M15.5 5.3a3.5 3.5 0 0 1 0 6.4'
        'M17.5 14.5c2 .8 3.2 2.7 3.5 5.5"/>',
        "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.7-4.5 3.6-6.5 7.5-6.5s6.8 2 7.5 6.5"/>',
        "phone": '<path d="M6 3.5h3l1.5 4.5-2 1.8a11 11 0 0 0 5.2 5.2l1.8-2L20 14.5v3.5a2.5 2.5 0 0 1-2.7 2.5'
        'C9.8 20 4 14.2 3.5 6.2A2.5 2.5 0 0 1 6 3.5z"/>',
        "pin": '<path d="M12 21c4.5-4.7 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2 6.3 6.5 11z"/><circle cx="12" cy="10"'
        ' r="2.3"/>',
        "plus": '<path d="M12 5v14M5 12h14"/>',
        "print": '<path d="M7 8.5V4h10v4.5M7 17H4.5v-6A2.5 2.5 0 0 1 7 8.5h10a2.5 2.5 0 0 1 2.5 2.5v6H17"/>'
        '<path d="M7 14h10v6.5H7z"/>',
        "question": '<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.8a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2 1-1.2 1.8'
        'M12 16.6v.01"/>',
        "refresh": '<path d="M19 8.5A8 8 0 0 0 4.5 10M5 15.5A8 8 0 0 0 19.5 14M19.5 4v4.5H15M4.5 20v-4.5H9"/>',
        "rules": '<path d="M4 7h9m4 0h3M4 17h3m4 0h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
        "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
        "share": '<path d="M12 15V4m-4 4 4-4 4 4M6 12v7a1.5 1.5 0 0 0 1.5 1.5h9A1.5 1.5 0 0 0 18 19v-7"/>',
        "shield": '<path d="M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z"/><path d="m9 12 2.2 2.2L15.2 10"/>',
        "sign": '<path d="M4 20.5h16M5 16.5c3-1 3.5-9.5 6-9.5s-1.5 8 .5 8 2-4 3.5-4-.5 3.5 1 3.5 1.5-1 3-1.5"/>',
        "sparkle": '<path d="M12 4c.8 4.7 3.3 7.2 8 8-4.7.8-7.2 3.3-8 8-.8-4.7-3.3-7.2-8-8 4.7-.8 7.2-3.3 8-8z"/>',
        "stop": '<path d="M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7z"/><path d="M12 8v5M12 16v.01"/>',
        "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4'
        'M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>',
        "tag": '<path d="M4 4.5h7.5L20 13l-7 7-8.5-8.5z"/><path d="M8.3 8.3v.01"/>',
        "trash": '<path d="M5 7h14M9.5 7V4h5v3M7 7l.8 13h8.4L17 7M10.5 11v5.5M13.5 11v5.5"/>',
        "undo": '<path d="M8.5 5 4.5 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H9"/>',
        "warn": '<path d="M12 4 3 19.5h18z"/><path d="M12 10v4.5M12 17v.01"/>',
    }
)
"""Name to the inside of its SVG."""


def svg(name: str, label: str = "") -> SafeString:
    """An icon as inline SVG: silent for screen readers unless it has a label.

    Raises:
        KeyError: there is no such icon.
    """
    inside = mark_safe(ICONS[name])  # noqa: S308 - drawn above, no input
    if not label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', inside
        )
    named = '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}" focusable="false">{}</svg>'
    return format_html(named, label, inside)
