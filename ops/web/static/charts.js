// Charts: throughput and lag per partition, from the samples that the console keeps.
// Owns: two charts, their colours, their size. Never: computes a figure; ops/web/ring.py does.
"use strict";

(() => {
  const EVERY_MS = 2000;
  const HEIGHT = 220;
  const places = { throughput: document.getElementById("throughput"), lag: document.getElementById("lag") };
  const empty = document.getElementById("no-samples");
  const charts = {};
  let drawn = "";

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const thousands = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
  const text = (chart, value) => (value === null || value === undefined ? "-" : thousands.format(value));

  // Six colours that people with any sight can tell apart; from the seventh line on, with dashes.
  const series = (line, index) => ({
    label: line.label,
    stroke: style(`--line-${(index % 6) + 1}`),
    dash: index >= 6 ? [6, 4] : undefined,
    width: 1.5,
    points: { show: false },
    value: text,
  });

  const axis = () => ({
    stroke: style("--quiet"),
    grid: { stroke: style("--edge"), width: 1 },
    ticks: { stroke: style("--edge"), width: 1 },
    font: "12px system-ui, sans-serif",
  });

  const options = (place, lines) => ({
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (chart, low, high) => [0, Math.max(high || 0, 1) * 1.1] } },
    axes: [
      { ...axis(), values: (chart, splits) => splits.map((each) => new Date(each * 1000).toISOString().slice(11, 19)), space: 90 },
      { ...axis(), size: 56, values: (chart, splits) => splits.map((each) => thousands.format(each)) },
    ],
    series: [
      { label: "UTC", value: (chart, seconds) => (seconds ? new Date(seconds * 1000).toISOString().slice(11, 19) : "-") },
      ...lines.map(series),
    ],
  });

  const draw = (samples) => {
    const has = samples.times.length > 0;
    empty.hidden = has;
    if (!has) return;
    // A chart is made anew when its lines are others, or the colours are.
    const wanted = JSON.stringify([samples.lines.map((each) => each.label), style("--line-1")]);
    for (const [name, place] of Object.entries(places)) {
      const data = [samples.times, ...samples.lines.map((each) => each[name])];
      if (charts[name] && drawn === wanted) {
        charts[name].setData(data);
        continue;
      }
      if (charts[name]) charts[name].destroy();
      charts[name] = new uPlot(options(place, samples.lines), data, place);
      place.dataset.lines = samples.lines.length;
    }
    drawn = wanted;
  };

  const look = async () => {
    if (!document.body.classList.contains("paused") && !document.hidden) {
      try {
        const answer = await fetch("/samples.json");
        if (answer.ok) draw(await answer.json());
      } catch { /* console.js tells it: its panels do not come either. */ }
    }
    setTimeout(look, EVERY_MS);
  };

  new ResizeObserver(() => {
    for (const [name, chart] of Object.entries(charts)) {
      chart.setSize({ width: places[name].clientWidth, height: HEIGHT });
    }
  }).observe(document.getElementById("main"));
  look();
})();
