// The gate: who shows a card is in with one scan; whatever the network does, the answer is at once.
import * as outbox from "./outbox.js";
import * as roster from "./roster.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { codeDigestOf, digestOf, readCode, readToken } from "./card.js";
import { clock, say } from "./words.js";
import { signal } from "./signal.js";

const SAME = 4000; // milliseconds in which a card before the camera is one scan
const RECENT = 20;

// Sign, so that colour is never all that tells; name of the text; sound.
const LOOKS = {
  stored: ["↓", "stored", "good"],
  new: ["✓", "isIn", "good"],
  again: ["↻", "isAgain", "again"],
  out: ["→", "isOut", "good"],
  undone: ["−", "undone", "good"],
  unknown: ["?", "isUnknown", "bad"],
  revoked: ["✕", "isRevoked", "bad"],
  toComplete: ["…", "toComplete", "again"],
  unreadable: ["✕", "isUnreadable", "bad"],
  slip: ["✕", "isSlip", "bad"],
};

export class Gate {
  #result = document.getElementById("result");
  #recent = document.getElementById("recent");
  #scans = []; // newest first
  #last = { text: "", at: 0 };
  #place = "";
  #out = false;

  constructor() {
    document.getElementById("undo").addEventListener("click", () => this.#undo());
    document.getElementById("direction").addEventListener("click", (event) => {
      this.#out = !this.#out;
      event.currentTarget.setAttribute("aria-pressed", String(this.#out));
    });
  }

  set place(place) {
    this.#place = place;
  }

  // A text from camera, photo, scanner or hand.
  async read(text, how) {
    const now = Date.now();
    if (how === "camera" && text === this.#last.text && now - this.#last.at < SAME) {
      this.#last.at = now;
      return;
    }
    this.#last = { text, at: now };
    const token = readToken(text);
    if (token) return this.enter(await digestOf(token), "qr");
    const { code, slip } = readCode(text);
    if (!code) return this.#show({ state: slip ? "slip" : "unreadable", name: "" });
    const card = roster.cardOfCode(await codeDigestOf(code)) ?? (await this.#ask(code));
    return card ? this.enter(card, "code") : this.#show({ state: "unknown", name: "" });
  }

  // A code issued since the roster came is asked of the server, if there is one.
  async #ask(text) {
    try {
      const { people } = await server.call("search", { text });
      return people[0]?.card ?? null;
    } catch {
      return null;
    }
  }

  // Somebody the desk has just given a card: in by it, whatever becomes of the registration.
  async given({ card, name }) {
    await this.enter(card, "code", name);
  }

  async enter(card, how, given = "") {
    const kind = this.#out ? "out" : "in";
    const first = await store.firstEntry(card);
    const known = roster.find(card);
    const record = await outbox.add({ kind, how, card, place: this.#place }, this.#place);
    const scan = { id: record.id, kind, card, at: record.at, name: known?.name ?? given };
    if (known && !known.inForce) scan.state = "revoked";
    else if (kind === "in" && first) Object.assign(scan, { state: "again", first });
    else scan.state = "stored";
    scan.waits = true;
    scan.given = given !== "";
    this.#scans = [scan, ...this.#scans].slice(0, RECENT);
    this.#show(scan);
    outbox.flush();
  }

  async #undo() {
    const scan = this.#scans.find((one) => one.kind !== "undo" && !one.undone);
    if (!scan) return;
    scan.undone = true;
    const record = await outbox.add({ kind: "undo", target: scan.id, place: this.#place });
    const undo = { id: record.id, kind: "undo", at: record.at, name: scan.name, state: "undone" };
    this.#scans = [{ ...undo, waits: true }, ...this.#scans].slice(0, RECENT);
    this.#show(this.#scans[0]);
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
      if (scan === this.#scans[0]) this.#show(scan, was !== result && result !== "new");
    }
    this.#list();
  }

  #show(scan, loud = true) {
    const [sign, word, sound] = LOOKS[scan.state] ?? LOOKS.unknown;
    const [mark, title, name, more] = this.#result.children;
    this.#result.dataset.state = scan.state;
    mark.textContent = sign;
    title.textContent = say(word);
    name.textContent = scan.name;
    more.textContent = this.#more(scan);
    if (loud) signal(sound);
    const undoable = this.#scans.some((one) => one.kind !== "undo" && !one.undone);
    document.getElementById("undo").disabled = !undoable;
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
        const [sign, word] = LOOKS[scan.state] ?? LOOKS.unknown;
        line.textContent = `${sign} ${clock(scan.at)} ${scan.name} ${say(word)}`;
        line.dataset.state = scan.state;
        return line;
      }),
    );
  }

  // After a change of language.
  rewrite() {
    if (this.#scans[0]) this.#show(this.#scans[0], false);
  }
}
