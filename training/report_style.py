"""How an evaluation's page looks, beside what every report's page shares."""

from __future__ import annotations

# From nothing to a blue on which ink can still be read, by day and by night.
_SHADES = "".join(
    f".heat .h{step}{{background:color-mix(in srgb,var(--first) {6 * step}%,transparent)}}\n"
    for step in range(11)
)

CSS = f"""
.tiles{{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1rem 1.5rem;
margin-top:1.25rem}}
.tiles h3{{margin:0}}
.tiles b{{display:block;font-size:2.1rem;font-weight:600;letter-spacing:-.02em;line-height:1.3;
font-variant-numeric:tabular-nums}}
.tiles span,.tiles p{{font-size:.82rem;color:var(--dim)}}
.tiles p{{margin:.5rem 0 0}}
.figures td+td,.figures th{{white-space:nowrap}}
.figures td:nth-child(n+3){{color:var(--dim)}}
.heat{{font-size:.82rem;table-layout:fixed;border-spacing:2px;border-collapse:separate}}
.heat th,.heat td{{border:0;padding:.3rem .35rem;text-align:center;vertical-align:middle;
border-radius:3px}}
.heat th:first-child,.heat td:first-child{{text-align:left;width:25%;padding-left:0}}
.heat th:nth-child(2),.heat td:nth-child(2){{width:10%}}
.heat th{{overflow-wrap:normal}}
.kinds td:first-child{{white-space:nowrap}}
.heat td:nth-child(2){{color:var(--dim)}}
.heat .dimension th{{padding-top:.9rem;font-weight:600;color:var(--ink)}}
.heat .none{{color:var(--dim)}}
{_SHADES}
.failure{{margin:.25rem 0 1.5rem;padding-left:1.1rem}}
.failure .cw{{background:none}}
.failure h4{{margin:1rem 0 .25rem;font-size:.82rem;font-weight:600;color:var(--dim)}}
.failure pre{{margin:0;padding:.6rem .75rem;background:var(--track);border-radius:6px;
white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 ui-monospace,Menlo,Consolas,monospace;
max-height:20rem;overflow-y:auto}}
.diff{{margin:.25rem 0 .5rem;font-size:.82rem}}
.diff td{{overflow-wrap:anywhere}}
.diff td+td,.diff th+th{{text-align:left}}
.diff td:first-child{{color:var(--ink);width:24%}}
.diff td:nth-child(2),.diff td:nth-child(3){{width:22%;
font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.76rem}}
.diff td:nth-child(4){{color:var(--dim)}}
.diff i{{font-style:normal;display:inline-block;width:1.1em;font-weight:600;color:var(--bad)}}
.diff .equal td,.diff .equal td:first-child,.diff .equal i{{color:var(--dim)}}
.diff small{{display:block;padding-left:1.5em;font-size:.72rem;color:var(--bad)}}
.diff .equal small{{display:none}}
@media(max-width:40rem){{
.tiles{{grid-template-columns:minmax(0,1fr)}}
.figures{{font-size:.76rem}}
.figures th,.figures td{{padding-right:.35rem}}
.heat{{font-size:.7rem;border-spacing:1px}}
.heat th,.heat td{{padding:.3rem 0}}
.heat th{{font-size:.65rem}}
.failure{{padding-left:0}}
.diff thead{{display:none}}
.diff tr{{display:block;padding:.4rem 0;border-bottom:1px solid var(--edge)}}
.diff td,.diff td:first-child,.diff td:nth-child(2),.diff td:nth-child(3){{display:block;
width:auto;border:0;padding:.05rem 0}}
.diff td+td:not(:empty)::before{{content:attr(data-label) " ";color:var(--dim);
font-family:system-ui,sans-serif}}
}}
"""
