"""Bring GOV.UK Frontend's compiled CSS and JavaScript into app/static, without its font, crown, crest or name.

Run it again to bring the same version, or change VERSION first: `python scripts/vendor_govuk.py`. It needs npm and the
network; the application needs neither, since what this writes is committed.
"""

import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "6.3.0"  # the version that the macros of govuk-frontend-jinja 4.1 are tested against
STATIC = Path(__file__).resolve().parent.parent / "app" / "static"
FONTS = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Liberation Sans,Arial,sans-serif"
LICENCE = """The MIT License (MIT)

Copyright (c) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
# What is taken out of the CSS: each a name for the report, what it looks like, and what stands there instead.
CHANGES = (
    ("font notice", re.compile(r"/\*! Copyright \(c\) 2011 by Margaret Calvert.*?\*/", re.S), ""),
    ("@font-face", re.compile(r"@font-face\{[^}]*\}"), ""),
    ("GDS Transport", re.compile(r"GDS Transport,arial,sans-serif"), FONTS),
    ("crest rule", re.compile(r"\.govuk-footer__copyright-logo:before\{[^}]*govuk-crest\.svg[^}]*\}"), ""),
    ("crown rule", re.compile(r"\.govuk-footer__crown\{[^}]*\}"), ""),
    ("source map", re.compile(r"/\*# sourceMappingURL=[^*]*\*/"), ""),
    ("empty rule", re.compile(r"@(?:supports|media)[^{}]*\{\}"), ""),
)


def fetch(folder: Path) -> Path:
    """The unpacked package, as npm hands it out."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to bring GOV.UK Frontend. Install Node.js, then run this again.")
    subprocess.run(
        [npm, "pack", f"govuk-frontend@{VERSION}", "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    with tarfile.open(next(folder.glob("govuk-frontend-*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "dist" / "govuk"


def without_brand(css: str) -> tuple[str, dict[str, int]]:
    """The CSS without what is not ours to use, and how often each thing was taken out."""
    counts = {}
    for name, pattern, instead in CHANGES:
        css, counts[name] = pattern.subn(instead, css)
    return css, counts


def leftovers(css: str) -> list[str]:
    """What would break or infringe: files that are not here, and names that are not ours."""
    files = [url for url in re.findall(r"url\(([^)]*)\)", css) if not url.strip("\"'").startswith("data:")]
    return files + [word for word in ("GDS Transport", "crest", "sourceMappingURL") if word in css]


def main() -> None:
    """Write the two files and the licence, and say what was done."""
    with tempfile.TemporaryDirectory() as folder:
        source = fetch(Path(folder))
        css, counts = without_brand((source / "govuk-frontend.min.css").read_text("utf-8"))
        script = re.sub(r"//# sourceMappingURL=\S+\s*$", "", (source / "govuk-frontend.min.js").read_text("utf-8"))
    if left := leftovers(css):
        raise SystemExit(f"Nothing was written, since the CSS still has: {', '.join(left)}")
    for name, text in {
        "govuk-frontend.min.css": css,
        "govuk-frontend.min.js": script,
        "govuk-frontend.LICENCE.txt": LICENCE,
    }.items():
        (STATIC / name).write_text(text.rstrip() + "\n", "utf-8")
        print(f"wrote app/static/{name} ({len(text.encode()):,} bytes)")
    print(f"GOV.UK Frontend {VERSION}; changed: " + ", ".join(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
