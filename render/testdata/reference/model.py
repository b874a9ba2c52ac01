#!/usr/bin/env python3
"""The rules of README.md as a program, checked against pages.json and lines.json.

It uses reportlab for nothing but the advance widths of the two fonts. It says
what a port must compute, not how: it is quadratic and slow.
"""
import argparse
import json
import re
import subprocess
import unicodedata
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFont

from measure import GROUP, NOTO, TRANSFORMS, tidy

FRAME_PADDING = 6  # pt, on each side inside the margin
SHRINK = 0.05  # of each space on a line, which may be squeezed to take one more word
FUZZ = 1e-6  # pt
WHITESPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200C)))
RUN_OF_WHITESPACE = re.compile(f"[{WHITESPACE}]+")
# CJK mode hangs one of these over the edge; full-width ，！？：； are not among them.
NOT_AT_LINE_START = ("!',.:;?!\")]、。」』】〕］】）々―ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮーヵヶ"
                     "゛゜・ヽヾゝゞ―‐°′″℃￠％‰")


class Layout:
    keep_all = False  # keep every line and add none: without rules 6, 16 and 17
    blank_at_top = False  # with keep_all: rule 17 all the same

    def __init__(self, config, face):
        self.c, self.face = config, face
        page_width, page_height = (float(v) for v in config["page-size"].split(","))
        self.height = page_height - 2 * config["margin-y"] - 2 * FRAME_PADDING
        frame = page_width - 2 * config["margin-x"] - 2 * FRAME_PADDING
        self.width = frame - config["left-indent"] - config["right-indent"]

    def advance(self, s):
        widths, missing = self.face.charWidths, self.face.defaultWidth
        return 0.001 * self.c["font-size"] * sum(widths.get(ord(ch), missing) for ch in s)

    def limit(self, lines, first):
        return self.width - (self.c["first-line-indent"] if first and not lines else 0)

    def break_words(self, source, first=True):
        """Breaks source lines; returns (text, ends with a hard break) of each line."""
        lines, space = [], self.advance(" ")
        for at, text in enumerate(source):
            line, used = "", 0
            for word in filter(None, RUN_OF_WHITESPACE.split(text)):
                while word:
                    limit, gap = self.limit(lines, first), space if line else 0
                    spaces = line.count(" ") + 1 if line else 0
                    if used + gap + self.advance(word) <= limit + SHRINK * space * spaces:
                        line, used = line + (" " if line else "") + word, used + gap + self.advance(word)
                        break
                    if self.advance(word) > limit:  # too long for any line: cut it, beginning on this one
                        room, n = limit - used - gap, 0
                        while n < len(word) and self.advance(word[:n + 1]) <= room:
                            n += 1
                        n = n if n or line else 1
                        line += (" " if line else "") + word[:n]
                        word = word[n:]
                    lines.append((line.rstrip(" "), False))
                    line, used = "", 0
            hard = at < len(source) - 1
            if line or hard or self.keep_all:
                lines.append((line, hard))
        return lines

    def break_cjk(self, source, first=True):
        lines = []
        for at, text in enumerate(source):
            start = i = 0
            used = 0
            while i < len(text):
                ch = text[i]
                i += 1
                used += self.advance(ch)
                if used <= self.limit(lines, first) + FUZZ:
                    continue
                if ord(ch) < 0x3000:  # Latin: back to a space or an ideograph, but not past half of the line
                    for j in range(i - 1, (start + i) >> 1, -1):
                        if (unicodedata.category(text[j]) == "Zs" or ord(text[j]) >= 0x3000) and j + 1 < i:
                            ch, i = text[j + 1], j + 2
                            break
                if ch not in NOT_AT_LINE_START and i > start + 1:
                    i -= 1
                lines.append((text[start:i], False))
                start, used = i, 0
            hard = at < len(source) - 1
            if start < len(text) or hard or self.keep_all:
                lines.append((text[start:], hard))
        return lines

    def pages(self, text):
        c = self.c
        text = text.replace("\u00ad", "").replace("\u200b", "")
        cjk = re.search("[\u4e00-\u9fff]", text)
        text = re.sub("  +", lambda m: "\u00a0" * len(m.group()), text)
        source = text.split("\n")
        pages, y, top, after = [[]], self.height, True, 0
        for at in range(0, len(source), GROUP):
            lines, rebreak = (self.cjk_group if cjk else self.word_group)(source[at:at + GROUP])
            while True:
                before = 0 if top else max(c["space-before"] - after, 0)
                room = y - before
                if room > 0 and len(lines) * c["line-height"] <= room + FUZZ:
                    break
                n = int(room / c["line-height"]) if room > 0 else 0
                if n >= (1 if self.keep_all else 2):  # a single line is not left behind
                    pages[-1] += lines[:n]
                    lines = rebreak(pages[-1], lines[n:])
                pages.append([])
                y, top, after = self.height, True, 0
            pages[-1] += lines
            taken = before + len(lines) * c["line-height"] + c["space-after"]
            y, after, top = y - taken, c["space-after"], top and taken == 0
        return [[t for t, _ in page] for page in pages]

    def word_group(self, source):
        if self.c["newline-markup"] != "<br/>":
            source = [" \\n ".join(source)]
        if source == ["", ""] and not self.keep_all:
            return [], None  # a lone <br/> draws nothing
        return self.break_words(source), self.after_page_words

    def after_page_words(self, page, rest):
        """A page that ends in a hard break hands the break on: the next page starts with a blank line."""
        if page[-1][1] and (self.blank_at_top or not self.keep_all):
            rest = [("", True)] + rest
            if not page[-1][0] and not self.keep_all:
                page.pop()
        return rest

    def cjk_group(self, source):
        source = [re.sub(r"[^\S\u00a0]+", " ", line) for line in source]
        source[0], source[-1] = source[0].lstrip(" "), source[-1].rstrip(" ")
        several = len(source) > 1
        if self.c["newline-markup"] != "<br/>":
            source = [" \\n ".join(source)]
        # nbsp and markup make several fragments of a paragraph.
        several = several or "\u00a0" in source[0]

        def rebreak(_, rest):
            """The rest of a split paragraph is joined and broken again; fragments gain a space at each joint."""
            joined = [""]
            for at, (text, hard) in enumerate(rest):
                joined[-1] += text if several else text.strip()
                if several and at < len(rest) - 1 and not hard and not text.endswith(" "):
                    joined[-1] += " "
                if hard:
                    joined.append("")
            return self.break_cjk(joined, first=False)

        return self.break_cjk(source), rebreak


class KeepAll(Layout):
    keep_all = True


class KeepAllBlankAtTop(KeepAll):
    blank_at_top = True


def corpus_text(args, text, size=None):
    out = subprocess.run([args.corpus, "-kind", text["kind"], "-seed", str(text["seed"]), "-size",
                          str(size or text["size"])], check=True, capture_output=True)
    return TRANSFORMS[text.get("transform")](out.stdout.decode())


def compare(args, faces, here):
    """Prints the last table of README.md."""
    for case in json.loads((here / "pages.json").read_text())["cases"]:
        if re.fullmatch(args.compare, case["name"]):
            text, config = corpus_text(args, case["text"], 500_000), case["config"]
            counts = [len(kind(config, faces[config["font-path"]]).pages(text))
                      for kind in (Layout, KeepAll, KeepAllBlankAtTop)]
            print(case["name"], *counts)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--corpus", required=True)
    args.add_argument("--dejavu", default="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    args.add_argument("--noto-sc", required=True)
    args.add_argument("--compare", help="print page counts of 500 KB texts for the cases of this name (a regular expression)")
    args = args.parse_args()
    faces = {"DejaVuSans.ttf": TTFont("d", args.dejavu).face, NOTO: TTFont("n", args.noto_sc).face}
    here, wrong, count = Path(__file__).parent, 0, 0
    if args.compare:
        return compare(args, faces, here)
    for name in ("lines.json", "pages.json"):
        for case in json.loads((here / name).read_text())["cases"]:
            text, config = case["text"], case["config"]
            if isinstance(text, dict):
                text = corpus_text(args, text)
            got = [[tidy(line) for line in page] for page in Layout(config, faces[config["font-path"]]).pages(text)]
            if name == "lines.json":
                want = [[tidy(line["text"]) for line in page] for page in case["page"]]
            else:
                want = [[p["lines"], p["first"], p["last"]] for p in case["page"]]
                got = [[len(p), p[0] if p else "", p[-1] if p else ""] for p in got]
            count += 1
            if got != want:
                wrong += 1
                at = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b), min(len(got), len(want)))
                print(f"{case['name']}: {len(got)} pages, want {len(want)}; page {at + 1}:\n"
                      f"  got  {got[at:at + 1]}\n  want {want[at:at + 1]}")
    print(f"{count - wrong} of {count} cases agree page by page")
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()
