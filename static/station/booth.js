// The booth: its queue, one talk or twenty at once, and offers that never exceed the posts.
import * as outbox from "./outbox.js";
import * as roster from "./roster.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { newId } from "./card.js";
import { cardIn } from "./reading.js";
import { clock, language, say } from "./words.js";
import { showResult } from "./result.js";
import { signal } from "./signal.js";

const byId = (id) => document.getElementById(id);
const AFTER = { join: "waiting", back: "waiting", call: "called", away: "away", leave: "gone" };
const MINUTE = 60000;

function element(name, text, ...classes) {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = classes.join(" ");
  return made;
}

function button(word, act, secondary = true) {
  const made = element("button", say(word), "govuk-button");
  if (secondary) made.classList.add("govuk-button--secondary");
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// What a booth tells of its queue and posts; nothing when something is recorded at it that the
// answer may not have.
async function ask(station) {
  const before = await store.owes(station);
  const told = await server.call("booth", {}, station);
  return before || (await store.owes(station)) ? null : told;
}

async function keep(known, station) {
  await store.put("booth", await store.seal(await store.get("key"), known), station);
}

// Have a booth's queue and reserve at hand although the device works at another place now.
export async function renewBooth(station) {
  const told = await ask(station);
  if (told) await keep(told, station);
}

export class Booth {
  #known = { prefix: "A", pace: 5 * MINUTE, positions: [], leases: [], line: [], reasons: {} };
  #who = null; // the person before the booth now
  #group = null; // people of a group interview, or none is on
  #asked = new Map(); // id of a record → what to show when it is answered
  #last = null; // what was recorded last, while it can be taken back
  #wrong = false; // it was of another person, whose card is read next
  #turns = []; // who was told that a post came free
  #better = []; // who waits too long and was proposed another booth

  constructor() {
    byId("call").addEventListener("click", () => this.#callNext());
    byId("join").addEventListener("click", () => this.#join());
    byId("offer").addEventListener("click", () => this.#offer());
    byId("second").addEventListener("click", () => this.#outcome("second"));
    byId("unsuitable").addEventListener("click", () => this.#unsuitable());
    byId("decline").addEventListener("click", () => this.#outcome("decline"));
    byId("accepts").addEventListener("click", () => this.#reply("accept"));
    byId("refuses").addEventListener("click", () => this.#reply("refuse"));
    byId("elsewhere").addEventListener("click", () => this.#elsewhere());
    byId("booth-undo").addEventListener("click", () => this.#undo());
    byId("booth-other").addEventListener("click", () => this.#expectOther(!this.#wrong));
    byId("group").addEventListener("click", () => this.#toggleGroup());
    byId("group-save").addEventListener("click", () => this.#saveGroup());
  }

  async open() {
    const sealed = await store.get("booth");
    if (sealed) this.#known = await store.unseal(await store.get("key"), sealed);
    this.rewrite();
  }

  // What was recorded here is delivered before this is asked, so the answer has it already.
  async renew() {
    const told = await ask();
    if (!told) return;
    this.#known = told;
    await this.#keep();
    this.rewrite();
  }

  async #keep() {
    await keep(this.#known);
  }

  // Of a new one a sound tells, too: the recruiter is in a talk.
  take({ turns, better }) {
    const had = new Set(this.#turns.map((one) => JSON.stringify(one)));
    if (turns.some((one) => !had.has(JSON.stringify(one)))) signal("again");
    this.#turns = turns;
    this.#better = better;
    this.#showTold();
  }

  #showTold() {
    byId("turns").replaceChildren(
      ...this.#turns.map(({ title, name, number, at }) =>
        element("li", say("turn", { title, who: [number, name].filter(Boolean).join(" "), at: clock(at) })),
      ),
    );
    byId("better").replaceChildren(
      ...this.#better.map((one) => element("li", say("betterBooth", one))),
    );
    byId("better-title").hidden = !this.#better.length;
  }

  #lineOf(card) {
    return this.#known.line.find((one) => one.card === card);
  }

  async read(text) {
    const { card, fault } = await cardIn(text);
    if (fault) return showResult({ state: fault });
    const known = roster.find(card);
    if (known && !known.inForce) return showResult({ state: "revoked", name: known.name });
    if (this.#group) return this.#addToGroup({ card, name: known?.name ?? "" });
    this.meet({ card, name: known?.name ?? "" });
  }

  meet(who) {
    if (this.#wrong) return this.#putRight(who);
    this.#who = who;
    byId("others").replaceChildren();
    byId("why").value = "";
    const [post] = this.#known.positions;
    if (post && !byId("position").value) byId("position").value = post.id;
    const line = this.#lineOf(who.card);
    showResult({ state: "met", name: who.name, more: line ? this.#where(line) : "" });
    this.#showMeeting();
  }

  #where(line) {
    return [line.number, say(`place_${line.place}`)].filter(Boolean).join(" · ");
  }

  async #say(kind, card, more = {}) {
    const record = await outbox.add({ to: "booth-records", kind, card, ...more });
    await this.#follow(record);
    return record;
  }

  // Where a record leaves a person is shown at once; the server's line takes its place later.
  async #follow(record) {
    const { kind, card } = record;
    let line = this.#lineOf(card);
    const before = line && { ...line };
    if (!line) {
      line = { card, name: roster.find(card)?.name ?? "", number: "", at: record.at };
      this.#known.line.push(line);
    }
    Object.assign(line, { place: AFTER[kind] ?? "talked", kind });
    if (kind === "join") Object.assign(line, { number: record.number, at: record.at });
    if (kind === "offer") line.offer = record.id;
    this.#last = ["accept", "refuse"].includes(kind) ? null : { record, before };
    await this.#keep();
    this.rewrite();
  }

  #forget({ record, before }) {
    const place = this.#known.line.findIndex((one) => one.card === record.card);
    if (before) this.#known.line[place] = before;
    else this.#known.line.splice(place, 1);
    this.#last = null;
  }

  async #undo() {
    const last = this.#last;
    if (!last) return;
    await outbox.add({ to: "booth-records", kind: "undo", target: last.record.id });
    this.#forget(last);
    this.#expectOther(false);
    await this.#keep();
    this.rewrite();
    showResult({ state: "undone", name: roster.find(last.record.card)?.name ?? "" });
    outbox.flush();
  }

  #expectOther(wrong) {
    this.#wrong = wrong && this.#last !== null;
    byId("booth-other").setAttribute("aria-pressed", String(this.#wrong));
    if (this.#wrong) showResult({ state: "expected", name: this.#lineOf(this.#last.record.card).name });
  }

  // What was recorded of the wrong person is taken back and recorded of the right one, as of the
  // same time, both kept at once. An offer made apart needs a post of the reserve of its own.
  async #putRight(who) {
    const last = this.#last;
    this.#expectOther(false);
    const { kind, position, number, reason, at } = last.record;
    const lease = kind === "offer" ? await this.#reserved(position) : null;
    const [instead, to] = [newId(), "booth-records"];
    const right = { to, id: instead, kind, card: who.card, position, number, reason, at };
    const [, record] = await outbox.addAll([
      { to, kind: "undo", target: last.record.id, instead },
      { ...right, ...(lease && { lease: lease.key }) },
    ]);
    this.#forget(last);
    if (kind === "offer") this.#asked.set(record.id, { name: who.name });
    await this.#follow(record);
    this.#who = who;
    this.#showMeeting();
    showResult({ state: kind === "offer" ? "stored" : "kept", name: who.name, more: say("putRight") });
    outbox.flush();
  }

  async #join() {
    const count = ((await store.get("numbers")) ?? 0) + 1;
    await store.put("numbers", count);
    const number = `${this.#known.prefix}${count}`;
    const { name, card } = this.#who;
    await this.#say("join", card, { number });
    const ahead = this.#known.line.filter((one) => one.place === "waiting").length - 1;
    const minutes = Math.round(((ahead + 1) * this.#known.pace) / MINUTE);
    showResult({ state: "kept", name, more: say("yourNumber", { number, ahead, minutes }) });
    outbox.flush();
  }

  async #callNext() {
    const next = this.#known.line
      .filter((one) => one.place === "waiting")
      .sort((one, other) => one.at - other.at)[0];
    if (!next) return;
    await this.#say("call", next.card);
    this.meet({ card: next.card, name: next.name });
    outbox.flush();
  }

  async #move(kind, card) {
    await this.#say(kind, card);
    outbox.flush();
  }

  #position() {
    const chosen = Number(byId("position").value);
    if (!chosen) showResult({ state: "refused", more: say("choosePosition") });
    return chosen || null;
  }

  async #outcome(kind, more = {}) {
    const position = this.#position();
    if (!position || !this.#who) return;
    const { card, name } = this.#who;
    await this.#say(kind, card, { position, ...more });
    showResult({ state: "kept", name, more: say(`outcome_${kind}`) });
    outbox.flush();
  }

  async #unsuitable() {
    const reason = byId("why").value;
    if (!reason) return byId("why").focus();
    await this.#outcome("unsuitable", { reason });
  }

  // Apart, only what is in reserve is promised; beyond it the wish is kept and the person is told so.
  async #offer() {
    const position = this.#position();
    if (!position || !this.#who) return;
    const { card, name } = this.#who;
    showResult({ state: await this.#promise(card, name, position), name });
    outbox.flush();
  }

  async #promise(card, name, position) {
    const lease = await this.#reserved(position);
    const record = await this.#say("offer", card, { position, ...(lease && { lease: lease.key }) });
    this.#asked.set(record.id, { name });
    if (lease) return "promised";
    return byId("state").dataset.online === "true" ? "stored" : "requested";
  }

  // A post of the reserve, used up by this; apart only, and null where none is left.
  async #reserved(position) {
    if (byId("state").dataset.online === "true") return null;
    const now = Date.now() - ((await store.get("skew")) ?? 0);
    const free = (one) => one.position === position && one.until > now && !one.used;
    const lease = this.#known.leases.find(free) ?? null;
    if (lease) lease.used = true;
    return lease;
  }

  async #reply(kind) {
    const line = this.#who && this.#lineOf(this.#who.card);
    if (!line?.offer) return;
    const record = await this.#say(kind, line.card, { target: line.offer });
    if (kind === "refuse") line.offer = undefined;
    this.#asked.set(record.id, { name: line.name });
    showResult({ state: "stored", name: line.name });
    outbox.flush();
  }

  answered(answers) {
    for (const { id, result, refusal, until } of answers) {
      const asked = this.#asked.get(id);
      if (!asked) continue;
      this.#asked.delete(id);
      const more = refusal?.[language] ?? (until ? say("until", { at: clock(until) }) : "");
      showResult({ state: result, name: asked.name, more }, result === "refused");
    }
  }

  async #elsewhere() {
    const list = byId("others");
    let booths;
    try {
      ({ booths } = await server.call("elsewhere", { card: this.#who.card }));
    } catch (fault) {
      const told = fault instanceof server.Refused ? fault.message : say("searchOffline");
      return list.replaceChildren(element("li", told));
    }
    const lines = booths.map((one) => element("li", say("otherBooth", one)));
    list.replaceChildren(...(lines.length ? lines : [element("li", say("noOther"))]));
  }

  #toggleGroup() {
    this.#group = this.#group ? null : [];
    byId("group").setAttribute("aria-pressed", String(this.#group !== null));
    this.#who = null;
    this.rewrite();
  }

  #addToGroup(who) {
    if (this.#group.some((one) => one.card === who.card)) {
      return showResult({ state: "again", name: who.name });
    }
    this.#group.push({ ...who, outcome: "" });
    showResult({ state: "met", name: who.name, more: String(this.#group.length) });
    this.#showGroup();
  }

  async #saveGroup() {
    const position = this.#position();
    if (!position) return;
    const chosen = this.#group.filter((one) => one.outcome);
    for (const { card, name, outcome } of chosen) {
      const [kind, reason] = outcome.split(":");
      if (kind === "offer") await this.#promise(card, name, position);
      else await this.#say(kind, card, { position, ...(reason && { reason }) });
    }
    this.#group = this.#group.filter((one) => !one.outcome);
    showResult({ state: "kept", more: say("groupSaved", { n: chosen.length }) });
    this.#showGroup();
    outbox.flush();
  }

  #outcomes(chosen) {
    const select = element("select", "", "govuk-select");
    const options = [
      ["", say("chooseOutcome")],
      ["offer", say("offer")],
      ["second", say("second")],
      ...this.#reasons().map(([code, name]) => [`unsuitable:${code}`, `${say("unsuitable")}: ${name}`]),
      ["decline", say("decline")],
    ];
    select.append(...options.map(([value, text]) => new Option(text, value)));
    select.value = chosen;
    return select;
  }

  #reasons() {
    return Object.entries(this.#known.reasons).map(([code, name]) => [code, name[language]]);
  }

  #showGroup() {
    const lines = (this.#group ?? []).map((one) => {
      const line = element("li", "");
      const select = this.#outcomes(one.outcome);
      select.setAttribute("aria-label", one.name || one.card.slice(0, 6));
      select.addEventListener("change", () => {
        one.outcome = select.value;
      });
      line.append(element("span", one.name || one.card.slice(0, 6)), select);
      return line;
    });
    byId("group-people").replaceChildren(...lines);
    byId("group-panel").hidden = this.#group === null;
  }

  #showMeeting() {
    byId("meeting").hidden = !this.#who;
    if (!this.#who) return;
    const line = this.#lineOf(this.#who.card);
    byId("join").hidden = line?.place === "waiting";
    byId("answer").hidden = !line?.offer || line.kind !== "offer";
  }

  #showLine() {
    const shown = this.#known.line.filter((one) => ["called", "waiting", "away"].includes(one.place));
    const order = ["called", "waiting", "away"];
    shown.sort(
      (one, other) => order.indexOf(one.place) - order.indexOf(other.place) || one.at - other.at,
    );
    const lines = shown.map((one) => {
      const line = element("li", "");
      const text = [one.number, one.name, say(`place_${one.place}`)].filter(Boolean).join(" · ");
      line.append(element("span", text));
      if (one.place === "called") line.append(button("away", () => this.#move("away", one.card)));
      if (one.place === "away") line.append(button("back", () => this.#move("back", one.card)));
      if (one.place !== "called") line.append(button("leave", () => this.#move("leave", one.card)));
      return line;
    });
    byId("line").replaceChildren(...lines);
    const waiting = shown.filter((one) => one.place === "waiting").length;
    byId("call").disabled = !waiting;
    byId("line-title").textContent = say("lineOf", { n: waiting });
  }

  // After a change of language, or of anything shown.
  rewrite() {
    const chosen = byId("position").value;
    byId("position").replaceChildren(
      ...this.#known.positions.map(
        (one) => new Option(say("postsLeft", { title: one.title, n: one.left }), one.id),
      ),
    );
    if (chosen) byId("position").value = chosen;
    const why = byId("why").value;
    const reasons = this.#reasons().map(([code, name]) => new Option(name, code));
    byId("why").replaceChildren(new Option(say("chooseReason"), ""), ...reasons);
    byId("why").value = why;
    const reserve = this.#known.leases.filter((one) => !one.used).length;
    byId("reserve").textContent = say("reserve", { n: reserve });
    for (const name of ["booth-undo", "booth-other"]) byId(name).disabled = !this.#last;
    this.#showMeeting();
    this.#showGroup();
    this.#showLine();
    this.#showTold();
  }
}
