"""The page where a buyer pays: plain HTML, no script, and it says clearly that no money moves."""

import json
from html import escape
from pathlib import Path
from typing import Any

TEXTS: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("texts.json").read_text(encoding="utf-8"))
STYLE = """
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2433; background: #f4f5f8; }
main { max-width: 26rem; margin: 0 auto; padding: 1rem; }
.demo { background: #fff3c4; border: 2px solid #b7791f; border-radius: .5rem; padding: .75rem; }
.error { background: #fde8e8; border: 2px solid #c0392b; border-radius: .5rem; padding: .75rem; }
dl { background: #fff; border-radius: .5rem; padding: .75rem; margin: 1rem 0; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
button { display: block; width: 100%; min-height: 3rem; margin: .5rem 0; font: inherit; font-weight: 600;
  color: #fff; background: #3d3fb5; border: 0; border-radius: .5rem; cursor: pointer; }
button.plain { color: #1d2433; background: #fff; border: 2px solid #8a93a6; }
"""
BUTTONS = (
    ("4242424242424242", "pay", ""),
    ("4000002500003155", "challenge", ""),
    ("4000000000000002", "decline", ""),
    ("later", "later", "plain"),
    ("cancel", "cancel", "plain"),
)


def texts_for(locale: str | None) -> dict[str, str]:
    """Vietnamese for Vietnamese pages, English for everyone else."""
    return TEXTS["vi" if locale == "vi" else "en"]


def money(amount: int, locale: str | None) -> str:
    """Dong as the buyer writes them."""
    return f"{amount:,}".replace(",", "," if locale != "vi" else ".") + "\u00a0₫"


def pay_page(session: dict[str, Any], items: list[dict[str, Any]], error: str = "") -> str:
    """What is paid, and the buttons of the demonstration."""
    locale = session["locale"]
    texts = texts_for(locale)
    rows = "".join(f"<dt>{escape(item['name'])}</dt><dd>{money(item['amount'], locale)}</dd>" for item in items)
    total = f"<dt>{texts['total']}</dt><dd>{money(session['amount_total'], locale)}</dd>"
    warning = f'<p class="error" role="alert">{escape(texts[error])}</p>' if error else ""
    buttons = "".join(
        f'<button name="card" value="{value}" class="{kind}">{escape(texts[name])}</button>'
        for value, name, kind in BUTTONS
    )
    form = f'<form method="post">{buttons}</form>'
    return page(locale, texts["title"], f"{warning}<dl>{rows}{total}</dl>{form}")


def challenge_page(session: dict[str, Any]) -> str:
    """The bank asks the buyer to confirm (3-D Secure)."""
    texts = texts_for(session["locale"])
    buttons = "".join(
        f'<button name="answer" value="{value}" class="{kind}">{escape(texts[value])}</button>'
        for value, kind in (("complete", ""), ("fail", "plain"))
    )
    text = f"<p>{escape(texts['bank_asks'])}</p>"
    return page(session["locale"], texts["challenge_title"], f'{text}<form method="post">{buttons}</form>')


def notice_page(locale: str | None, name: str) -> str:
    """One sentence: the page is over, or never was."""
    texts = texts_for(locale)
    return page(locale, texts["title"], f"<p>{escape(texts[name])}</p>")


def page(locale: str | None, title: str, body: str) -> str:
    """The frame."""
    texts = texts_for(locale)
    return (
        f'<!DOCTYPE html><html lang="{"vi" if locale == "vi" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
        f'<p class="demo"><strong>{escape(texts["demo"])}</strong></p>{body}</main></body></html>'
    )
