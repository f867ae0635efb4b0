// Moves booths on the map by pointer or arrow keys; the table below the map does the same by typing.
const map = document.getElementById("map");
const said = document.getElementById("map-said");
const token = document.querySelector("form [name=csrf_token]").value;
const size = (name) => Number(map.dataset[name]);
const [width, height] = [size("width"), size("height")];
const booths = [...map.querySelectorAll(".jf-booth")];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const placeOf = (booth) => ["column", "row", "columns", "rows"].map((name) => Number(booth.dataset[name]));

function stand(booth, x, y) {
  booth.setAttribute("transform", `translate(${x} ${y})`);
}

function settle(booth) {
  const [column, row] = placeOf(booth);
  stand(booth, (column - 1) * width, (row - 1) * height);
}

// The fields of the table follow, or saving the table would put the booth back.
function follow(id, answer) {
  for (const name of ["column", "row", "seen"]) {
    const field = document.querySelector(`[name="${name}-${id}"]`);
    if (field) field.value = answer[name];
  }
}

async function move(booth, column, row) {
  booth.classList.add("is-saving");
  const body = new FormData();
  for (const [name, value] of Object.entries({ column, row, csrf_token: token })) body.append(name, value);
  stand(booth, (column - 1) * width, (row - 1) * height);
  try {
    const reply = await fetch(booth.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await reply.json();
    said.textContent = answer.said ?? answer.fault;
    if (answer.said) {
      booth.dataset.column = answer.column;
      booth.dataset.row = answer.row;
      follow(booth.dataset.id, answer);
    }
  } catch {
    said.textContent = said.dataset.failed;
  }
  settle(booth);
  booth.classList.remove("is-saving");
}

function isFree(booth, column, row) {
  const [, , columns, rows] = placeOf(booth);
  return booths.every((other) => {
    if (other === booth) return true;
    const [left, top, wide, deep] = placeOf(other);
    return left >= column + columns || left + wide <= column || top >= row + rows || top + deep <= row;
  });
}

// The next place in a direction that no other booth stands on: keys step over what is in between.
function step(booth, [across, down]) {
  const [column, row, columns, rows] = placeOf(booth);
  for (let n = 1; ; n += 1) {
    const [x, y] = [column + n * across, row + n * down];
    if (x < 1 || y < 1 || x + columns - 1 > size("columns") || y + rows - 1 > size("rows")) break;
    if (isFree(booth, x, y)) return move(booth, x, y);
  }
  said.textContent = said.dataset.full;
  return undefined;
}

function drag(booth, event) {
  const scale = map.getBoundingClientRect().width / map.viewBox.baseVal.width;
  const [column, row, columns, rows] = placeOf(booth);
  const [fromX, fromY] = [event.clientX, event.clientY];
  const ended = new AbortController();
  const { signal } = ended;
  const at = (on) => [(on.clientX - fromX) / scale, (on.clientY - fromY) / scale];
  booth.setPointerCapture(event.pointerId);
  booth.addEventListener("pointermove", (on) => {
    const [x, y] = at(on);
    stand(booth, (column - 1) * width + x, (row - 1) * height + y);
  }, { signal });
  booth.addEventListener("pointercancel", () => {
    ended.abort();
    settle(booth);
  }, { signal });
  booth.addEventListener("pointerup", (on) => {
    ended.abort();
    const [x, y] = at(on);
    const within = (wanted, span, whole) => Math.max(1, Math.min(whole - span + 1, wanted));
    const [toColumn, toRow] = [
      within(column + Math.round(x / width), columns, size("columns")),
      within(row + Math.round(y / height), rows, size("rows")),
    ];
    if (toColumn === column && toRow === row) settle(booth);
    else move(booth, toColumn, toRow);
  }, { signal });
}

for (const booth of booths) {
  booth.addEventListener("keydown", (event) => {
    const way = STEPS[event.key];
    if (!way) return;
    event.preventDefault(); // or the page scrolls
    if (!booth.classList.contains("is-saving")) step(booth, way);
  });
  booth.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !booth.classList.contains("is-saving")) drag(booth, event);
  });
}
