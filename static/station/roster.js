// Which cards there are and who is in, as far as this device knows without a network.
import * as server from "./server.js";
import * as store from "./store.js";
import { hex } from "./card.js";

const DIGEST = 16;
const CODE = 8;

let cards = new Map(); // digest → name, masked
let codes = new Map(); // digest of the code → digest of the card
let closed = new Set(); // digests of cards that open nothing

function pieces(packed, size) {
  const text = atob(packed);
  const bytes = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
  const found = [];
  for (let start = 0; start < bytes.length; start += size) {
    found.push(hex(bytes.subarray(start, start + size)));
  }
  return found;
}

function take(page) {
  const digests = pieces(page.digests, DIGEST);
  pieces(page.codes, CODE).forEach((code, place) => codes.set(code, digests[place]));
  digests.forEach((digest, place) => cards.set(digest, page.names[place]));
}

function close(packed) {
  closed = new Set(pieces(packed, DIGEST));
}

export async function open() {
  [cards, codes, closed] = [new Map(), new Map(), new Set()];
  const key = await store.get("key");
  if (!key) return;
  for (const sealed of await store.rosterPages()) take(await store.unseal(key, sealed));
  const sealed = await store.get("closed");
  if (sealed) close(await store.unseal(key, sealed));
}

export function size() {
  return cards.size;
}

export function cardOfCode(code) {
  return codes.get(code) ?? null;
}

// What is known of a card: its holder's masked name, and whether it is in force; null if nothing.
export function find(card) {
  const name = cards.get(card);
  return name === undefined ? null : { name, inForce: !closed.has(card) };
}

async function fetchCards() {
  const key = await store.get("key");
  for (let more = true; more; ) {
    const after = (await store.get("after")) ?? 0;
    const page = await server.call(`roster?after=${after}`);
    if (page.names.length) {
      const { digests, codes: short, names } = page;
      const sealed = await store.seal(key, { digests, codes: short, names });
      await store.addRoster(sealed, page.after);
      take(page);
    }
    more = page.more;
    if (!more) {
      await store.put("closed", await store.seal(key, page.void));
      close(page.void);
    }
  }
}

async function fetchEntries() {
  for (let more = true; more; ) {
    const since = (await store.get("since")) ?? "";
    const news = await server.call(`entries?since=${since}`);
    const entries = news.entries.map(([id, card, at, place]) => ({ id, card, at, place }));
    await store.learn(entries, news.undone, news.since);
    more = news.more;
  }
}

export async function renew() {
  await fetchCards();
  await fetchEntries();
}
