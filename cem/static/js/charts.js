// Draws the page's figures with Plotly in the colours of the page as it is now, and again when they change.

const SIZE = { responsive: true, displayModeBar: false, doubleClick: false };
const charts = [...document.querySelectorAll('.chart[data-figure]')];
const page = document.documentElement;

function token(name) {
  return getComputedStyle(page).getPropertyValue(name).trim();
}

// `layout.meta` says which token is behind each colour of the figure.
function inked(json) {
  const names = JSON.parse(json).layout.meta;
  const colour = new RegExp(Object.keys(names).join('|'), 'g');
  const figure = JSON.parse(json.replace(colour, (light) => token(names[light]) || light));
  figure.layout.font.family = token('--font-ui');
  return figure;
}

async function draw(chart) {
  const { data, layout } = inked(chart.dataset.figure);
  await Plotly.react(chart, data, layout, SIZE);
  for (const drawing of chart.querySelectorAll('svg.main-svg')) {
    // lets the stylesheet for paper scale the drawing to the sheet
    drawing.setAttribute('viewBox', `0 0 ${drawing.getAttribute('width')} ${drawing.getAttribute('height')}`);
  }
}

function drawAll() {
  charts.forEach(draw);
}

function onPaper() {
  const { theme } = page.dataset;
  page.dataset.theme = 'light';
  window.addEventListener('afterprint', () => {
    if (theme) page.dataset.theme = theme;
    else delete page.dataset.theme;
  }, { once: true });
}

function watch() {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  new MutationObserver(drawAll).observe(page, { attributeFilter: ['data-theme'] });
  window.addEventListener('beforeprint', onPaper);
}

if (globalThis.Plotly) {
  drawAll();
  watch();
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
