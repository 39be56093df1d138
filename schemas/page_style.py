"""How a page of a report looks: one column, one scale of colours, by day and by night."""

from __future__ import annotations

from callwright.schemas.charts import COLOURS

_NIGHT = {
    "ink": "#e3e8ed",
    "dim": "#98a3ae",
    "track": "#262d34",
    "first": "#6aa9d8",
    "second": "#e0a765",
    "good": "#63b583",
    "idle": "#4a545e",
    "odd": "#d9a441",
    "bad": "#ef857d",
}


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def _recoloured() -> str:
    # A rule of the page wins over the attribute that the chart was drawn with.
    return "".join(
        f'.charts [{kind}="{colour}"]{{{kind}:var(--{name})}}\n'
        for name, colour in COLOURS.items()
        for kind in ("fill", "stroke")
    )


CSS = f"""
:root{{color-scheme:light dark;--paper:#fff;--edge:#dfe4e9;{_variables(COLOURS)}}}
@media(prefers-color-scheme:dark){{:root{{--paper:#14181c;--edge:#2e363d;{_variables(_NIGHT)}}}}}
*{{box-sizing:border-box}}
html{{scroll-behavior:smooth;-webkit-text-size-adjust:100%}}
body{{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;
font:15px/1.55 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif}}
main{{max-width:46rem;margin:0 auto;padding:3rem 1rem 5rem}}
h1,h2,h3{{font-weight:600;line-height:1.3;margin:0}}
h1{{font-size:1.7rem;letter-spacing:-.01em}}
main>section{{margin-top:3.5rem}}
main>section>h2{{font-size:1.2rem;padding-bottom:.5rem;border-bottom:1px solid var(--edge)}}
h3{{font-size:.95rem;margin:1.75rem 0 .5rem}}
p{{margin:.75rem 0}}
.note,.lead,figcaption span,th,td:first-child{{color:var(--dim)}}
.lead{{font-size:1.05rem;margin:.4rem 0 0}}
.note{{font-size:.87rem}}
nav{{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:1.5rem 0 0;font-size:.87rem}}
a{{color:inherit;text-decoration-color:var(--idle);text-underline-offset:3px}}
a:hover,a:focus-visible{{text-decoration-color:currentColor}}
h1 i{{font-style:normal;font-weight:400;color:var(--dim)}}
.key{{display:inline-block;max-width:100%}}
.key::before{{content:"";display:inline-block;width:.7em;height:.7em;border-radius:2px;
margin-right:.4em}}
.key.first::before{{background:var(--first)}}
.key.second::before{{background:var(--second)}}
table{{width:100%;border-collapse:collapse;margin:1.25rem 0;font-size:.9rem;
font-variant-numeric:tabular-nums}}
th,td{{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;
border-bottom:1px solid var(--edge);font-weight:400}}
th:last-child,td:last-child{{padding-right:0}}
td+td,th+th{{text-align:right}}
.words td+td,.words th+th{{text-align:left}}
tr.sum td{{font-weight:600;color:var(--ink)}}
.charts{{columns:20rem 2;column-gap:2.5rem;margin-top:1.5rem}}
figure{{margin:0;padding:0 0 2.25rem;break-inside:avoid}}
figcaption{{display:flex;flex-wrap:wrap;gap:0 .6rem;align-items:baseline;margin-bottom:.6rem;
font-size:.82rem;line-height:1.4}}
figcaption b{{font-size:.95rem;font-weight:600}}
figcaption a{{margin-left:auto;font-size:.72rem;color:var(--dim)}}
figcaption span{{flex-basis:100%;order:1}}
svg{{display:block;width:100%;height:auto;overflow:visible}}
svg text{{font-family:system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif;
font-variant-numeric:tabular-nums}}
{_recoloured()}
.wide{{overflow-x:auto}}
.sample{{border-bottom:1px solid var(--edge)}}
.sample>summary{{cursor:pointer;padding:.7rem 0;list-style-position:outside;margin-left:1.1rem}}
.sample>summary span{{color:var(--dim);font-size:.82rem;margin-right:.5rem}}
.sample>article.cw{{margin:.25rem 0 1.5rem}}
@media(max-width:40rem){{
main{{padding-top:1.75rem}}
.sample>article.cw{{margin-left:-1rem;margin-right:-1rem}}
}}
@media print{{nav,figcaption a{{display:none}}main{{max-width:none;padding:0}}}}
"""
