"""Charts as SVG text: drawn on the server, readable in print, a table always beside them."""

from collections.abc import Sequence

import pygal
from pygal.style import Style

_FONT = (
    '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", '
    '"WenQuanYi Micro Hei", sans-serif'
)
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    font_family=_FONT,
    colors=("#0b5a6b", "#b4540a", "#5b7f3a", "#7a4a8c", "#8a6d00"),
    foreground="#1a2529",
    foreground_strong="#1a2529",
    foreground_subtle="#54656c",
    label_font_size=13,
    major_label_font_size=13,
    value_font_size=12,
    legend_font_size=13,
)


def bars(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Return a horizontal bar chart, one bar of each series per label, axis from 0."""
    chart = pygal.HorizontalBar(
        style=_STYLE,
        js=[],
        height=90 + 26 * max(len(labels), 1) * max(len(series), 1),
        width=860,
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        print_values=True,
        range=(0, max((v for _n, values in series for v in values), default=1) or 1),
        disable_xml_declaration=True,
        pretty_print=False,
    )
    chart.x_labels = list(reversed(labels))
    for name, values in series:
        chart.add(name, list(reversed(values)))
    return str(chart.render(is_unicode=True))
