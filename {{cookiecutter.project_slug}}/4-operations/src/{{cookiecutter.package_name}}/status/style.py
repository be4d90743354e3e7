"""How the page looks: one style for a telephone and a desk, in daylight and at night."""

CSS = """
:root {
  color-scheme: light dark;
  --back: #f5f6f8; --card: #ffffff; --ink: #1b2330; --muted: #5d6778; --line: #e1e5eb;
  --one: #2f62d9; --two: #d97706; --three: #0f8a6a; --four: #9333b8; --five: #c2366b;
  --six: #64748b; --good: #14744a; --warn: #a04a00; --bad: #b3261e;
  --good-back: #e3f4ec; --warn-back: #fdf0dc; --bad-back: #fce8e6; --heat: 217 119 6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #10141b; --card: #181e28; --ink: #e6eaf1; --muted: #97a3b6; --line: #2b3442;
    --one: #7da2f5; --two: #f0a04b; --three: #4cc9a0; --four: #c68be0; --five: #ef7fa8;
    --six: #94a3b8; --good: #66d19e; --warn: #f4b266; --bad: #f58a82;
    --good-back: #16301f; --warn-back: #33240f; --bad-back: #3a1a18; --heat: 240 160 75;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
header { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: baseline; }
h1 { font-size: 24px; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 16px; margin: 0 0 4px; }
p { margin: 4px 0; }
.muted, small { color: var(--muted); }
small { font-size: 13px; }
a { color: var(--one); }
code { font: 0.88em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.pill { padding: 2px 10px; border-radius: 999px; font-size: 13px; font-weight: 600; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.pill.good { background: var(--good-back); }
.pill.warn { background: var(--warn-back); }
.pill.bad { background: var(--bad-back); }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px; margin: 20px 0 12px; }
.tile, section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tile { padding: 12px 14px; }
.tile b { display: block; font-size: 21px; line-height: 1.25; margin: 2px 0; font-variant-numeric: tabular-nums; }
.tile span { font-size: 13px; color: var(--muted); display: block; }
.grid { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); gap: 12px; }
section { padding: 16px 18px; grid-column: span 12; min-width: 0; }
section.third { grid-column: span 4; }
.beside { display: grid; grid-template-columns: minmax(0, 7fr) minmax(0, 8fr); gap: 4px 28px; align-items: start; }
figure { margin: 8px 0 0; }
svg { display: block; width: 100%; height: auto; }
.scroll { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: 12.5px; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; padding: 5px 0 5px 10px; white-space: nowrap; }
td:first-child { white-space: nowrap; }
table.heat td.cell { text-align: center; padding: 5px 3px; min-width: 44px; border: 2px solid var(--card); border-radius: 6px; font-size: 12.5px; }
table.heat th { padding: 2px 3px; } table.heat th.cell { text-align: center; white-space: nowrap; }
table.heat td.name { white-space: nowrap; padding-right: 12px; position: sticky; left: 0; background: var(--card); }
ul.todo { list-style: none; padding: 0; margin: 6px 0 0; }
ul.todo li { padding: 8px 12px; border-radius: 8px; margin-top: 6px; }
ul.todo li.good { background: var(--good-back); }
ul.todo li.warn { background: var(--warn-back); }
ul.todo li.bad { background: var(--bad-back); }
ul.todo li span { color: var(--ink); } ul.todo li b { margin-right: 6px; }
footer { margin-top: 20px; color: var(--muted); font-size: 13px; }
@media (max-width: 820px) {
  section.third { grid-column: span 12; }
  .beside { grid-template-columns: minmax(0, 1fr); }
  main { padding: 16px 12px 32px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }
  .grid { gap: 8px; }
  table.stack thead { display: none; }
  table.stack tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }
  table.stack tr:last-child { border: 0; }
  table.stack td { display: inline; border: 0; padding: 0 8px 0 0; color: var(--muted); }
  table.stack td.long { display: block; color: var(--ink); }
  section { padding: 14px; }
}
@media print { :root { --back: #fff; } section, .tile { break-inside: avoid; } }
"""
