// The gate: who shows a card is in with one scan; whatever the network does, the answer is at once.
import * as outbox from "./outbox.js";
import * as roster from "./roster.js";
import * as store from "./store.js";
import { newId } from "./card.js";
import { cardIn } from "./reading.js";
import { clock, say } from "./words.js";
import { looksOf, showResult } from "./result.js";

const RECENT = 20;

export class Gate {
  #recent = document.getElementById("recent");
  #scans = []; // newest first
  #out = false;
  #wrong = null; // the scan whose right person is read next

  constructor() {
    document.getElementById("undo").addEventListener("click", () => this.#undo());
    document.getElementById("other").addEventListener("click", () => this.#expectOther());
    document.getElementById("direction").addEventListener("click", (event) => {
      this.#out = !this.#out;
      event.currentTarget.setAttribute("aria-pressed", String(this.#out));
    });
  }

  place = "";

  async read(text) {
    const { card, how, fault } = await cardIn(text);
    if (fault) showResult({ state: fault });
    else await this.enter(card, how);
  }

  // Somebody the desk has just given a card: in by it, whatever becomes of the registration.
  async given({ card, name }) {
    await this.enter(card, "code", name);
  }

  async enter(card, how, given = "") {
    const wrong = this.#wrong;
    this.#expect(null);
    const kind = wrong?.kind ?? (this.#out ? "out" : "in");
    const first = await store.firstEntry(card);
    const known = roster.find(card);
    const right = { kind, how, card, place: this.place };
    const record = wrong ? await this.#putRight(wrong, right) : await outbox.add(right, this.place);
    const scan = { id: record.id, kind, card, at: record.at, name: known?.name ?? given };
    if (known && !known.inForce) scan.state = "revoked";
    else if (kind === "in" && first) Object.assign(scan, { state: "again", first });
    else scan.state = "stored";
    scan.waits = true;
    scan.given = given !== "";
    this.#add(scan);
  }

  // The wrong record is taken back and the right one is of the same time, both kept at once.
  async #putRight(wrong, right) {
    wrong.undone = true;
    const instead = newId();
    const [, record] = await outbox.addAll(
      [
        { kind: "undo", target: wrong.id, place: this.place, instead },
        { ...right, id: instead, at: wrong.at },
      ],
      this.place,
    );
    return record;
  }

  #lastScan() {
    return this.#scans.find((one) => one.kind !== "undo" && !one.undone);
  }

  #expect(scan) {
    this.#wrong = scan;
    document.getElementById("other").setAttribute("aria-pressed", String(scan !== null));
  }

  #expectOther() {
    const scan = this.#wrong ? null : (this.#lastScan() ?? null);
    this.#expect(scan);
    if (scan) showResult({ state: "expected", name: scan.name });
  }

  async #undo() {
    const scan = this.#lastScan();
    if (!scan) return;
    this.#expect(null);
    scan.undone = true;
    const record = await outbox.add({ kind: "undo", target: scan.id, place: this.place });
    const { id, at } = record;
    this.#add({ id, at, kind: "undo", name: scan.name, state: "undone", waits: true });
  }

  #add(scan) {
    this.#scans = [scan, ...this.#scans].slice(0, RECENT);
    this.#show(scan);
    outbox.flush();
  }

  // The server's answers; of the newest scan also the screen changes.
  answered(answers) {
    for (const { id, result, at, place } of answers) {
      const scan = this.#scans.find((one) => one.id === id);
      if (!scan) continue;
      const was = scan.state;
      scan.waits = false;
      scan.state = scan.given && result === "unknown" ? "toComplete" : result;
      if (at !== undefined) scan.first = { at, place };
      if (scan === this.#scans[0]) this.#show(scan, was !== scan.state && result !== "new");
    }
    this.#list();
  }

  #show(scan, loud = true) {
    showResult({ ...scan, more: this.#more(scan) }, loud);
    for (const name of ["undo", "other"]) {
      document.getElementById(name).disabled = !this.#lastScan();
    }
    this.#list();
  }

  #more(scan) {
    const parts = [];
    if (scan.first) parts.push(say("first", { at: clock(scan.first.at), place: scan.first.place }));
    if (scan.waits && scan.state !== "stored") parts.push(say("storedToo"));
    return parts.join(" · ");
  }

  #list() {
    this.#recent.replaceChildren(
      ...this.#scans.map((scan) => {
        const line = document.createElement("li");
        line.textContent = `${clock(scan.at)} ${scan.name} ${looksOf(scan.state)}`;
        return line;
      }),
    );
  }

  // After a change of language.
  rewrite() {
    if (this.#scans[0]) this.#show(this.#scans[0], false);
  }
}
