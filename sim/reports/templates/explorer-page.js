// The page: settings in buttons and in the address, a sentence, charts, tables.
const START = DATA.levers.map((lever) => lever.start);
const HISTORY = DATA.levers.every((lever) => lever.usual) ? "history" : "the start";
const state = { now: [...START], pin: null, view: "both", place: firstPlace() };
const $ = (id) => document.getElementById(id);
const same = (one, two) => one.every((value, k) => value === two[k]);

// The year read at first: the last one of the sentence.
function firstPlace() {
  const known = DATA.headline.periods.map((period) => DATA.periods.indexOf(period)).filter((k) => k >= 0);
  return known.length ? known[known.length - 1] : DATA.periods.length - 1;
}

function reference() {
  const other = state.pin || START;
  return same(other, state.now) ? null : other;
}

const named = () => (state.pin ? "A, pinned" : HISTORY);

// Address.

function write() {
  const parts = [`now=${state.now.join(".")}`];
  if (state.pin) parts.push(`pin=${state.pin.join(".")}`);
  if (state.view !== "both") parts.push(`view=${state.view}`);
  history.replaceState(null, "", "#" + parts.join("&"));
}

function setting(words) {
  const places = words.split(".").map((word) => (/^\d{1,3}$/.test(word) ? Number(word) : -1));
  const fits = places.length === START.length && places.every((p, k) => p >= 0 && p < DATA.levers[k].levels.length);
  return fits ? places : null;
}

function restore() {
  const wrong = [], given = location.hash.slice(1);
  if (given === "charts") return;
  Object.assign(state, { now: [...START], pin: null, view: "both" });
  for (const part of given.length > 500 ? ["too long"] : given.split("&").filter(Boolean)) {
    const [key, value = ""] = part.split("=");
    const places = key === "now" || key === "pin" ? setting(value) : null;
    if (places) state[key] = places;
    else if (key === "view" && ["both", "difference"].includes(value)) state.view = value;
    else wrong.push(key.slice(0, 20));
  }
  $("note").hidden = !wrong.length;
  $("note").textContent = wrong.length ? `Part of the link was not understood (${wrong.join(", ")}); the rest holds.` : "";
}

// Words.

const span = (band) => `${text(band[1])}–${text(band[3])}`;

function sentence() {
  const head = DATA.headline, last = DATA.periods.length - 1;
  const chart = DATA.charts.find((one) => one.column === head.column) || DATA.charts[0];
  const asked = head.periods.map((period) => DATA.periods.indexOf(period)).filter((k) => k >= 0);
  const places = asked.length ? asked : [Math.floor(last / 2), last];
  const parts = places.map((place) => clause(chart, place));
  const tail = reference() ? `; against ${named()}, on the same luck` : "";
  return [`${chart.title}, ${chart.unit}: `, ...parts.flatMap((p, k) => (k ? ["; ", p] : [p])), ` (middle half of ${DATA.members} members${tail}).`];
}

function clause(chart, place) {
  const now = bands(chart, scenario(state.now))[place], other = reference();
  const strong = document.createElement("strong");
  if (!other) { strong.textContent = `${DATA.periods[place]}: ${span(now)}`; return strong; }
  const change = differences(chart, scenario(state.now), scenario(other))[place][2];
  const small = Math.abs(change) < Math.max(0.002 * Math.abs(now[2]), chart.step);
  const verb = small ? "hardly moves from" : change < 0 ? "falls to" : "rises to";
  const was = small ? "" : ` instead of ${span(bands(chart, scenario(other))[place])} (median ${text(change, true)})`;
  strong.textContent = `${DATA.periods[place]} ${verb} ${span(now)}${was}`;
  return strong;
}

function moved(places) {
  const parts = DATA.levers.flatMap((lever, k) => (places[k] === START[k] ? [] : [`${lever.label}: ${lever.levels[places[k]]}`]));
  return parts.length ? parts.join("; ") : `${HISTORY}, no lever moved`;
}

function sample(role) {
  const picture = element("svg", { viewBox: "0 0 30 14", "aria-hidden": "true", class: role });
  if (role === "known") picture.append(element("path", { class: "known", d: "M15 1l5 6l-5 6l-5-6z" }));
  else if (role === "mark") picture.append(element("line", { class: "mark", x1: 15, x2: 15, y1: 0, y2: 14 }));
  else picture.append(element("rect", { class: "half", x: 1, y: 1, width: 28, height: 12 }), element("path", { class: "line", d: "M1 7h28" }));
  return picture;
}

function legend(change) {
  const other = reference(), entries = change ? [["d", `change against ${named()}`]] : [["b", other ? "this run (B)" : "this run"]];
  if (other && !change) entries.push(["a", named()]);
  if (!change) entries.push(["known", "documented (hollow: weak source; bar: range of sources)"]);
  entries.push(["mark", "measures"]);
  $("legend").replaceChildren(...entries.map(([role, words]) => {
    const entry = document.createElement("span");
    entry.append(sample(role), words);
    return entry;
  }));
  const less = change && DATA.paired < DATA.members ? ` Differences: ${DATA.paired} of ${DATA.members} members, each against itself.` : "";
  $("pinned").textContent = (state.pin ? `A: ${moved(state.pin)}. ` : "") + `This run: ${moved(state.now)}.` + less;
}

// Charts and tables.

function runsOf(chart, change) {
  const now = scenario(state.now), other = reference();
  if (change) return [{ role: "d", name: "change", bands: differences(chart, now, scenario(other)) }];
  const runs = [{ role: "b", name: "this run", bands: bands(chart, now) }];
  if (other) runs.unshift({ role: "a", name: named(), bands: bands(chart, scenario(other)) });
  return runs;
}

function reading(chart, runs, place, change) {
  const lines = [...runs].reverse().map(({ name, bands: found }) => {
    const [q05, q25, q50, q75, q95] = found[place].map((value) => text(value, change));
    return `${name} ${q50} (half ${q25} to ${q75}; 90 % ${q05} to ${q95})`;
  });
  const points = change ? [] : chart.points.filter((point) => point.period === DATA.periods[place]);
  lines.push(...points.map((p) => `documented ${p.value === null ? `${text(p.low)} to ${text(p.high)}` : text(p.value)}${p.weak ? " (weak source)" : ""}`));
  const first = document.createElement("strong");
  first.textContent = DATA.periods[place];
  return [first, ...lines.flatMap((line) => [document.createElement("br"), line])];
}

function figure(chart, marks, change) {
  const made = document.createElement("figure"), words = document.createElement("figcaption");
  const unit = document.createElement("small"), read = document.createElement("p");
  unit.textContent = ` ${change ? "change, " : ""}${chart.unit}${chart.kind === "flow" ? " a year" : chart.kind === "stock" ? ", end of year" : ""}`;
  words.append(chart.title, unit);
  read.className = "read";
  const runs = runsOf(chart, change);
  const { picture, point } = draw(chart, runs, marks, change, choose);
  picture.setAttribute("aria-label", `${chart.title}: arrow keys read the years`);
  made.dataset.column = chart.column;
  made.append(words, picture, read);
  made.read = (place) => { point(place); read.replaceChildren(...reading(chart, runs, place, change)); };
  return made;
}

// All charts read the same year; only the chosen one is spoken.
function choose(place, picture) {
  const next = Math.max(0, Math.min(DATA.periods.length - 1, place));
  for (const chart of document.querySelectorAll("figure"))
    chart.querySelector(".read").setAttribute("aria-live", chart.contains(picture) ? "polite" : "off");
  if (next !== state.place) { state.place = next; read(); }
}

function read() {
  document.querySelectorAll("figure").forEach((chart) => chart.read(state.place));
  const period = DATA.periods[state.place];
  const here = DATA.marks.map((mark) => [dateOf(mark, state.now), mark.title]).filter(([at]) => at !== null && String(Math.floor(at)) === period);
  $("year").textContent = `${period}: ` + (here.length ? here.map(([at, title]) => `${title} (${month(at).split(" ")[0]})`).join("; ") : "no main measure takes effect") + ".";
}

function tables(change) {
  const box = $("numbers").querySelector("div");
  if (!$("numbers").open) return;
  box.replaceChildren(...DATA.charts.flatMap((chart) => runsOf(chart, change).map((run) => table(chart, run))));
}

function table(chart, run) {
  const made = document.createElement("table");
  made.className = "numbers";
  made.createCaption().textContent = `${chart.title}, ${chart.unit}: ${run.name}`;
  const head = made.createTHead().insertRow();
  for (const word of ["Year", "5 %", "25 %", "median", "75 %", "95 %"]) {
    const cell = document.createElement("th");
    cell.textContent = word;
    head.append(cell);
  }
  const body = made.createTBody();
  run.bands.forEach((band, place) => {
    const line = body.insertRow();
    for (const word of [DATA.periods[place], ...band.map((value) => text(value))]) line.insertCell().textContent = word;
  });
  return made;
}

function events() {
  const body = $("events").querySelector("tbody"), other = reference();
  $("events").hidden = !DATA.events.length;
  $("event-a").hidden = !other;
  $("event-a").textContent = named();
  body.replaceChildren(...DATA.events.map((event) => {
    const line = document.createElement("tr");
    line.insertCell().textContent = event.title;
    for (const one of other ? [state.now, other] : [state.now]) line.insertCell().textContent = event.texts[event.index[scenario(one)]];
    return line;
  }));
}

function list(marks) {
  $("marks").replaceChildren(...marks.map(({ at, title, usual }) => {
    const line = document.createElement("li");
    line.textContent = `${at === null ? "never" : month(at)}: ${title}${at === usual ? "" : ` (was ${month(usual)})`}`;
    return line;
  }));
}

function month(at) {
  const names = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  return `${names[Math.min(11, Math.floor((at % 1) * 12 + 0.02))]} ${Math.floor(at)}`;
}

function show() {
  const other = reference(), change = state.view === "difference" && other !== null;
  const marks = DATA.marks.map((mark) => ({ title: mark.title, usual: mark.at, at: dateOf(mark, state.now) }));
  DATA.levers.forEach((lever, k) => {
    const box = document.querySelector(`fieldset[data-lever="${k}"]`);
    box.querySelectorAll("input")[state.now[k]].checked = true;
    box.classList.toggle("moved", state.now[k] !== START[k]);
  });
  document.querySelector(`input[name="view"][value="${state.view}"]`).checked = true;
  $("pin").textContent = state.pin ? "Unpin A" : "Pin this as A";
  $("pin").setAttribute("aria-pressed", String(Boolean(state.pin)));
  $("sentence").replaceChildren(...sentence());
  legend(change);
  $("charts").replaceChildren(...DATA.charts.map((chart) => figure(chart, marks, change)));
  read();
  events();
  list(marks);
  tables(change);
}

function changed() { write(); show(); }

$("levers").addEventListener("change", (event) => {
  const lever = event.target.closest("fieldset");
  if (lever) state.now[Number(lever.dataset.lever)] = Number(event.target.value);
  changed();
});
$("levers").addEventListener("reset", (event) => { event.preventDefault(); state.now = [...START]; changed(); });
$("pin").addEventListener("click", () => { state.pin = state.pin ? null : [...state.now]; changed(); });
$("link").addEventListener("click", async () => {
  write();
  try { await navigator.clipboard.writeText(location.href); $("link").textContent = "Copied"; }
  catch { $("link").textContent = "It is in the address bar"; }
  setTimeout(() => { $("link").textContent = "Copy link"; }, 2000);
});
for (const choice of document.querySelectorAll('input[name="view"]'))
  choice.addEventListener("change", () => { state.view = choice.value; changed(); });
$("numbers").addEventListener("toggle", show);
window.addEventListener("hashchange", () => { restore(); show(); });
narrow.addEventListener("change", show);
restore();
show();
