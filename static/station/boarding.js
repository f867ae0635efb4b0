// Boarding, and arrival at the other end: who shows a card is ticked with one scan, who has none by
// name; whatever the network does, the answer is at once.
import * as outbox from "./outbox.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { cardIn } from "./reading.js";
import { clock, say } from "./words.js";
import { looksOf, showResult } from "./result.js";

const byId = (id) => document.getElementById(id);
const SHOWN = { boarded: "boarded", arrived: "arrived", handed_over: "handedOver" };

export class Boarding {
  place = "";
  #job;
  #batch = "";
  #riders = [];
  #moved = {}; // what the whole journey has done: departs, reached
  #handing = false; // at the arrival: whether people are handed over now
  #records = new Map(); // id of a record → the rider and what was said
  #last = null; // what was recorded last, while it can be taken back

  constructor(job) {
    this.#job = job;
    byId("batch-undo").addEventListener("click", () => this.#undo());
    byId("journey").addEventListener("click", () => this.#move());
    byId("handing").hidden = job !== "arrival";
    byId("handing").addEventListener("click", (event) => {
      this.#handing = !this.#handing;
      event.currentTarget.setAttribute("aria-pressed", String(this.#handing));
      this.#list();
    });
  }

  get #kind() {
    if (this.#job === "boarding") return "boarded";
    return this.#handing ? "handed_over" : "arrived";
  }

  get #step() {
    return this.#job === "boarding" ? "departs" : "reached";
  }

  get known() {
    return this.#riders.length;
  }

  async open() {
    const sealed = await store.get("batch");
    if (sealed) this.#take(await store.unseal(await store.get("key"), sealed));
    this.#list();
  }

  #take({ batch, riders, gone, reached }) {
    this.#batch = batch;
    this.#riders = riders;
    this.#moved = { departs: gone, reached };
  }

  // What the server tells may lack what is still kept here, so it is asked only with nothing kept.
  async renew() {
    if (await store.waiting()) return;
    const told = await server.call("batch/roster");
    if (await store.waiting()) return;
    this.#take(told);
    await this.#keep();
    this.#list();
  }

  async #keep() {
    const { departs: gone, reached } = this.#moved;
    const known = { batch: this.#batch, riders: this.#riders, gone, reached };
    await store.put("batch", await store.seal(await store.get("key"), known));
  }

  async read(text) {
    const known = this.#riders.flatMap((one) => one.cards);
    const ofCode = (code) => known.find(([, ofThis]) => ofThis === code)?.[0] ?? null;
    const { card, fault } = await cardIn(text, ofCode);
    if (fault && fault !== "unknown") return showResult({ state: fault });
    const rider = this.#riders.find((one) => one.cards.some(([digest]) => digest === card));
    if (!rider) return showResult({ state: "notListed" });
    await this.#tick(rider);
  }

  async #tick(rider) {
    const kind = this.#kind;
    if (rider.seen[kind]) {
      const first = say("seenAt", { at: clock(rider.seen[kind]) });
      return showResult({ state: "twice", name: rider.name, more: first });
    }
    rider.seen[kind] = Date.now(); // before anything is waited for: a second tap is no second record
    const record = await outbox.add({ kind, rider: rider.id, to: "batch/records" });
    rider.seen[kind] = record.at - record.skew;
    this.#last = { id: record.id, rider, kind };
    this.#records.set(record.id, this.#last);
    await this.#keep();
    showResult({ state: "stored", name: rider.name, more: this.#more(rider) });
    this.#list();
    outbox.flush();
  }

  // The whole journey departs, or is there.
  async #move() {
    const kind = this.#step;
    this.#moved[kind] = true;
    await outbox.add({ kind, to: "batch/records" });
    await this.#keep();
    showResult({ state: kind, name: this.#batch, more: say("storedToo") });
    this.#list();
    outbox.flush();
  }

  async #undo() {
    const { id, rider, kind } = this.#last;
    this.#last = null;
    const undo = await outbox.add({ kind: "undo", target: id, to: "batch/records" });
    delete rider.seen[kind];
    this.#records.set(undo.id, { id: undo.id, rider, kind: "undo" });
    await this.#keep();
    showResult({ state: "undone", name: rider.name, more: say("storedToo") });
    this.#list();
    outbox.flush();
  }

  // Of what was recorded last the screen changes; of the rest the list has said it already.
  answered(answers) {
    for (const { id, result } of answers) {
      const record = this.#records.get(id);
      if (!record || result === "clash") continue;
      this.#records.delete(id);
      if (this.#last && record !== this.#last) continue;
      const states = { unknown: "notListed", again: "twice", undone: "undone" };
      const state = states[result] ?? SHOWN[record.kind];
      showResult({ state, name: record.rider.name, more: this.#more(record.rider) }, false);
    }
  }

  #more(rider) {
    return [rider.seat, rider.stop, rider.group, rider.employer].filter(Boolean).join(" · ");
  }

  #list() {
    const kind = this.#kind;
    const here = this.#riders.filter((one) => one.seen[kind]);
    byId("batch-name").textContent = this.#batch;
    byId("batch-count").textContent = say("batchCount", { n: here.length, of: this.#riders.length });
    byId("batch-undo").disabled = !this.#last;
    byId("journey").textContent = say(`journey_${this.#step}`);
    byId("journey").disabled = Boolean(this.#moved[this.#step]);
    const missing = this.#riders.filter((one) => !one.seen[kind]);
    byId("batch-riders").replaceChildren(
      ...missing.map((one) => this.#line(one, kind)),
      ...here.map((one) => this.#line(one, kind)),
    );
  }

  #line(rider, kind) {
    const line = document.createElement("li");
    const who = document.createElement("span");
    who.textContent = [rider.name, this.#more(rider)].filter(Boolean).join(" · ");
    const at = rider.seen[kind];
    const end = document.createElement(at ? "strong" : "button");
    end.textContent = at ? `${looksOf(SHOWN[kind])} ${clock(at)}` : say(`tick_${kind}`);
    if (!at) {
      end.type = "button";
      end.className = "govuk-button govuk-button--secondary";
      end.setAttribute("aria-label", `${end.textContent} ${rider.name} ${rider.seat}`);
      end.addEventListener("click", () => this.#tick(rider));
    }
    line.append(who, end);
    return line;
  }

  // After a change of language.
  rewrite() {
    this.#list();
  }
}
