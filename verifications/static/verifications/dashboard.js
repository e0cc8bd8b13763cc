// Draws the charts of the dashboard from the JSON beside them. Without it all is in the tables.
"use strict";

const charts = JSON.parse(document.getElementById("charts").textContent);
const canvases = [...document.querySelectorAll("canvas[data-chart]")];
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const DASHES = [[], [6, 3], [2, 2]]; // told apart without colours, too

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (index) => style(`--chart-${index + 1}`);

function dataset(chart, [label, data], index) {
  const shape = chart.kind === "line"
    ? { borderWidth: 2, borderDash: DASHES[index], pointRadius: 0, pointHitRadius: 12, tension: 0.2 }
    : { maxBarThickness: 22, borderRadius: 2 };
  return { label, data, backgroundColor: colour(index), borderColor: colour(index), ...shape };
}

// Times lie so far apart that only powers of ten show all of them.
const powersOfTen = (value) => (Number.isInteger(Math.log10(value)) ? value.toLocaleString() : null);

function scale({ unit, series }) {
  if (unit === "%") return { min: 0, max: 100 };
  if (unit) {
    const most = Math.max(2, ...series.flatMap(([, data]) => data));
    const max = 10 ** Math.ceil(Math.log10(most));
    return { type: "logarithmic", min: 1, max, ticks: { callback: powersOfTen } };
  }
  return { beginAtZero: true, suggestedMax: 4, ticks: { precision: 0, maxTicksLimit: 6 } };
}

function axes(chart) {
  const text = style("--body-quiet-color");
  const { ticks, ...range } = scale(chart);
  const values = {
    ...range,
    grid: { color: style("--hairline-color") },
    title: { display: chart.unit !== "", text: chart.unit, color: text },
    ticks: { ...ticks, color: text, maxRotation: 0 },
  };
  const names = {
    grid: { display: false },
    ticks: { color: text, autoSkip: !chart.across, maxTicksLimit: 12, maxRotation: 0 },
  };
  return chart.across ? { x: values, y: names } : { x: names, y: values };
}

function configuration(chart) {
  const unit = chart.unit && ` ${chart.unit}`;
  const say = ({ dataset: of, raw }) => `${of.label}: ${raw.toLocaleString()}${unit}`;
  return {
    type: chart.kind,
    data: {
      labels: chart.labels,
      datasets: chart.series.map((series, index) => dataset(chart, series, index)),
    },
    options: {
      indexAxis: chart.across ? "y" : "x",
      maintainAspectRatio: false,
      animation: calm.matches ? false : { duration: 300 },
      interaction: { mode: "index", axis: chart.across ? "y" : "x", intersect: false },
      plugins: {
        legend: {
          display: chart.series.length > 1,
          labels: { color: style("--body-fg"), boxWidth: 14, boxHeight: 10 },
        },
        tooltip: { callbacks: { label: say } },
      },
      scales: axes(chart),
    },
  };
}

// Bars from left to right need a height for each, and those side by side the same.
function fit(canvas, chart) {
  if (!chart.across) return;
  const together = canvas.closest(".charts").querySelectorAll("canvas");
  const series = Math.max(...[...together].map((one) => charts[one.dataset.chart].series.length));
  const height = 70 + chart.labels.length * (series * 14 + 12);
  canvas.parentElement.style.height = `${height}px`;
}

function draw() {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const canvas of canvases) {
    const chart = charts[canvas.dataset.chart];
    fit(canvas, chart);
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, configuration(chart));
  }
  document.querySelector(".board").dataset.drawn = String(canvases.length);
}

draw();
// The theme is set by a button of the admin's, or by the system.
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
