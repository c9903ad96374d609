// Fan charts as SVG: bands, documented points, dates of measures, a cursor that reads numbers.
const HEIGHT = 250, LEFT = 52, RIGHT = 10, TOP = 14, BOTTOM = 24;
const narrow = window.matchMedia("(max-width: 30rem)");
const width = () => (narrow.matches ? 380 : 520); // so that letters are as large on a phone
const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function across(at) {
  const [first, last] = DATA.span;
  return LEFT + ((at - first) / (last - first)) * (width() - LEFT - RIGHT);
}

function ruler(low, high) {
  const size = (high - low || 1) / 4, power = 10 ** Math.floor(Math.log10(size));
  const step = [1, 2, 2.5, 5, 10].find((k) => k * power >= size) * power;
  const first = Math.floor(low / step + 1e-9) * step, ticks = [];
  for (let k = 0; k === 0 || first + (k - 1) * step < high - step * 1e-6; k++) ticks.push(first + k * step);
  const top = ticks[ticks.length - 1];
  const up = (value) => HEIGHT - BOTTOM - ((value - first) / (top - first)) * (HEIGHT - TOP - BOTTOM);
  return { ticks, up };
}

function limits(chart, runs, change) {
  const values = runs.flatMap((run) => run.bands.flat()).filter(Number.isFinite);
  if (!change) for (const point of chart.points) values.push(...[point.value, point.high].filter(Number.isFinite));
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

// Stretches of periods that have numbers, each a list of [x, quantiles].
function stretches(chart, found) {
  const parts = [[]];
  found.forEach((band, place) => {
    if (band.every(Number.isFinite)) parts[parts.length - 1].push([across(chart.at[place]), band]);
    else parts.push([]);
  });
  return parts.filter((part) => part.length);
}

function line(part, up, which) {
  return "M" + part.map(([x, band]) => `${x.toFixed(1)} ${up(band[which]).toFixed(1)}`).join("L");
}

function area(part, up, low, high) {
  return line(part, up, high) + line([...part].reverse(), up, low).replace("M", "L") + "Z";
}

// A is drawn in outlines and B in areas, so that both can be read where they overlap.
function fan(chart, run, up) {
  const group = element("g", { class: run.role });
  for (const part of stretches(chart, run.bands)) {
    for (const [name, low, high] of [["wide", 0, 4], ["half", 1, 3]])
      for (const d of run.role === "a" ? [line(part, up, low), line(part, up, high)] : [area(part, up, low, high)])
        group.append(element("path", { class: name, d }));
    group.append(element("path", { class: "line", d: line(part, up, 2) }));
    if (run.role !== "a") group.append(...part.map(([x, band]) => dot(x, up(band[2]))));
  }
  return group;
}

function dot(x, y) {
  return element("circle", { class: "dot", cx: x.toFixed(1), cy: y.toFixed(1), r: 2.6 });
}

function axes({ ticks, up }) {
  const group = element("g", { "aria-hidden": "true" });
  for (const tick of ticks) {
    const y = up(tick).toFixed(1), zero = Math.abs(tick) < 1e-9;
    group.append(element("line", { class: zero ? "zero" : "gridline", x1: LEFT, x2: width() - RIGHT, y1: y, y2: y }));
    group.append(element("text", { x: LEFT - 6, y: Number(y) + 4, "text-anchor": "end" }, text(zero ? 0 : tick)));
  }
  for (let year = Math.ceil(DATA.span[0]); year < DATA.span[1]; year++)
    group.append(element("text", { x: across(year + 0.5), y: HEIGHT - 6, "text-anchor": "middle" }, String(year)));
  return group;
}

function measures(marks) {
  const group = element("g");
  marks.forEach(({ at, title }) => {
    if (at === null || at < DATA.span[0] || at > DATA.span[1]) return;
    const x = across(at).toFixed(1);
    const line = element("line", { class: "mark", x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM });
    line.append(element("title", {}, title));
    group.append(line);
  });
  return group;
}

function documented(chart, up) {
  const group = element("g");
  for (const point of chart.points) {
    const x = across(point.at), value = point.value ?? (point.low + point.high) / 2, y = up(value);
    if (point.low !== null && point.high !== null && point.high > point.low)
      group.append(element("line", { class: "between", x1: x, x2: x, y1: up(point.low), y2: up(point.high) }));
    if (!Number.isFinite(y)) continue;
    const shape = `M${x} ${y - 6}l5 6l-5 6l-5-6z`;
    const mark = element("path", { class: point.weak ? "known weak" : "known", d: shape });
    mark.append(element("title", {}, `${point.period}: ${text(value)} documented`));
    group.append(mark);
  }
  return group;
}

// One chart. choose(place, picture) is told which period the pointer or a key chose; the
// chart's own cursor moves when its point(place) is called.
function draw(chart, runs, marks, change, choose) {
  const scale = ruler(...limits(chart, runs, change));
  const picture = element("svg", { viewBox: `0 0 ${width()} ${HEIGHT}`, role: "img", tabindex: "0" });
  const cursor = element("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM });
  picture.append(axes(scale), measures(marks), ...runs.map((run) => fan(chart, run, scale.up)));
  if (!change) picture.append(documented(chart, scale.up));
  picture.append(cursor);
  for (const name of ["pointermove", "pointerdown"])
    picture.addEventListener(name, (event) => choose(nearest(chart, picture, event), picture));
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -99, End: 99 }[event.key];
    if (step) { event.preventDefault(); choose(state.place + step, picture); }
  });
  const point = (place) => { for (const end of ["x1", "x2"]) cursor.setAttribute(end, across(chart.at[place])); };
  return { picture, point };
}

function nearest(chart, picture, event) {
  const box = picture.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * width();
  const far = chart.at.map((at) => Math.abs(across(at) - x));
  return far.indexOf(Math.min(...far));
}
