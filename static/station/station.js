// The station: paired once, then at work with or without a network.
import * as outbox from "./outbox.js";
import * as roster from "./roster.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { Boarding } from "./boarding.js";
import { Booth, renewBooth } from "./booth.js";
import { Desk } from "./desk.js";
import { Gate } from "./gate.js";
import { Scanner } from "./scanner.js";
import { change, clock, language, say, write } from "./words.js";
import { isRepeated } from "./reading.js";

const PULSE = 15000;
const { version, reader, wasm } = document.body.dataset;
const byId = (id) => document.getElementById(id);

const CODE_DIGITS = 8;
const BATCH_DIGITS = 9; // a code of a journey, not of a fair's place
let at = null; // the gate or the booth: whatever a scan is for here
let desk = null;
let identity = null;
let online = navigator.onLine;
let renewed = null;
let announced = [];

function show(section) {
  for (const one of document.querySelectorAll("main > section")) one.hidden = one.id !== section;
}

function showNotices() {
  byId("notices").replaceChildren(
    ...announced.map((one) => {
      const line = document.createElement("li");
      line.textContent = (language === "en" && one.en) || one.zh;
      return line;
    }),
  );
}

async function showState() {
  const count = await store.waiting();
  const bar = byId("state");
  bar.hidden = false;
  bar.dataset.online = String(online);
  const parts = [say(online ? "online" : "offline")];
  if (count) parts.push(say("waiting", { n: count }));
  byId("state-text").textContent = parts.join(" · ");
  byId("known").textContent = say("known", {
    n: at?.known ?? roster.size(),
    at: renewed ? clock(renewed) : "–",
  });
}

async function hear({ answers, online: now, refused, station }) {
  if (answers) at?.answered(answers);
  if (now !== undefined) online = now;
  if (refused) return over(refused, station);
  await showState();
}

// What a place has on its screen is built when the page opens, and so is the other place's. Until
// then nothing is read: it would be kept for the place just left.
function leavePlace() {
  scanner.stop();
  byId("gate").hidden = true;
}

// Revoked, or replaced by another device. At its other places it works on; after the last one
// nothing of people stays, undelivered records do.
async function over(reason, station) {
  leavePlace();
  await store.leave(station);
  if ((await store.places()).length) return location.reload();
  identity = null;
  await roster.open();
  const left = await store.waiting();
  byId("pair-note").textContent = left ? `${reason} ${say("undelivered", { n: left })}` : reason;
  byId("pair-note").hidden = false;
  await server.open();
  show("pair");
}

async function renew() {
  if (!identity) return;
  try {
    if (isJourney()) await at.renew();
    else await renewAtFair();
    renewed = Date.now();
    online = true;
  } catch (fault) {
    if (fault instanceof server.Refused && fault.status === 401) {
      return over(fault.message, fault.station);
    }
    if (!(fault instanceof server.Unreachable)) throw fault;
    online = false;
  }
  await showState();
}

function isJourney() {
  return ["boarding", "arrival"].includes(identity.job);
}

async function renewAtFair() {
  await roster.renew();
  await desk?.renew();
  await at?.renew?.();
  for (const { station, job } of await store.places()) {
    if (station === identity.station) continue;
    await outbox.greet(station);
    if (job === "booth") await renewBooth(station);
  }
  const { notices, ...told } = await server.call("notices");
  announced = notices;
  showNotices();
  at?.take?.(told);
}

async function pulse() {
  if (!identity) return;
  await outbox.flush();
  await renew();
}

// Several codes one after another make the device several stations; the first is where it begins.
async function pair(text) {
  const fault = byId("pair-fault");
  fault.hidden = true;
  byId("pair-button").disabled = true;
  try {
    if (identity) await outbox.flush();
    let codes = text.replace(/\D/g, "");
    let first = null;
    const journey = codes.length === BATCH_DIGITS;
    const [way, digits] = journey ? ["batch/pair", BATCH_DIGITS] : ["pair", CODE_DIGITS];
    do {
      const code = codes.slice(0, digits);
      const { secret, ...told } = await server.call(way, { code }, null);
      await store.begin(told, secret);
      first ??= told.station;
      codes = codes.slice(digits);
      byId("code").value = codes; // what is left to do, should the network break now
    } while (codes);
    await store.stand(first);
    await navigator.storage?.persist?.();
    if (identity) return location.reload();
    await server.open();
    await work();
  } catch (refusal) {
    if (!(refusal instanceof server.Refused || refusal instanceof server.Unreachable)) throw refusal;
    fault.textContent = refusal instanceof server.Refused ? refusal.message : say("noServer");
    fault.hidden = false;
    byId("code").focus();
  } finally {
    byId("pair-button").disabled = false;
  }
}

function worksAs(job) {
  if (job === "booth") return new Booth();
  return isJourney() ? new Boarding(job) : new Gate();
}

async function work() {
  identity = await store.stand();
  byId("pair-note").hidden = true;
  byId("name").textContent = identity.name;
  document.title = identity.name;
  byId("place").value = (await store.get("place")) ?? identity.name;
  const places = await store.places();
  byId("where").replaceChildren(...places.map((one) => new Option(one.name, one.station)));
  byId("where").value = identity.station;
  byId("where-group").hidden = places.length < 2;
  for (const one of document.querySelectorAll("[data-jobs]")) {
    one.hidden = !one.dataset.jobs.split(" ").includes(identity.job);
  }
  at = worksAs(identity.job);
  at.place = byId("place").value;
  desk = identity.job === "desk" ? new Desk((person) => at.given(person)) : null;
  await desk?.rewrite();
  await roster.open();
  await at.open?.();
  show("gate");
  await showState();
  if (matchMedia("(pointer: fine)").matches) byId("text").focus();
  await pulse();
}

const scanner = new Scanner(byId("video"), { reader, wasm });

function listenToHands() {
  byId("pair-form").addEventListener("submit", (event) => {
    event.preventDefault();
    pair(byId("code").value);
  });
  byId("more-places").addEventListener("click", () => {
    byId("pair-back").hidden = false;
    show("pair");
    byId("code").focus();
  });
  byId("pair-back").addEventListener("click", () => location.reload());
  byId("where").addEventListener("change", async (event) => {
    leavePlace();
    await store.stand((await store.places())[event.target.selectedIndex].station);
    location.reload();
  });
  byId("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("text").value.trim();
    byId("text").value = "";
    if (text) at.read(text);
  });
  byId("photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) at.read((await scanner.readPhoto(file)) ?? "");
    event.target.value = "";
  });
  byId("camera").addEventListener("click", useCamera);
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    search(byId("search").value);
  });
  byId("place").addEventListener("change", async (event) => {
    at.place = event.target.value.trim() || identity.name;
    await store.put("place", event.target.value.trim());
  });
  byId("language").addEventListener("click", () => {
    change();
    at?.rewrite();
    showNotices();
    desk?.rewrite();
    showState();
  });
  // A scanner at the USB port types wherever the cursor is.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea, button, summary, a");
    if (!typing && event.key.length === 1 && !byId("gate").hidden) byId("text").focus();
  });
}

async function useCamera() {
  const frame = byId("frame");
  if (scanner.on) {
    scanner.stop();
    frame.hidden = true;
  } else {
    frame.hidden = false;
    try {
      await scanner.start((text) => isRepeated(text) || at.read(text));
    } catch {
      frame.hidden = true;
      byId("camera-fault").hidden = false;
      return;
    }
  }
  byId("camera-fault").hidden = true;
  byId("camera").setAttribute("aria-pressed", String(scanner.on));
}

async function search(text) {
  const list = byId("found");
  const note = byId("search-note");
  list.replaceChildren();
  note.textContent = "";
  let people;
  try {
    ({ people } = await server.call("search", { text }));
  } catch (fault) {
    note.textContent = fault instanceof server.Refused ? fault.message : say("searchOffline");
    return;
  }
  if (!people.length) note.textContent = say("nobody");
  for (const person of people) {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = person.card ? person.name : `${person.name} – ${say("noCard")}`;
    button.disabled = !person.card;
    button.addEventListener("click", () => {
      if (at.enter) at.enter(person.card, "search");
      else at.meet(person);
      list.replaceChildren();
      byId("search").value = "";
    });
    line.append(button);
    list.append(line);
  }
}

async function useWorker() {
  const registration = await navigator.serviceWorker.register("/station/sw.js", {
    scope: "/station/",
  });
  const offer = () => {
    byId("update").hidden = !registration.waiting;
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
  byId("update").addEventListener("click", () => registration.waiting?.postMessage("take over"));
  let had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (had) location.reload();
    had = true;
  });
}

async function start() {
  write();
  listenToHands();
  // Plain HTTP has no service worker, no camera and no cryptography: no offline station there.
  if (!isSecureContext || !navigator.serviceWorker || !crypto.subtle) return show("insecure");
  await useWorker();
  outbox.listen(hear, version);
  window.addEventListener("online", pulse);
  window.addEventListener("offline", () => hear({ online: false }));
  document.addEventListener("visibilitychange", () => document.hidden || pulse());
  setInterval(pulse, PULSE);
  identity = await server.open();
  const codes = location.hash.slice(1).replace(/\D/g, "");
  if (!codes && identity) return work();
  byId("pair-back").hidden = !identity;
  show("pair");
  if (codes) {
    history.replaceState(null, "", location.pathname);
    byId("code").value = codes;
    await pair(codes);
  }
}

start();
