// `npm run site`: README and docs/ as a folder of plain pages, without scripts; a link that leads nowhere fails it.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const into = process.argv.indexOf('--into');
const site = into === -1 ? join(root, 'site') : process.argv[into + 1];

/** In the order of the menu; pages that it does not name come last, by their names. */
const MENU = {
  Begin: ['README.md', 'docs/quick-start.md', 'docs/migrate.md', 'docs/day-two.md', 'docs/disaster.md'],
  Reference: [
    'docs/cli.md',
    'docs/config.md',
    'docs/steps.md',
    'docs/errors.md',
    'docs/troubleshooting.md',
    'docs/guide-map.md',
  ],
  'How it works': [
    'docs/tour.md',
    'docs/principles.md',
    'docs/security.md',
    'docs/control-plane.md',
    'docs/gates-page.md',
    'docs/monitoring.md',
  ],
  Proof: ['docs/benchmarks.md', 'docs/evidence.md', 'docs/guide-corrections.md'],
  'To work on it': ['CONTRIBUTING.md', 'AGENTS.md', 'CHANGELOG.md'],
};
const named = Object.values(MENU).flat();
MENU['Decisions and more'] = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !named.includes(`docs/${name}`))
  .sort()
  .map((name) => `docs/${name}`);

const escaped = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
const read = (page) => readFileSync(join(root, page), 'utf8');
const addressOf = (page) => (page === 'README.md' ? 'index.html' : page.replace(/\.md$/, '.html'));
const titleOf = (page) => /^# (.+)$/m.exec(read(page))?.[1].replace(/`/g, '') ?? page;

/** As GitHub makes them, where the same pages are read too. */
const anchorOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** What a page offers and what it leads to; a second heading of the same words is counted. */
function rendered(page) {
  const anchors = new Set();
  const links = [];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const plain = anchorOf(text.replace(/[`*]/g, ''));
        let anchor = plain;
        for (let count = 1; anchors.has(anchor); count += 1) anchor = `${plain}-${count}`;
        anchors.add(anchor);
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
    },
    walkTokens(token) {
      if ((token.type !== 'link' && token.type !== 'image') || /^[a-z]+:/.test(token.href)) return;
      const [path, anchor] = token.href.split('#');
      const target = path === '' ? page : posix.join(posix.dirname(page), path);
      links.push({ target, anchor });
      token.href = between(page, target) + (anchor === undefined ? '' : `#${anchor}`);
    },
  });
  return { page, html: marked.parse(read(page)), anchors, links };
}

const between = (from, to) => posix.relative(posix.dirname(addressOf(from)), addressOf(to));

const menuOf = (page) =>
  Object.entries(MENU)
    .map(([title, pages]) => {
      const items = pages.map((each) => {
        const here = each === page ? ' aria-current="page"' : '';
        return `<li><a href="${between(page, each)}"${here}>${escaped(titleOf(each))}</a></li>`;
      });
      return `<h2>${title}</h2><ul>${items.join('')}</ul>`;
    })
    .join('');

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --side: #8881 }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 16rem minmax(0, 1fr) }
nav { padding: 1rem; background: var(--side); font-size: .9rem } nav h2 { font-size: .9rem; margin: 1rem 0 .2rem } nav ul { list-style: none; margin: 0; padding: 0 }
nav a { text-decoration: none } nav a[aria-current] { font-weight: bold } main { padding: 1rem 2rem 4rem; max-width: 60rem }
pre { overflow-x: auto; padding: .8rem; background: var(--side) } code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere } pre code { overflow-wrap: normal }
table { border-collapse: collapse; display: block; overflow-x: auto } th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top } img { max-width: 100% }
@media (max-width: 50rem) { body { display: block } main { padding: 1rem } }
@media print { nav { display: none } body { display: block; font-size: 10pt } main { padding: 0; max-width: none } table { display: table } pre, tr { break-inside: avoid } h2 { break-after: avoid } }
`;

const whole = ({ page, html }) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(titleOf(page))}</title><link rel="stylesheet" href="${between(page, 'style.css')}"></head>
<body><nav aria-label="Pages">${menuOf(page)}</nav><main>${html}</main></body></html>
`;

const deadLinks = (pages) =>
  pages.flatMap(({ page, links }) =>
    links.flatMap(({ target, anchor }) => {
      const other = pages.find((each) => each.page === target);
      if (other === undefined)
        return existsSync(join(root, target)) ? [] : [`${page}: ${target} is not there`];
      return anchor === undefined || other.anchors.has(anchor)
        ? []
        : [`${page}: ${target} has no #${anchor}`];
    }),
  );

const listed = Object.values(MENU).flat();
const pages = listed.map(rendered);
const wrong = deadLinks(pages);
if (wrong.length > 0) {
  process.stderr.write(`${wrong.join('\n')}\n`);
  process.exit(1);
}
rmSync(site, { recursive: true, force: true });
for (const page of pages) {
  const path = join(site, addressOf(page.page));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, whole(page));
}
writeFileSync(join(site, 'style.css'), STYLE.trimStart());
// Whatever else is linked to comes along: pictures, compose files, the example.
for (const { target } of pages.flatMap(({ links }) => links))
  if (!listed.includes(target)) cpSync(join(root, target), join(site, target), { recursive: true });
process.stdout.write(`${site}: ${pages.length} pages\n`);
