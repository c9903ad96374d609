"use strict";
// Numbers of the page: see explorer_pack.py, which wrote them.
const DATA = JSON.parse(document.getElementById("data").textContent);
const PROBS = [0.05, 0.25, 0.5, 0.75, 0.95];
const MISSING = 65535;

function numbers(text, Type) {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k++) bytes[k] = raw.charCodeAt(k);
  return new Type(bytes.buffer);
}

for (const chart of DATA.charts) {
  chart.index = numbers(chart.index, chart.wide ? Uint32Array : Uint16Array);
  chart.bands = numbers(chart.bands, Float32Array);
  chart.members = numbers(chart.members, Uint16Array);
}

// The scenario of a setting (one place a lever); the last lever turns fastest.
function scenario(setting) {
  return DATA.levers.reduce((sum, lever, k) => sum * lever.levels.length + setting[k], 0);
}

function row(chart, which, place) {
  return chart.index[which * chart.at.length + place];
}

// Quantiles of all members in each period: one array of five a period.
function bands(chart, which) {
  return chart.at.map((_, place) => {
    const first = row(chart, which, place) * PROBS.length;
    return Array.from(chart.bands.subarray(first, first + PROBS.length));
  });
}

// What one scenario adds to another: quantiles over members that share their luck.
function differences(chart, which, other) {
  return chart.at.map((_, place) => {
    const mine = row(chart, which, place), theirs = row(chart, other, place);
    return mine === theirs ? PROBS.map(() => 0) : quantiles(paired(chart, mine, theirs));
  });
}

function paired(chart, mine, theirs) {
  const found = [], count = DATA.paired;
  for (let k = 0; k < count; k++) {
    const one = chart.members[mine * count + k], two = chart.members[theirs * count + k];
    if (one !== MISSING && two !== MISSING) found.push((one - two) * chart.step);
  }
  return Float64Array.from(found).sort();
}

// Linear between members, as the run's own tables.
function quantiles(sorted) {
  return PROBS.map((prob) => {
    if (!sorted.length) return NaN;
    const place = prob * (sorted.length - 1), below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  });
}

// Dates of measures under a setting; null where a measure never comes.
function dateOf(mark, setting) {
  let at = mark.at;
  for (const [lever, days] of Object.entries(mark.moved)) {
    const day = days[setting[lever]];
    if (day === null) return null;
    if (day !== mark.at) at = day;
  }
  return at;
}

function text(value, sign) {
  if (value === null || !Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const shown = size.toLocaleString("en-GB", { maximumFractionDigits: digits, minimumFractionDigits: 0 });
  const minus = value < 0 && Number(size.toFixed(digits)) > 0;
  return (minus ? "−" : sign && value > 0 ? "+" : "") + shown;
}
