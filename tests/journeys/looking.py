"""What is wrong with a page as somebody sees, reads aloud and touches it."""

from collections.abc import Iterator
from typing import Final

from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import Page

from tests.journeys.conftest import DESKTOP, PHONE

SEEN: Final = ["color-contrast", "target-size", "scrollable-region-focusable"]
"""The rules whose answer depends on colours and on the width."""

SMALL: Final = """() => {
  const seen = (box, one) => box.width > 1 && box.height > 1
    && one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const spread = (one) => getComputedStyle(one, "::after").position === "absolute";
  const alone = (one) => one.parentElement.textContent.trim() === one.textContent.trim();
  const found = [];
  for (const one of document.querySelectorAll("a, button, summary, input, select, textarea")) {
    if (one.closest("svg, [aria-hidden=true]") || spread(one)) continue;
    const inText = getComputedStyle(one).display === "inline" && !alone(one);
    const ticked = ["checkbox", "radio"].includes(one.type) && one.closest("label");
    const box = (ticked || one).getBoundingClientRect();
    if (!inText && seen(box, one) && box.height < 43.5)
      found.push(`${one.outerHTML.slice(0, 90)} is ${Math.round(box.height)} px high`);
  }
  return found;
}"""
"""
Finds what is too small for a finger. Links within a sentence are as high as their line; those that
spread over their row are as high as the row.
"""

WIDER: Final = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
  .map((one) => one.outerHTML.slice(0, 90)).slice(0, 3)"""


def faults(page: Page) -> list[str]:
    """Return what is wrong with an open page: on a phone in the dark, on a desk by daylight."""
    page.evaluate(AXE)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(color_scheme="dark")
    found = [*_sideways(page, PHONE[0]), *page.evaluate(SMALL), *_violations(page, SEEN)]
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.emulate_media(color_scheme="light")
    return [*found, *_sideways(page, DESKTOP[0]), *_violations(page)]


def _sideways(page: Page, width: int) -> list[str]:
    reach = page.evaluate("() => document.documentElement.scrollWidth")
    return [f"{reach} px wide, for {page.evaluate(WIDER)}"] if reach > width else []


def _violations(page: Page, rules: list[str] | None = None) -> Iterator[str]:
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    for broken in page.evaluate("options => axe.run(options)", options)["violations"]:
        for node in broken["nodes"][:3]:
            yield f"{broken['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:120]})"
