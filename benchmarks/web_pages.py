"""What Lighthouse says of the home page, registering and a result: scores of 100, one line of JSON a page.

Lighthouse comes from npm and needs Node and Chromium; where one is missing, a line says so. Nothing else needs Node.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # `make bench` runs every file here

from tests.browser.chromium import NAMES
from tests.browser.demo_server import DemoServer
from tests.web import conftest

assert conftest.SETTINGS  # importing it is what sets Django up, for the links

VERSION = "12"
"""Of Lighthouse; another one scores otherwise."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SECONDS = 300
"""For npm to fetch Lighthouse and for it to look at one page."""


def cookie_of(link: str) -> str:
    """The session that a sign-in link begins."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(link):
        return "; ".join(f"{each.name}={each.value}" for each in jar)


def scores(url: str, cookie: str) -> dict[str, float]:
    """Category -> score of one page.

    Raises:
        OSError: Lighthouse could not be started, or left no report.
        subprocess.SubprocessError: it failed or took too long.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox"]
        command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []
        chromium = next(filter(None, map(shutil.which, NAMES)))
        environment = {**os.environ, "CHROME_PATH": chromium}
        subprocess.run(command, check=True, timeout=SECONDS, env=environment, stdout=subprocess.DEVNULL)
        found = json.loads(report.read_text("utf-8"))["categories"]
    return {name: round(100 * (found[name]["score"] or 0)) for name in CATEGORIES}


def main() -> None:
    """Look at three pages of a demo clinic."""
    if not shutil.which("npx") or not any(map(shutil.which, NAMES)):
        print(json.dumps({"benchmark": "web_pages", "skipped": "Lighthouse needs Node and Chromium"}))
        return
    server = DemoServer()
    try:
        cookie = cookie_of(server.link("Ana"))
        result = f"/me/result/{server.consultation('Ana')}/"
        for name, path, session in (("home", "/", ""), ("register", "/register/", ""), ("result", result, cookie)):
            try:
                said: dict[str, object] = {**scores(f"{server.origin}{path}", session)}
            except (OSError, subprocess.SubprocessError) as fault:
                said = {"failed": type(fault).__name__}
            print(json.dumps({"benchmark": "web_pages", "page": name, **said}), flush=True)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
