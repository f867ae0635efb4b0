"""Charts drawn on the server: no script, nothing off the origin; a table stands beside each.

A chart goes into the page as an image with a ``data:`` URL: the style element pygal writes into
its SVG would be refused by the content security policy if the drawing stood in the page itself.
"""

import base64
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import pygal
from markupsafe import Markup
from pygal.style import Style

# pygal's hook for plug-ins lacks find_spec: every later import of the program would warn.
sys.meta_path[:] = [
    finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)
]

_WIDTH = 860
_STEPS_HEIGHT = 380
_FONT = (
    '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif'
)
# pygal counts every character as wide as a Latin one
_EXTRA_PER_CHARACTER = 5
_OWN_RULES = (
    "inline:.text-overlay text.value { text-anchor: start; }"
    " .axis .guide.line { stroke-opacity: .15; }"
)
# Told apart by lightness as well as hue, for grey prints and colour-blind readers.
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    font_family=_FONT,
    colors=("#0b5a6b", "#e08a2e", "#6fb3c0", "#8a3b12", "#3f7d4e", "#a9b8bd"),
    foreground="#1a2529",
    foreground_strong="#1a2529",
    foreground_subtle="#54656c",
    opacity="1",
    opacity_hover="1",
    label_font_size=13,
    major_label_font_size=13,
    value_font_size=12,
    value_colors=("#1a2529",) * 6,
    legend_font_size=13,
)


def _drawing(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, height: int
) -> str:
    most = max((v for _n, values in series for v in values), default=0)
    chart = pygal.HorizontalBar(
        style=_STYLE,
        js=[],
        height=height,
        width=_WIDTH,
        margin=6,
        margin_left=6 + _EXTRA_PER_CHARACTER * max((len(label) for label in labels), default=0),
        show_x_guides=False,
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        legend_box_size=13,
        print_values=True,
        print_values_position="top",
        css=["file://style.css", "file://graph.css", _OWN_RULES],
        value_formatter=lambda value: f"{value:,.0f}",
        range=(0, 1.08 * most or 1),
        disable_xml_declaration=True,
        pretty_print=False,
    )
    # pygal draws from below; readers start at the top
    chart.x_labels = list(reversed(labels))
    for name, values in series:
        chart.add(name, list(reversed(values)))
    return str(chart.render(is_unicode=True))


def bars(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, alt: str = ""
) -> Markup:
    """Return an image of lying bars, one of each series per label, the axis from 0.

    Args:
        labels: one for each group of bars.
        series: name and values of each; several get a legend.
        alt: alternative text; empty where the page itself says what the image shows.
    """
    height = 90 + 26 * max(len(labels), 1) * max(len(series), 1)
    return _image(_drawing(labels, series, height=height), height, alt)


@dataclass(frozen=True, slots=True)
class Step:
    """A line that holds each value until the next place.

    Attributes:
        places: ascending, on the axis below.
        values: per cent; as many.
    """

    name: str
    places: Sequence[float]
    values: Sequence[float]
    dashed: bool = False


def steps(lines: Sequence[Step], *, x_title: str, alt: str) -> Markup:
    """Return an image of step lines, the axis from 0 to 100 per cent."""
    chart = pygal.XY(
        style=_STYLE,
        js=[],
        height=_STEPS_HEIGHT,
        width=_WIDTH,
        margin=6,
        show_dots=False,
        legend_at_bottom=True,
        legend_at_bottom_columns=len(lines),
        legend_box_size=13,
        x_title=x_title,
        css=["file://style.css", "file://graph.css", _OWN_RULES],
        range=(0, 100),
        value_formatter=lambda value: f"{value:.0f}",
        disable_xml_declaration=True,
        pretty_print=False,
    )
    for line in lines:
        corners: list[tuple[float, float]] = []
        for place, value in zip(line.places, line.values, strict=True):
            if corners:
                corners.append((place, corners[-1][1]))
            corners.append((place, value))
        style = {"width": 2, "dasharray": "6, 5"} if line.dashed else {"width": 3}
        chart.add(line.name, corners, stroke_style=style)
    return _image(str(chart.render(is_unicode=True)), _STEPS_HEIGHT, alt)


def _image(drawing: str, height: int, alt: str) -> Markup:
    source = "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
    return Markup('<img src="{}" width="{}" height="{}" alt="{}">').format(
        source, _WIDTH, height, alt
    )
