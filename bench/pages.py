"""
Measure the pages and print one JSON object a line: `make bench-web`, `make bench-web ARGS=--quick`.

On a phone: processor four times slower, 1.6 Mbit/s, 150 ms there and back, nothing in the cache
(``again_ms``: the style and the scripts in it). On the server: from the request to the packed
page, with the statements it took. The reference beside both is a file of the same server, measured
in the same turn, so that a slow machine can be told from slow code.
"""

import json
from argparse import ArgumentParser
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any, Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bench.samples import part
from bench.site import Look, Site, served
from tests.traced import statements

PHONE: Final = ViewportSize(width=390, height=844)
SLOWER: Final = 4
NETWORK: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
READY: Final = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return [page.domContentLoadedEventEnd, paint ? paint.startTime : 0];
}"""
WARM: Final = 5


@dataclass
class Wire:
    """What a page takes over the wire, as the browser's own network panel counts it."""

    requests: int = 0
    size: float = 0

    def listen(self, page: Page) -> Any:
        """Start counting; return the session that talks to the browser."""
        talk = page.context.new_cdp_session(page)
        talk.send("Network.enable")
        talk.on("Network.requestWillBeSent", self._ask)
        talk.on("Network.loadingFinished", self._finish)
        return talk

    def _ask(self, _event: Any) -> None:
        self.requests += 1

    def _finish(self, event: Any) -> None:
        self.size += event["encodedDataLength"]


@dataclass
class Found:
    """The values of one page."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, **values: float) -> None:
        """Keep the values of one run."""
        for name, value in values.items():
            self.values[name].append(value)

    def medians(self) -> dict[str, float]:
        """Return the median of every value."""
        return {name: round(median(values), 2) for name, values in self.values.items()}


def open_on_phone(browser: Browser, site: Site, look: Look) -> dict[str, float]:
    """Return how long a phone takes to be ready, first with nothing in its cache, then again."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=3, base_url=site.address)
    if look.cookie:
        context.add_cookies([{"name": "tsikl", "value": look.cookie, "url": site.address}])
    page, wire = context.new_page(), Wire()
    talk = wire.listen(page)
    talk.send("Network.emulateNetworkConditions", NETWORK)
    talk.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(look.path, wait_until="networkidle")
    ready, paint = page.evaluate(READY)
    requests, size = wire.requests, wire.size
    page.goto(look.path, wait_until="networkidle")
    again, _ = page.evaluate(READY)
    context.close()
    return {
        "ready_ms": ready,
        "paint_ms": paint,
        "again_ms": again,
        "kb": size / 1000,
        "requests": requests,
    }


def phone(site: Site, rounds: int, chromium: str) -> None:
    """Open every page in turn, so many times, and print the medians."""
    found: dict[str, Found] = defaultdict(Found)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium or None, args=["--no-sandbox"])
        for number in range(rounds + 1):
            for look in site.looks:
                values = open_on_phone(browser, site, look)
                if number:
                    found[look.name].note(**values)
        browser.close()
    reference = median(found["reference"].values["ready_ms"])
    for name, one in found.items():
        say(name=f"phone_{name}", **one.medians(), reference_ms=round(reference, 1), runs=rounds)


def serve(site: Site, rounds: int) -> None:
    """Ask for every page in turn without a browser, and print what the server took."""
    found: dict[str, list[float]] = defaultdict(list)
    clients = {look.name: site.application.test_client() for look in site.looks}
    taken: dict[str, int] = {}
    for look in site.looks:
        clients[look.name].set_cookie("tsikl", look.cookie)
        for _ in range(WARM):
            ask(clients[look.name], look.path)
        with statements(site.engine) as seen:
            ask(clients[look.name], look.path)
        taken[look.name] = len(seen)
    for _ in range(rounds):
        for look in site.looks:
            found[look.name].append(ask(clients[look.name], look.path))
    reference = median(found["reference"])
    for name, times in found.items():
        say(
            name=f"server_{name}",
            p50_ms=round(median(times), 2),
            p95_ms=round(part(times, 95), 2),
            statements=taken[name],
            reference_ms=round(reference, 2),
            runs=rounds,
        )


def ask(client: Any, path: str) -> float:
    """Return the milliseconds that an answer took."""
    begun = perf_counter()
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    taken = (perf_counter() - begun) * 1000
    if answer.status_code >= 300:
        raise RuntimeError(f"{path}: {answer.status}")
    return taken


def say(**line: object) -> None:
    """Print a line."""
    print(json.dumps(line), flush=True)


def main() -> None:
    """Measure what is asked for."""
    parser = ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs")
    parser.add_argument("--chromium", default="", help="the browser; else Playwright's own")
    asked = parser.parse_args()
    with served() as site:
        serve(site, 30 if asked.quick else 300)
        phone(site, 3 if asked.quick else 9, asked.chromium)


if __name__ == "__main__":
    main()
