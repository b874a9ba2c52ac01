#!/usr/bin/env python3
"""Measures how reportlab and poppler lay text out, as an oracle for package render.

Writes pages.json (page counts, lines and pixel sizes of generated texts) and
lines.json (every line of small inline texts). README.md says how to run it.
"""
import argparse
import io
import json
import re
import statistics
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate
from reportlab.platypus.doctemplate import LayoutError

GROUP = 30  # source lines in one Paragraph
RED = '<font color="#FF0000"> \\n </font>'
DEFAULTS = {
    "page-size": "595,842", "dpi": 72, "margin-x": 10, "margin-y": 10,
    "font-path": "DejaVuSans.ttf", "font-size": 9, "line-height": 10,
    "alignment": "LEFT", "horizontal-scale": 1.0,
    "first-line-indent": 0, "left-indent": 0, "right-indent": 0,
    "space-before": 0, "space-after": 0, "border-width": 0, "border-padding": 0,
    "page-bg-color": "#FFFFFF", "para-bg-color": "#FFFFFF", "para-border-color": "#FFFFFF",
    "font-color": "#000000", "auto-crop-width": False, "auto-crop-last-page": False,
    "newline-markup": "<br/>",
}
ALIGNMENTS = {"LEFT": TA_LEFT, "CENTER": TA_CENTER, "RIGHT": TA_RIGHT, "JUSTIFY": TA_JUSTIFY}


class Recorder(Paragraph):
    """A Paragraph that notes its lines and first baseline when it is drawn."""

    log = None

    def draw(self):
        self.baseline = None
        super().draw()
        lines = []
        for line in self.blPara.lines:
            if isinstance(line, tuple) or isinstance(line, list):
                lines.append(" ".join(line[1]))
            else:
                lines.append("".join(w.text for w in line.words))
        _, bottom = self.canv.absolutePosition(0, 0)
        Recorder.log.append({
            "page": self.canv.getPageNumber(), "lines": lines, "baseline": self.baseline,
            "top": bottom + self.height, "height": self.height,
        })

    def beginText(self, x, y):
        if self.baseline is None:
            self.baseline = self.canv.absolutePosition(x, y)[1]
        return super().beginText(x, y)


def story_of(text, config):
    text = text.replace("\u00ad", "").replace("\u200b", "")
    style = ParagraphStyle(
        "reference", fontName=config["font-path"], fontSize=config["font-size"], leading=config["line-height"],
        textColor=HexColor(config["font-color"]), alignment=ALIGNMENTS[config["alignment"]],
        firstLineIndent=config["first-line-indent"], leftIndent=config["left-indent"],
        rightIndent=config["right-indent"], spaceBefore=config["space-before"], spaceAfter=config["space-after"],
        borderWidth=config["border-width"], borderPadding=config["border-padding"],
        borderColor=HexColor(config["para-border-color"]), backColor=HexColor(config["para-bg-color"]),
    )
    if re.search("[\u4e00-\u9fff]", text):
        style.wordWrap = "CJK"
    text = re.sub("  +", lambda m: "&nbsp;" * len(m.group()), escape(text))
    lines = text.split("\n")
    return [Recorder(config["newline-markup"].join(lines[i:i + GROUP]), style) for i in range(0, len(lines), GROUP)]


def lay_out(text, config):
    """Returns the PDF and, for every page, the paragraphs drawn on it."""
    width, height = (float(v) for v in config["page-size"].split(","))

    def background(canvas, _):
        canvas.saveState()
        canvas.setFillColor(HexColor(config["page-bg-color"]))
        canvas.rect(0, 0, width, height, stroke=0, fill=1)
        canvas.restoreState()

    Recorder.log = []
    out = io.BytesIO()
    doc = SimpleDocTemplate(
        out, pagesize=(width, height), leftMargin=config["margin-x"], rightMargin=config["margin-x"],
        topMargin=config["margin-y"], bottomMargin=config["margin-y"])
    doc.build(story_of(text, config), onFirstPage=background, onLaterPages=background)
    pages = [[] for _ in range(doc.page)]
    for para in Recorder.log:
        pages[para["page"] - 1].append(para)
    return out.getvalue(), height, pages


def images(pdf, config):
    with tempfile.TemporaryDirectory() as d:
        Path(d, "in.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", str(config["dpi"]), f"{d}/in.pdf", f"{d}/p"], check=True)
        files = sorted(Path(d).glob("p-*.ppm"), key=lambda p: int(p.stem.split("-")[1]))
        for i, file in enumerate(files):
            image = Image.open(file).convert("RGB")
            if config["horizontal-scale"] != 1.0:
                image = image.resize((int(image.width * config["horizontal-scale"]), image.height))
            yield crop(image, config, last=i == len(files) - 1)


def crop(image, config, last):
    grey = image.convert("L")
    paper = statistics.median(grey.getpixel((x, y)) for x in (0, 1) for y in (0, 1))
    ink = grey.point(lambda v: 255 if abs(v - paper) > 5 else 0).getbbox()
    width, height = image.size
    if ink and config["auto-crop-width"]:
        width = min(width, ink[2] + config["margin-x"])
    if ink and last and config["auto-crop-last-page"]:
        height = min(height, ink[3] - 1 + config["margin-y"])
    return image.crop((0, 0, width, height)), ink


def tidy(line):
    return line.replace("\u00a0", " ").rstrip()


def rounded(v):
    return None if v is None else round(v, 4)


def page_record(paras, height):
    lines = [tidy(line) for p in paras for line in p["lines"]]
    baseline = next((p["baseline"] for p in paras if p["baseline"] is not None), None)
    return {
        "lines": len(lines),
        "first-baseline": rounded(None if baseline is None else height - baseline),
        "first": lines[0] if lines else "",
        "last": lines[-1] if lines else "",
    }


# Cases ---------------------------------------------------------------------

def case(name, kind, size, transform=None, pixels=False, **config):
    text = {"kind": kind, "seed": 7, "size": size}
    if transform:
        text["transform"] = transform
    return {"name": name, "text": text, "pixels": pixels,
            "config": {k.replace("_", "-"): v for k, v in config.items()}}


NOTO = "NotoSansSC_400Regular.ttf"
K = 1000

CASES = [
    case("glyph-en-prose", "prose", 100 * K, pixels=True, auto_crop_width=True, auto_crop_last_page=True),
    case("glyph-en-licence", "licence", 100 * K, pixels=True, auto_crop_width=True, auto_crop_last_page=True),
    case("glyph-en-code", "code", 60 * K, pixels=True, auto_crop_width=True, auto_crop_last_page=True),
    case("glyph-en-log", "log", 60 * K),
    case("glyph-en-markdown", "markdown", 60 * K),
    case("glyph-en-table", "table", 60 * K),
    case("glyph-en-json", "json", 40 * K),
    case("glyph-zh-chinese", "chinese", 100 * K, font_path=NOTO, pixels=True, auto_crop_width=True,
         auto_crop_last_page=True),
    case("chinese-red-newline", "chinese", 60 * K, font_path=NOTO, newline_markup=RED),
    case("chinese-justify-12", "chinese", 60 * K, font_path=NOTO, font_size=12, line_height=14, alignment="JUSTIFY"),
    case("chinese-narrow", "chinese", 40 * K, font_path=NOTO, page_size="400,800"),
    case("chinese-indents", "chinese", 40 * K, font_path=NOTO, first_line_indent=18, left_indent=20, right_indent=15,
         space_before=4, space_after=3),
    case("japanese", "japanese", 60 * K, font_path=NOTO),
    case("chinese-one-paragraph", "chinese", 40 * K, "one-line", font_path=NOTO),
    case("dpi-96", "prose", 60 * K, pixels=True, dpi=96, auto_crop_width=True, auto_crop_last_page=True),
    case("dpi-120", "prose", 60 * K, pixels=True, dpi=120, auto_crop_width=True, auto_crop_last_page=True),
    case("dpi-96-licence", "licence", 60 * K, pixels=True, dpi=96, auto_crop_width=True, auto_crop_last_page=True,
         font_size=10, line_height=12),
    case("dpi-120-uncropped", "licence", 20 * K, pixels=True, dpi=120, page_size="595.28,841.89"),
    case("a4-default", "prose", 60 * K, pixels=True, page_size="595.28,841.89", margin_x=20, margin_y=20,
         alignment="JUSTIFY"),
    case("a4-licence", "licence", 60 * K, page_size="595.28,841.89", margin_x=20, margin_y=20, alignment="JUSTIFY"),
    case("margin-40", "prose", 60 * K, margin_x=40, margin_y=40),
    case("margin-20-40", "licence", 60 * K, margin_x=20, margin_y=40),
    case("size-7-leading-7", "prose", 60 * K, font_size=7, line_height=7),
    case("size-7-leading-8", "licence", 60 * K, font_size=7, line_height=8),
    case("size-8-leading-9", "prose", 60 * K, font_size=8, line_height=9),
    case("size-8-leading-11", "licence", 60 * K, font_size=8, line_height=11),
    case("size-9-leading-9", "licence", 60 * K, font_size=9, line_height=9),
    case("size-10-leading-12", "prose", 60 * K, font_size=10, line_height=12),
    case("size-10.5-leading-12.6", "prose", 60 * K, font_size=10.5, line_height=12.6),
    case("size-11-leading-12.1", "prose", 60 * K, font_size=11, line_height=12.1),
    case("size-12-leading-14", "prose", 60 * K, font_size=12, line_height=14),
    case("size-13-leading-16", "licence", 60 * K, font_size=13, line_height=16),
    case("size-14-leading-17", "prose", 60 * K, font_size=14, line_height=17),
    case("justify", "prose", 60 * K, alignment="JUSTIFY"),
    case("center", "licence", 60 * K, alignment="CENTER"),
    case("right", "prose", 60 * K, alignment="RIGHT"),
    case("justify-narrow", "prose", 60 * K, alignment="JUSTIFY", page_size="400,800"),
    case("horizontal-scale-0.95", "prose", 40 * K, pixels=True, horizontal_scale=0.95, auto_crop_width=True,
         auto_crop_last_page=True),
    case("horizontal-scale-0.8", "licence", 40 * K, pixels=True, horizontal_scale=0.8, dpi=96),
    case("slide-960x540", "prose", 60 * K, page_size="960,540", font_size=12, line_height=14, pixels=True),
    case("slide-960x540-licence", "licence", 60 * K, page_size="960,540", font_size=11, line_height=13),
    case("phone-400x800", "licence", 60 * K, page_size="400,800", font_size=10, line_height=12),
    case("phone-400x800-code", "code", 40 * K, page_size="400,800", font_size=8, line_height=9),
    case("first-line-indent", "prose", 60 * K, first_line_indent=24),
    case("hanging-indent", "prose", 60 * K, first_line_indent=-20, left_indent=20),
    case("left-right-indent", "licence", 60 * K, left_indent=30, right_indent=45),
    case("space-before-6", "prose", 60 * K, space_before=6),
    case("space-after-6", "prose", 60 * K, space_after=6),
    case("space-5-before-7.5-after", "licence", 60 * K, space_before=5, space_after=7.5),
    case("space-before-20-after-3", "licence", 60 * K, space_before=20, space_after=3),
    case("border-1", "licence", 30 * K, border_width=1, para_border_color="#FF0000", pixels=True),
    case("border-2-padding-8", "prose", 30 * K, border_width=2, border_padding=8, para_border_color="#0000FF",
         pixels=True, space_after=12),
    case("padding-5", "prose", 30 * K, border_padding=5, para_bg_color="#EEEEEE", pixels=True),
    case("dark", "prose", 30 * K, page_bg_color="#202020", para_bg_color="#202020", font_color="#E0E0E0", pixels=True,
         auto_crop_width=True, auto_crop_last_page=True),
    case("red-newline-prose", "prose", 60 * K, newline_markup=RED),
    case("red-newline-licence", "licence", 60 * K, newline_markup=RED, pixels=True, auto_crop_width=True,
         auto_crop_last_page=True),
    case("red-newline-justify", "licence", 60 * K, newline_markup=RED, alignment="JUSTIFY"),
    case("red-newline-code", "code", 40 * K, newline_markup=RED),
    case("one-giant-paragraph", "prose", 60 * K, "one-line"),
    case("one-giant-paragraph-justify", "licence", 60 * K, "one-line", alignment="JUSTIFY"),
    case("long-words", "prose", 30 * K, "no-spaces"),
    case("long-words-justify", "licence", 30 * K, "no-spaces", alignment="JUSTIFY", newline_markup=RED),
    case("double-spaced", "prose", 40 * K, "double-spaces"),
    case("multilingual", "multilingual", 30 * K, "no-han"),
]

TRANSFORMS = {
    None: lambda t: t,
    "one-line": lambda t: t.replace("\n", " "),
    "no-spaces": lambda t: t.replace(" ", ""),
    "double-spaces": lambda t: t.replace(" ", "  "),
    "no-han": lambda t: re.sub("[\u4e00-\u9fff]", "", t),
}

# Small texts of which every line is recorded. The frame is 188 pt wide and
# 388 pt high unless the page says otherwise.
SMALL = {"page-size": "220,420", "margin-x": 10, "margin-y": 10}


def small(name, text, **config):
    return {"name": name, "text": text, "config": SMALL | {k.replace("_", "-"): v for k, v in config.items()}}


FOX = "The quick brown fox jumps over the lazy dog and runs away from the old grey wolf near the river. "
HAN = "今天天气很好，我们一起去公园散步。路上遇到了很多朋友，大家都很高兴！"
LINES = [
    small("wrap", FOX * 2),
    small("two-lines", FOX + "\n" + FOX),
    small("blank-lines-inside", "one\n\n\nfour\n\nsix"),
    small("blank-line-first", "\none"),
    small("blank-line-last", "one\n"),
    small("blank-lines-last", "one\n\n\n"),
    small("only-blank-lines", "\n\n\n"),
    small("one-newline", "\n"),
    small("group-ends-in-blank-line", "\n".join([f"line {i}" for i in range(1, 30)] + ["", "line 31", "line 32"])),
    small("group-starts-with-blank-line", "\n".join([f"line {i}" for i in range(1, 31)] + ["", "line 32"])),
    small("group-ends-in-two-blank-lines", "\n".join([f"line {i}" for i in range(1, 29)] + ["", "", "line 31"])),
    small("last-group-is-empty", "\n".join([f"line {i}" for i in range(1, 31)] + [""])),
    small("leading-spaces", "a\n b\n  c\n    d\n  e f  g"),
    small("tabs", "\ta\n\t\tb\nc\td\t\te\n \tf\n  \tg"),
    small("space-runs-glue", "word " * 8 + "aaa  bbb  ccc  ddd  eee fff"),
    small("trailing-spaces", "one \ntwo  \nthree   \n  \nfive"),
    small("nbsp", "word " * 6 + "one\u00a0two\u00a0three four"),
    small("ideographic-space", "\u3000\u3000one\u3000two\n\u3000three"),
    small("odd-spaces", "a\u2003b\u2009c\u202fd\u2028e\u000bf\u000cg\rh"),
    small("long-word-first", "x" * 90 + " tail words here"),
    small("long-word-after-text", "some words " + "y" * 90 + " tail words here"),
    small("long-word-justify", "some words " + "y" * 90 + " tail words here that go on to the next line",
          alignment="JUSTIFY"),
    small("long-word-wide-letters", "ab cd " + "W" * 50),
    small("word-of-exact-width", "i" * 75 + " i"),
    small("shrink-left", "\n".join(["word " * n + "x" * m for n in (5, 6) for m in range(4, 12)])),
    small("shrink-justify", "\n".join(["word " * n + "x" * m for n in (5, 6) for m in range(4, 12)]),
          alignment="JUSTIFY"),
    small("shrink-right", "\n".join(["word " * n + "x" * m for n in (5, 6) for m in range(4, 12)]), alignment="RIGHT"),
    # One line, 0.14 pt too wide for its frame, ended by a hard break and not.
    *[small(f"squeezed-{a.lower()}", "word word word\nword word word", alignment=a, page_size="104.42,420")
      for a in ALIGNMENTS],
    small("justify", FOX * 2 + "\n" + FOX, alignment="JUSTIFY"),
    small("justify-with-space-runs", "The quick  brown fox jumps  over the lazy dog and runs  away from the old wolf.",
          alignment="JUSTIFY"),
    small("center", FOX + "\nshort\n\n  lead", alignment="CENTER"),
    small("right", FOX + "\nshort\n\n  lead", alignment="RIGHT"),
    small("first-line-indent", FOX * 2 + "\n" + FOX, first_line_indent=20),
    small("hanging-indent", FOX * 2, first_line_indent=-15, left_indent=15),
    small("indents-justify", FOX * 2, left_indent=12, right_indent=18, first_line_indent=9, alignment="JUSTIFY"),
    small("indents-center", FOX * 2, left_indent=12, right_indent=18, first_line_indent=9, alignment="CENTER"),
    small("indents-right", FOX * 2, left_indent=12, right_indent=18, first_line_indent=9, alignment="RIGHT"),
    small("red-newline", "one\ntwo three\n\nfive " + FOX + "\nlast", newline_markup=RED),
    small("red-newline-group", "\n".join(f"w{i}" for i in range(1, 64)), newline_markup=RED),
    small("red-newline-spaces", "a  b\n  c\n d\n\te", newline_markup=RED),
    small("page-break", FOX * 30),
    small("page-break-justify", FOX * 30, alignment="JUSTIFY"),
    small("page-break-first-line-indent", FOX * 30, first_line_indent=20),
    small("page-break-at-newline-justify", "\n".join([FOX.strip()] * 16), alignment="JUSTIFY"),
    small("page-full-38-lines", "\n".join(f"line {i}" for i in range(1, 39))),
    small("page-full-39-lines", "\n".join(f"line {i}" for i in range(1, 40))),
    small("orphan", "\n".join(f"line {i}" for i in range(1, 35)), page_size="220,342"),
    small("two-lines-left", "\n".join(f"line {i}" for i in range(1, 35)), page_size="220,352"),
    small("widow", "\n".join(f"line {i}" for i in range(1, 31)), page_size="220,322"),
    small("space-before-after", "\n".join(f"line {i}" for i in range(1, 70)), space_before=7, space_after=4),
    small("space-after-larger", "\n".join(f"line {i}" for i in range(1, 70)), space_before=4, space_after=9.5),
    small("space-before-top-of-page", "\n".join(f"line {i}" for i in range(1, 70)), space_before=30),
    small("leading-12.1", "\n".join(f"line {i}" for i in range(1, 70)), line_height=12.1, page_size="220,395"),
    small("leading-0.1-steps", "\n".join(f"line {i}" for i in range(1, 70)), font_size=9, line_height=10.1,
          page_size="220,385.4"),
    small("empty-last-group-on-full-page", "\n".join([f"line {i}" for i in range(1, 31)] + [""]),
          page_size="220,332"),
    small("cjk", HAN * 4, font_path=NOTO),
    small("cjk-newlines", HAN + "\n\n" + HAN * 2 + "\n", font_path=NOTO),
    small("cjk-justify", HAN * 4, font_path=NOTO, alignment="JUSTIFY"),
    small("cjk-justify-space-runs", "中文  中文 " + HAN * 2, font_path=NOTO, alignment="JUSTIFY"),
    small("cjk-center", HAN * 2 + "\n短", font_path=NOTO, alignment="CENTER"),
    small("cjk-right", HAN * 2 + "\n短", font_path=NOTO, alignment="RIGHT"),
    small("cjk-latin-words", "中文" + "The quick brown fox jumps over the lazy dog and runs away 中文 again " * 3, font_path=NOTO),
    small("cjk-latin-long-word", "中文 " + "abcdefghij" * 12 + " 中文", font_path=NOTO),
    small("cjk-latin-only-line", "中\n" + FOX * 2, font_path=NOTO),
    small("cjk-punctuation-at-edge", "\n".join("中" * n + "，文。！）" + "文" * 4 for n in range(17, 23)), font_path=NOTO),
    small("cjk-two-marks-at-edge", "\n".join("中" * n + "。”，" + "文" * 4 for n in range(17, 23)), font_path=NOTO),
    small("cjk-opening-at-edge", "\n".join("中" * n + "（“文" + "文" * 4 for n in range(17, 23)), font_path=NOTO),
    small("cjk-leading-spaces", "中\n 一\n  二\n\u3000\u3000三\n\t四", font_path=NOTO),
    small("cjk-page-break", (HAN * 3 + "\n") * 12, font_path=NOTO),
    small("cjk-page-break-one-line", HAN * 60, font_path=NOTO),
    small("cjk-red-newline", (HAN + "\n") * 6, font_path=NOTO, newline_markup=RED),
    small("cjk-first-line-indent", HAN * 3 + "\n" + HAN, font_path=NOTO, first_line_indent=18),
    small("kana-only", "きょうはとてもいいてんきです。みんなでこうえんへさんぽにいきました。" * 3, font_path=NOTO),
    small("soft-hyphen-zwsp", "co\u00adoper\u200bate " * 9),
    small("markup-characters", "a < b && c > d &amp; <br/> \"q\" 'r'"),
    small("missing-glyph", "abc \u4db5\U0001f600 def"),
    small("empty", ""),
]


def measure_pages(cases, corpus):
    out = []
    for c in cases:
        config = DEFAULTS | c["config"]
        t = c["text"]
        text = subprocess.run([corpus, "-kind", t["kind"], "-seed", str(t["seed"]), "-size", str(t["size"])],
                              check=True, capture_output=True).stdout.decode()
        text = TRANSFORMS[t.get("transform")](text)
        pdf, height, pages = lay_out(text, config)
        record = {"name": c["name"], "text": t, "config": config, "pages": len(pages),
                  "lines": sum(len(p["lines"]) for page in pages for p in page),
                  "page": [page_record(page, height) for page in pages]}
        if c["pixels"]:
            for page, (image, ink) in zip(record["page"], images(pdf, config)):
                page["pixels"] = list(image.size)
                page["ink"] = list(ink) if ink else None
        out.append(record)
        print(f'{c["name"]:32} {record["pages"]:4} pages {record["lines"]:6} lines', flush=True)
    return out


def words_of(pdf):
    """Returns the words poppler sees: per page, (left, right, bottom) of each box."""
    with tempfile.TemporaryDirectory() as d:
        Path(d, "in.pdf").write_bytes(pdf)
        html = subprocess.run(["pdftotext", "-bbox", f"{d}/in.pdf", "-"], check=True, capture_output=True).stdout.decode()
    pages = []
    for page in html.split("<page ")[1:]:
        pages.append([(float(a), float(b), float(c)) for a, b, c in
                      re.findall(r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)" yMax="([\d.-]+)"', page)])
    return pages


def measure_lines(cases):
    out = []
    for c in cases:
        config = DEFAULTS | c["config"]
        record = {"name": c["name"], "text": c["text"], "config": config}
        out.append(record)
        try:
            pdf, height, pages = lay_out(c["text"], config)
        except LayoutError as err:
            record["error"] = str(err).split("\n")[0]
            continue
        record["page"] = []
        for paras, words in zip(pages, words_of(pdf)):
            lines = []
            for p in paras:
                for i, line in enumerate(p["lines"]):
                    down = height - p["top"] + config["font-size"] + i * config["line-height"]
                    entry = {"text": line.rstrip(), "baseline": rounded(down)}
                    # Words whose box bottom lies near this baseline are this line's.
                    mine = [w for w in words if -1 < w[2] - down < config["line-height"] - 1]
                    if mine:
                        entry["x"] = [rounded(min(w[0] for w in mine)), rounded(max(w[1] for w in mine))]
                    lines.append(entry)
            record["page"].append(lines)
    return out


def dump(path, about, cases):
    """One case a line keeps the file small and its differences readable."""
    with open(path, "w", encoding="utf-8") as f:
        f.write('{"about": ' + json.dumps(about) + ',\n"cases": [\n')
        f.write(",\n".join(json.dumps(c, ensure_ascii=False, separators=(",", ":")) for c in cases))
        f.write("\n]}\n")


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--corpus", required=True, help="binary of ./internal/corpus/cmd/corpus")
    args.add_argument("--dejavu", default="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    args.add_argument("--noto-sc", required=True, help=NOTO)
    args.add_argument("--only", help="regular expression of case names; writes nothing")
    args = args.parse_args()
    pdfmetrics.registerFont(TTFont("DejaVuSans.ttf", args.dejavu))
    pdfmetrics.registerFont(TTFont(NOTO, args.noto_sc))
    poppler = subprocess.run(["pdftoppm", "-v"], capture_output=True).stderr.decode().split("\n")[0]
    about = {"reportlab": reportlab.__version__, "poppler": poppler.split()[-1], "pillow": Image.__version__}
    here = Path(__file__).parent
    if args.only:
        measure_pages([c for c in CASES if re.search(args.only, c["name"])], args.corpus)
        for c in measure_lines([c for c in LINES if re.search(args.only, c["name"])]):
            print(json.dumps(c, ensure_ascii=False, indent=1))
        return
    dump(here / "lines.json", about, measure_lines(LINES))
    dump(here / "pages.json", about, measure_pages(CASES, args.corpus))


if __name__ == "__main__":
    main()
