#pragma once

#include <string_view>

namespace tagger::detail {

/// The style sheet of a page.
inline constexpr std::string_view page_style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #ffffff; --sunken: #f1f1ee; --ink: #1b1f24; --soft: #59626d; --line: #dfe0dc;
  --tint: #c9d6f8; --c0: #2955cc; --c1: #b4500b; --c2: #0d7a5c; --c3: #8639c9;
  --right: #0b6b50; --right-fill: #e3f4ed; --wrong: #b0221b; --wrong-fill: #fdecea; --missed: #7d5200;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121518; --card: #1a1e23; --sunken: #22272d; --ink: #e7e9eb; --soft: #9ea7b1; --line: #2e343b;
    --tint: #2f4475; --c0: #86a8ff; --c1: #f2a365; --c2: #52cba6; --c3: #c8a2ff;
    --right: #6fdab8; --right-fill: #14352c; --wrong: #ff9b92; --wrong-fill: #43201e; --missed: #e6b95c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 var(--font); }
header, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 clamp(16px, 4vw, 40px); }
header { padding-top: clamp(28px, 5vw, 56px); }
h1, h2, h3, p, ul, dl, dd, figure { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: clamp(26px, 4vw, 36px); line-height: 1.2; font-weight: 650; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { font-size: 20px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
h3 { font-size: 15px; font-weight: 600; }
section { margin-top: clamp(36px, 5vw, 56px); }
section > h2 + p { color: var(--soft); margin-top: 4px; max-width: 70ch; }
a { color: var(--c0); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--c0); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 14px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px 24px; margin-top: 28px;
  padding-top: 20px; border-top: 1px solid var(--line); }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dt, .facts dd { overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 16px; margin-top: 18px; }
.cards .card { display: flex; flex-direction: column; padding: 18px 20px; }
.cards h3 small { display: block; color: var(--soft); font-size: 13px; font-weight: 400; }
.headline { font-size: 38px; line-height: 1.15; font-weight: 650; letter-spacing: -0.03em; margin: auto 0 12px; padding-top: 10px;
  font-variant-numeric: tabular-nums; }
.headline small { font-size: 14px; font-weight: 500; letter-spacing: 0; color: var(--soft); margin-left: 6px; }
.parts div { display: flex; justify-content: space-between; gap: 12px; padding: 5px 0; border-top: 1px solid var(--line); }
.parts dt { color: var(--soft); }
.parts dd { font-variant-numeric: tabular-nums; text-align: right; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; margin-top: 18px; }
.chart { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px 12px; min-width: 0; }
.chart > svg { display: block; overflow: visible; width: 100%; height: auto; margin-top: 10px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; color: var(--soft); font-size: 13px; margin-top: 4px; }
.legend b { color: var(--ink); font-variant-numeric: tabular-nums; font-weight: 600; }
.swatch { width: 36px; height: 14px; vertical-align: -2px; margin-right: 6px; }
text { fill: var(--soft); font: 12px var(--font); font-variant-numeric: tabular-nums; }
text.x { text-anchor: middle; } text.y { text-anchor: end; }
.grid { stroke: var(--line); fill: none; } .axis { stroke: var(--soft); fill: none; }
.curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
.d1 .curve { stroke-dasharray: 7 4; } .d2 .curve { stroke-dasharray: 2 4.5; } .d3 .curve { stroke-dasharray: 9 4 2 4; }
.d4 .curve { stroke-dasharray: 14 5; }
.cloud .curve { opacity: 0.28; stroke-width: 1; }
.chart circle, .chart g > path:not(.curve) { fill: var(--card); stroke: currentColor; stroke-width: 2; }
.bars { columns: 2; column-gap: 40px; margin-top: 18px; padding: 18px 20px; }
.bars li, .bars > div { break-inside: avoid; display: grid; grid-template-columns: minmax(0, 9.5rem) 1fr 6.2rem; gap: 12px;
  align-items: center; padding: 3px 0; }
.bars .of { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars .bar { display: flex; height: 12px; border-radius: 3px; overflow: hidden; }
.bars .n { text-align: right; color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.part-a { background: var(--c0); }
.part-b { background: repeating-linear-gradient(-45deg, var(--c1) 0 2px, transparent 2px 5px); border: 1px solid var(--c1); }
.key { display: inline-block; width: 22px; height: 11px; border-radius: 3px; vertical-align: -1px; margin-right: 6px; }
details { margin-top: 12px; } summary { cursor: pointer; color: var(--c0); }
.wide { margin-top: 18px; overflow: hidden; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 7px 20px; font-weight: 400; }
thead th { font-size: 13px; color: var(--soft); border-bottom: 1px solid var(--line); font-weight: 500; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--sunken); }
tbody tr:has(a) { cursor: pointer; }
.tools { display: flex; align-items: center; gap: 14px; margin-top: 18px; } .tools[hidden] { display: none; }
.tools label { color: var(--soft); font-size: 13px; } .tools output { color: var(--soft); font-size: 13px; }
.tools input { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 5px 10px; margin-left: 8px; width: min(16rem, 60vw); }
.tools + .wide { margin-top: 10px; }
th:first-child { text-align: left; overflow-wrap: anywhere; }
tbody th { font-weight: 500; }
td.share { width: 19%; }
td.share span { display: block; padding-bottom: 5px; background: linear-gradient(var(--c0), var(--c0)) left bottom /
  calc(var(--v) * 100%) 3px no-repeat, linear-gradient(var(--line), var(--line)) left bottom / 100% 3px no-repeat; }
.scroll { overflow-x: auto; } .scroll td { white-space: nowrap; } .scroll td.share { width: 14%; }
.scroll th:first-child { min-width: 11rem; position: sticky; left: 0; background: var(--card); }
.scroll thead th + th { overflow-wrap: anywhere; min-width: 7.4rem; }
.scroll tbody tr:hover > th { background: var(--sunken); } .scroll td.reason { text-align: left; white-space: normal; min-width: 16rem; }
.scroll table:has(td.reason) thead th:last-child { text-align: left; }
th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--c0); outline-offset: 3px; }
th[aria-sort] { color: var(--ink); }
th[aria-sort=ascending] button::after { content: " ↑"; } th[aria-sort=descending] button::after { content: " ↓"; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 16px; margin-top: 18px; }
.gallery > li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; min-width: 0; }
.gallery img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; background: #ffffff; }
.gallery figcaption { padding: 12px 14px; }
.name { color: var(--soft); font-size: 12px; margin-top: 10px; overflow-wrap: anywhere; }
.tags { display: flex; flex-wrap: wrap; gap: 6px; }
.tag, .none { display: inline-flex; align-items: baseline; gap: 5px; font-size: 13px; line-height: 1.45; padding: 1px 8px;
  border: 1px solid var(--line); border-radius: 7px; max-width: 100%; overflow-wrap: anywhere; }
.tag small { flex: none; font-size: 11px; opacity: 0.85; font-variant-numeric: tabular-nums; }
.right { color: var(--right); background: var(--right-fill); border-color: transparent; font-weight: 600; }
.wrong { color: var(--wrong); background: var(--wrong-fill); border-color: transparent; }
.wrong > span:nth-child(3) { text-decoration: line-through; }
.missed { color: var(--missed); border: 1px dashed currentColor; font-style: italic; }
.unknown { color: var(--soft); border-style: dotted; border-color: currentColor; }
.none { color: var(--soft); border-color: transparent; padding-left: 0; }
.interval { color: var(--soft); font-size: 12px; font-weight: 400; white-space: nowrap; }
.headline .interval { display: block; letter-spacing: 0; line-height: 1.6; }
.whole { margin-top: 16px; padding: 18px 20px; }
.whole .parts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); column-gap: 40px; margin-top: 8px; }
.close { display: none; }
.panel { display: none; position: fixed; z-index: 2; inset: 0 0 0 auto; width: min(720px, 100%); overflow-y: auto;
  overscroll-behavior: contain; background: var(--card); border-left: 1px solid var(--line); padding: 22px 28px 40px;
  box-shadow: 0 0 60px rgb(0 0 0 / 0.25); }
.panel:target { display: block; } .panel:focus { outline: none; }
.panel h3 { font-size: 22px; line-height: 1.3; letter-spacing: -0.01em; overflow-wrap: anywhere; padding-right: 90px; }
.panel h4 { margin: 26px 0 0; font-size: 15px; font-weight: 600; }
.panel .close, .picture:target .close { display: block; position: absolute; top: 20px; right: 24px; padding: 4px 12px;
  border: 1px solid var(--line); border-radius: 8px; background: var(--card); font-size: 13px; }
.panel .facts { grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); margin-top: 16px; padding-top: 16px; gap: 12px 20px; }
.panel .facts dd { font-variant-numeric: tabular-nums; } .panel .facts .interval { display: block; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 18px 16px; margin-top: 26px; }
.plot figcaption { font-weight: 600; } .plot p { color: var(--soft); font-size: 12px; line-height: 1.45; margin-top: 4px; }
.plot svg { display: block; width: 100%; height: auto; overflow: visible; margin-top: 6px; }
.faint { opacity: 0.4; stroke-width: 1; } .fill { fill: currentColor; opacity: 0.75; } .dot { fill: currentColor; } .dash { stroke-dasharray: 4 4; }
.thumbs { display: grid; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); gap: 12px; margin-top: 10px; }
.thumb { display: block; color: var(--soft); font-size: 12px; overflow-wrap: anywhere; } .thumb b { color: var(--ink); }
.thumb img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; background: #ffffff; border-radius: 8px;
  border: 1px solid var(--line); margin-bottom: 4px; }
.open { display: block; } .open:focus-visible { outline-offset: -2px; }
.folded:not(:has(:target)) { display: none; }
.picture:target { position: fixed; z-index: 3; inset: 0; margin: auto; width: min(720px, calc(100% - 32px)); height: fit-content;
  max-height: calc(100% - 32px); overflow-y: auto; overscroll-behavior: contain; background: var(--card); border-radius: 12px; box-shadow: 0 0 0 100vmax rgb(0 0 0 / 0.6); }
.picture:target .open { pointer-events: none; }
.picture:target img { aspect-ratio: auto; height: min(56vh, 540px); } .picture:target figcaption { padding: 18px 22px 22px; }
.picture:focus { outline: none; }
.picture:not(:target) .aside { display: none; }
h1, h3, .of, .name, .tag span, tbody th { unicode-bidi: isolate; }
.matrix { display: block; background: var(--card); } .matrix path { shape-rendering: crispEdges; fill: var(--c0); stroke: none; }
.chart .matrix g > path, .chart .matrix > path { stroke: none; fill: var(--c0); }
.matrix .ground { fill: var(--sunken); } .matrix .mark { fill: none; stroke: var(--c1); stroke-width: 3; pointer-events: none; }
.chart .matrix .h0 { fill: var(--line); } .h1 { opacity: 0.16; } .h2 { opacity: 0.32; } .h3 { opacity: 0.5; } .h4 { opacity: 0.66; }
.h5 { opacity: 0.83; }
.difference { width: 160px; height: 20px; display: inline-block; vertical-align: middle; color: var(--c0); }
.difference .curve { opacity: 0.55; } .unsure .dot { fill: var(--card); stroke: currentColor; stroke-width: 2; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr)); gap: 0 28px; }
.side { margin: 0; min-width: 0; } .side .facts { border-top: 0; padding-top: 0; margin-top: 8px; } .panel h4.c0, .panel h4.c1 { overflow-wrap: anywhere; }
.plot:only-child { max-width: 340px; }
.side .plots { grid-template-columns: 1fr; }
.readout { margin-top: 12px; min-height: 1.5em; font-variant-numeric: tabular-nums; }
.verdicts { gap: 8px 24px; margin-top: 12px; } .verdicts > li { display: flex; align-items: center; gap: 8px; }
footer { color: var(--soft); font-size: 13px; padding-top: 40px; padding-bottom: 40px; }
@media (max-width: 720px) {
  .bars { columns: 1; } .bars li { grid-template-columns: minmax(0, 7rem) 1fr auto; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; } .cards .card { padding: 14px; }
  .headline { font-size: 30px; }
  .chart { padding: 14px 12px 8px; } .chart text { font-size: 17px; }
  table { font-size: 13px; } thead th { font-size: 12px; } th, td { padding: 7px 6px; }
  th:first-child { padding-left: 14px; width: 34%; } td:last-child, th:last-child { padding-right: 14px; } td.share { width: auto; }
  .scroll th:first-child { min-width: 8.5rem; } .scroll thead th + th { min-width: 5.5rem; }
  .gallery { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; } .gallery figcaption { padding: 10px; }
}
@media print { body { background: none; } .gallery > li, .chart, .card { break-inside: avoid; } nav, .tools { display: none; } }
)css";

}  // namespace tagger::detail
