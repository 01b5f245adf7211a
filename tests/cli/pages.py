"""Check DIR/*.html, each against DIR/*.trace of which it was made.   pages.py DIR LEAST"""
import glob
import html.parser
import os
import sys

VOID = {"meta", "br"}
ALLOWED = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "span",
           "section", "ol", "li", "figure", "pre", "code", "dl", "dt", "dd", "svg", "desc", "rect",
           "path", "line", "circle", "text"}


class Page(html.parser.HTMLParser):
    """The tags and the texts of a page; every tag is closed in order."""

    def __init__(self):
        super().__init__()
        self.open = []  # [tag, its own text]
        self.texts = []  # the same, closed
        self.tips = []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, f"<{tag}>"
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "href", "xlink:href"), name
            assert name == "xmlns" or "://" not in (value or ""), value
        if tag not in VOID:
            self.open.append([tag, ""])

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> in {self.open}"
        element = self.open.pop()
        self.texts.append(element)
        if tag == "title" and self.open[-1][0] == "rect":
            self.tips.append(element[1])

    def handle_data(self, data):
        if self.open:
            self.open[-1][1] += data

    def within(self, tag):
        return [text for element, text in self.texts if element == tag]


def check(path):
    with open(path, encoding="utf-8") as file:
        source = file.read()
    page = Page()
    page.feed(source)
    page.close()
    assert not page.open, f"left open: {page.open}"
    assert source.startswith("<!DOCTYPE html>") and "color-scheme:light" in source
    assert "url(" not in source and "@import" not in source and "<script" not in source
    with open(path.removesuffix("html") + "trace", encoding="utf-8", errors="replace") as file:
        trace = file.read().splitlines()
    sentences = [line.split(" ", 5)[5] for line in trace if line.startswith("f ")]
    captions = [line.split(" ", 5)[5] for line in trace if line.startswith("n ")]
    said = [text.split(" And ")[0] for text in page.within("p")]
    assert not sentences or said == [s.split(" And ")[0] for s in sentences], said
    assert [text.strip() for text in page.within("li")] == captions, page.within("li")
    program = next(line for line in trace if line.startswith("program ")).split(" ", 1)[1]
    assert page.within("code")[0].startswith(f"pickglass run {program}")
    return page


def check_deadlock(page):
    """What one can point at in deadlock_abba."""
    for tip in ("A to B: blocked, waits for lock B, held by B to A\nstep 17, at 10 ms to the end\n"
                "scenarios/deadlock_abba.c:18",
                "A to B: take lock A\nstep 7, at 0 s\nscenarios/deadlock_abba.c:15",
                "A to B holds lock A\nfrom step 8, at 0 s to the end",
                "2. B to A, holding lock B, waits for lock A: this closes the circle\nstep 18"):
        assert tip in page.tips, f"{tip!r} is not in {page.tips}"


def main():
    paths = sorted(glob.glob(os.path.join(sys.argv[1], "*.html")))
    assert len(paths) >= int(sys.argv[2]), paths
    for path in paths:
        try:
            page = check(path)
            assert page.tips, "there is nothing to point at"
            if path.endswith("/deadlock_abba.html"):
                check_deadlock(page)
        except (AssertionError, KeyError, ValueError) as error:
            sys.exit(f"{path}: {type(error).__name__}: {error}")


main()
