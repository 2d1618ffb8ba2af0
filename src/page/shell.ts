// The page without its contents: what anybody may see who reaches it. Its script fills it for whoever has a link.

export const SHELL = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>clincher: open gates</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
<header><h1>clincher</h1><p id="told" role="status">Loading …</p></header>
<main id="gates"></main>
<section id="runs"></section>
<noscript>Secrets are sealed in the browser, so this page needs its script. From a terminal: clincher gates</noscript>
</html>
`;

/** Fields of 16 px and more, or a phone zooms into them; whatever is touched is at least 44 px high. */
export const STYLE = `:root { --line: #8884; --dim: #666; --act: #0b57d0; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --dim: #aaa; --act: #a8c7fa; --bad: #f2b8b5 } }
* { box-sizing: border-box }
body { font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 0 1rem 3rem; overflow-wrap: anywhere }
header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; border-bottom: 1px solid var(--line) }
h1 { font-size: 1.2rem; margin: .8rem 0 } h2 { font-size: 1.1rem; margin: 0 0 .4rem } h3 { font-size: 1rem; margin: 1.5rem 0 .4rem }
header p, .dim { color: var(--dim); margin: .3rem 0 } .bad { color: var(--bad) }
article { border: 1px solid var(--line); border-radius: .7rem; padding: 1rem; margin: 1rem 0 }
code, pre { font: .85rem/1.4 ui-monospace, monospace } pre { white-space: pre-wrap; margin: .5rem 0 }
label { display: flex; gap: .7rem; align-items: center; min-height: 44px }
input[type=radio], input[type=checkbox] { width: 1.3rem; height: 1.3rem; flex: none }
input[type=password], input[type=text] { font: inherit; width: 100%; min-height: 48px; padding: .5rem .7rem; border: 1px solid var(--dim); border-radius: .5rem }
button { font: inherit; font-weight: 600; width: 100%; min-height: 48px; margin-top: .6rem; border: 0; border-radius: .5rem; background: var(--act); color: Canvas }
button:disabled { opacity: .5 } ul { padding-left: 1.2rem; margin: .4rem 0 } ol { padding-left: 1.4rem; margin: .4rem 0 }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
`;
