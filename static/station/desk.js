// The desk: six fields, and the person has a card before the network knows of it.
import * as outbox from "./outbox.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { digestOf, newId } from "./card.js";
import { language, say } from "./words.js";
import { sealTo } from "./envelope.js";

const FEW = 10; // blank cards, below which more are fetched
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]; // GB 11643-1999
const CHECKS = "10X98765432";

function isIdNumber(text) {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(text[place]), 0);
  return CHECKS[sum % 11] === text[17];
}

// As the server masks a name: the first and, of three and more, the last sign stay.
export function mask(name) {
  const signs = Array.from(name);
  const last = signs.length > 2 ? signs[signs.length - 1] : "";
  return signs[0] + "*".repeat(signs.length - 1 - last.length) + last;
}

export class Desk {
  #form = document.getElementById("walk-in-form");
  #fault = document.getElementById("walk-in-fault");
  #card = document.getElementById("walk-in-card");
  #given;

  // Tells {id, card, name} of everybody who was given a card.
  constructor(given) {
    this.#given = given;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#register();
    });
    document.getElementById("walk-in-next").addEventListener("click", () => this.#next());
  }

  // Text and key once, blank cards whenever they become few.
  async renew() {
    if (!(await store.get("desk"))) await store.put("desk", await server.call("desk"));
    this.rewrite();
    const have = await store.countBlanks();
    if (have >= FEW) return;
    const key = await store.get("key");
    const { cards } = await server.call("blank-cards", { have });
    await store.addBlanks(await Promise.all(cards.map((card) => store.seal(key, card))));
  }

  async rewrite() {
    const known = await store.get("desk");
    document.getElementById("consent").textContent = known ? known.consent[language] : "";
  }

  #said() {
    const value = (name) => this.#form.elements[name].value.trim();
    return {
      name: value("name").replace(/\s+/g, ""),
      id_number: value("id_number").normalize("NFKC").replace(/\s+/g, "").toUpperCase(),
      phone: value("phone"),
      address: value("address"),
      wishes: value("wishes"),
      agreed: this.#form.elements.agreed.checked,
    };
  }

  #wrong(said) {
    if (Array.from(said.name).length < 2) return ["name", "needsName"];
    if (!isIdNumber(said.id_number)) return ["id_number", "needsNumber"];
    if (said.phone && !/^[\d\s+()-]{7,20}$/.test(said.phone)) return ["phone", "needsPhone"];
    if (!said.agreed) return ["agreed", "needsConsent"];
    return null;
  }

  async #register() {
    const said = this.#said();
    const wrong = this.#wrong(said);
    if (wrong) return this.#refuse(wrong[1], wrong[0]);
    const known = await store.get("desk");
    const sealed = known && (await store.takeBlank());
    if (!sealed) return this.#refuse("noBlanks");
    const blank = await store.unseal(await store.get("key"), sealed);
    const [id, card] = [newId(), await digestOf(blank.token)];
    const envelope = await sealTo(known.key, id, said);
    await outbox.add({ to: "walk-ins", id, card, sealed: envelope });
    this.#form.reset();
    this.#fault.hidden = true;
    this.#show(blank);
    await this.#given({ id, card, name: mask(said.name) });
  }

  #refuse(word, field) {
    this.#fault.textContent = say(word);
    this.#fault.hidden = false;
    if (field) this.#form.elements[field].focus();
  }

  #show(blank) {
    const { code, qr } = blank;
    document.getElementById("walk-in-qr").src = qr;
    document.getElementById("walk-in-code").textContent =
      `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
    this.#form.hidden = true;
    this.#card.hidden = false;
    document.getElementById("walk-in-next").focus();
  }

  #next() {
    this.#card.hidden = true;
    this.#form.hidden = false;
    document.getElementById("walk-in-qr").removeAttribute("src");
    this.#form.elements.name.focus();
  }
}
