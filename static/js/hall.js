// Renews the hall's screen and console: by server-sent events, or by asking where none come.
const hall = document.querySelector(".jf-hall");
const { live, state, language, late } = hall.dataset;
const EVERY = 5000;
const LATE = 20000;
let heard = Date.now();

const number = new Intl.NumberFormat("en");

function cells(row, values) {
  const [first, ...rest] = values;
  const head = document.createElement("th");
  head.scope = "row";
  head.className = "govuk-table__header";
  head.textContent = first;
  row.append(head);
  for (const value of rest) {
    const cell = document.createElement("td");
    cell.className = "govuk-table__cell";
    if (typeof value === "number" || /^[\d–]/.test(value)) {
      cell.classList.add("govuk-table__cell--numeric");
    }
    cell.textContent = value;
    row.append(cell);
  }
}

function rows(name, lines) {
  const body = hall.querySelector(`[data-rows="${name}"]`);
  body?.replaceChildren(
    ...lines.map((values) => {
      const row = document.createElement("tr");
      row.className = "govuk-table__row";
      cells(row, values);
      return row;
    }),
  );
}

function items(selector, texts) {
  const list = hall.querySelector(selector);
  if (!list) return;
  list.replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}

function bars(counts) {
  const list = hall.querySelector("[data-bars]");
  if (!list) return;
  const most = Math.max(1, ...counts);
  counts.forEach((count, place) => {
    const bar = list.children[place].firstElementChild;
    bar.textContent = count;
    bar.style.height = `${Math.round((100 * count) / most)}%`;
  });
}

function show(told) {
  heard = Date.now();
  for (const [name, count] of Object.entries(told.figures)) {
    hall.querySelector(`[data-figure="${name}"]`).textContent = number.format(count);
  }
  const post = (one) => [one.title, one.employer, `${one.left} / ${one.headcount}`];
  rows("wanted", told.wanted.map(post));
  rows("empty", told.empty.map(post));
  rows(
    "booths",
    told.booths.map((one) => [one.name, one.waiting, one.waiting ? one.minutes : "–", one.left]),
  );
  hall.querySelector("[data-better]")?.toggleAttribute("hidden", !told.better.length);
  rows("better", told.better.map((one) => [one.from, one.to, one.people]));
  items("[data-notices]", told.notices.map((one) => one[language]));
  bars(told.arrivals);
  const silent = hall.querySelector("[data-silent]");
  if (silent) {
    const { none, waiting } = silent.dataset;
    const texts = told.silent.map((one) =>
      one.waiting ? `${one.name} · ${waiting.replace("%(n)s", one.waiting)}` : one.name,
    );
    items("[data-silent]", texts.length ? texts : [none]);
    hall.querySelector("[data-claims]").textContent = told.claims;
  }
}

async function ask() {
  try {
    const answer = await fetch(state, { cache: "no-store" });
    if (answer.ok) show(await answer.json());
  } catch {
    // The note below says so when it lasts.
  }
}

let events = null;

function listen() {
  events = new EventSource(live);
  events.addEventListener("message", (event) => show(JSON.parse(event.data)));
  // Too many listen already, or the server is away: ask, and try to listen again later.
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) {
      events = null;
      setTimeout(listen, 60000);
    }
  });
}

listen();
setInterval(() => {
  if (events?.readyState !== EventSource.OPEN) ask();
  const note = hall.querySelector("[data-late-note]");
  const clock = new Date(heard).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" });
  note.hidden = Date.now() - heard < LATE;
  note.textContent = late.replace("%(at)s", clock);
}, EVERY);
