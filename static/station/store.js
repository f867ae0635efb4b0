// What the device keeps: which stations it is, what it has not delivered, and what it knows, in
// IndexedDB. One device may be several stations of a fair, its places: what is known of people is
// known at all of them, a booth's queue at that booth.
// Whatever names people is sealed by a key that cannot leave the browser and ends with the pairing.
import { openDB } from "idb";

const NAME = "jobfair-station";
const DURABLE = { durability: "strict" };
let opened;

export function database() {
  opened ??= openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("self");
      db.createObjectStore("outbox", { keyPath: "seq" });
      db.createObjectStore("refused", { keyPath: "seq" });
      db.createObjectStore("roster", { autoIncrement: true });
      db.createObjectStore("blanks", { autoIncrement: true });
      db.createObjectStore("entries", { keyPath: "card" }).createIndex("id", "id");
    },
  });
  return opened;
}

const OF_A_PLACE = ["booth", "numbers", "place"];
let here = null; // the place the device works at now

function keyOf(name, station) {
  return OF_A_PLACE.includes(name) ? `${name} ${station}` : name;
}

export async function get(name, station = here?.station) {
  return (await database()).get("self", keyOf(name, station));
}

export async function put(name, value, station = here?.station) {
  return (await database()).put("self", value, keyOf(name, station));
}

export async function places() {
  return (await get("places")) ?? [];
}

// Work at a place from now on: the one named, else where the device was last.
export async function stand(station) {
  const all = await places();
  const wanted = station ?? (await get("here"));
  here = all.find((one) => one.station === wanted) ?? all[0] ?? null;
  await put("here", here?.station);
  return here;
}

// The place the device works at now, null when it is not paired.
export function standing() {
  return here;
}

const NONCE = 12;

async function newKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function seal(key, value) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { nonce, body: await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, plain) };
}

export async function unseal(key, { nonce, body }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, key, body);
  return JSON.parse(new TextDecoder().decode(plain));
}

const OF_THE_PAIRING = ["key", "places", "here", "after", "since", "closed", "desk", "batch"];
const KNOWN = ["roster", "entries", "blanks"];

// The last pairing is over: the key goes, and with it all that was sealed; undelivered records
// stay, and the sequence goes on.
async function end() {
  const db = await database();
  const change = db.transaction(["self", ...KNOWN], "readwrite", DURABLE);
  await Promise.all([
    ...OF_THE_PAIRING.map((name) => change.objectStore("self").delete(name)),
    ...KNOWN.map((name) => change.objectStore(name).clear()),
    change.done,
  ]);
}

// The pairing at one place is over; a booth's count of numbers goes on.
export async function leave(station) {
  const left = (await places()).filter((one) => one.station !== station);
  const db = await database();
  await Promise.all(["booth", "place"].map((name) => db.delete("self", keyOf(name, station))));
  if (left.length) await put("places", left);
  else await end();
}

// A new pairing: beside those at the same fair, else with nothing known.
export async function begin(identity, secret) {
  const all = await places();
  const beside = all.filter(
    (one) => one.fair === identity.fair && one.station !== identity.station,
  );
  if (!beside.length) await end();
  const key = (await get("key")) ?? (await newKey());
  const place = { ...identity, secret: await seal(key, secret) };
  const change = (await database()).transaction("self", "readwrite", DURABLE);
  await Promise.all([
    change.store.put(key, "key"),
    change.store.put([...beside, place], "places"),
    change.done,
  ]);
}

// Records get their sequences and are on the disk before this returns, all or none; then somebody
// may be told. Each comes with the entry that other scans are told of, if it is one.
export async function keep(records) {
  const db = await database();
  const change = db.transaction(["self", "outbox", "entries"], "readwrite", DURABLE);
  const self = change.objectStore("self");
  const { station, job, fair, employer } = here;
  let seq = (await self.get("seq")) ?? 0;
  const kept = [];
  for (const { record, entry } of records) {
    seq += 1;
    const whole = { ...record, seq, station, job, fair, employer };
    kept.push(whole);
    change.objectStore("outbox").put(whole);
    if (record.target) await forget(change.objectStore("entries"), record.target);
    if (entry) await remember(change.objectStore("entries"), entry);
  }
  await Promise.all([self.put(seq, "seq"), change.done]);
  return kept;
}

// Of two entries of a card the earlier is the first; the id decides between two at one instant.
async function remember(entries, entry) {
  const known = await entries.get(entry.card);
  if (!known || earlier(entry, known)) await entries.put(entry);
}

function earlier(one, other) {
  return one.at < other.at || (one.at === other.at && one.id < other.id);
}

async function forget(entries, id) {
  const card = await entries.index("id").getKey(id);
  if (card !== undefined) await entries.delete(card);
}

export async function learn(entries, undone, since) {
  const db = await database();
  const change = db.transaction(["self", "entries"], "readwrite");
  const store = change.objectStore("entries");
  for (const entry of entries) await remember(store, entry);
  for (const id of undone) await forget(store, id);
  await Promise.all([change.objectStore("self").put(since, "since"), change.done]);
}

export async function waiting() {
  return (await database()).count("outbox");
}

// Whether anything recorded at a place is not delivered.
export async function owes(station = here?.station) {
  const kept = await (await database()).getAll("outbox");
  return kept.some((record) => record.station === station);
}

// The oldest records after a sequence.
export async function oldest(limit, after) {
  return (await database()).getAll("outbox", IDBKeyRange.lowerBound(after, true), limit);
}

export async function delivered(records) {
  const db = await database();
  const change = db.transaction("outbox", "readwrite", DURABLE);
  await Promise.all([...records.map(({ seq }) => change.store.delete(seq)), change.done]);
}

export async function renumber(records) {
  const db = await database();
  const change = db.transaction(["self", "outbox"], "readwrite", DURABLE);
  const [self, outbox] = [change.objectStore("self"), change.objectStore("outbox")];
  let seq = (await self.get("seq")) ?? 0;
  for (const record of records) {
    seq += 1;
    await outbox.delete(record.seq);
    await outbox.put({ ...record, seq });
  }
  await Promise.all([self.put(seq, "seq"), change.done]);
}

// What the server cannot read is kept with its reason, for somebody to look at.
export async function setAside(records, reason) {
  const db = await database();
  const change = db.transaction(["outbox", "refused"], "readwrite", DURABLE);
  const work = records.flatMap((record) => [
    change.objectStore("refused").put({ ...record, reason }),
    change.objectStore("outbox").delete(record.seq),
  ]);
  await Promise.all([...work, change.done]);
}

export async function firstEntry(card) {
  return (await database()).get("entries", card);
}

export async function addRoster(page, after) {
  const db = await database();
  const change = db.transaction(["self", "roster"], "readwrite");
  await Promise.all([
    change.objectStore("roster").add(page),
    change.objectStore("self").put(after, "after"),
    change.done,
  ]);
}

export async function rosterPages() {
  return (await database()).getAll("roster");
}

export async function countBlanks() {
  return (await database()).count("blanks");
}

export async function addBlanks(sealed) {
  const change = (await database()).transaction("blanks", "readwrite", DURABLE);
  await Promise.all([...sealed.map((one) => change.store.add(one)), change.done]);
}

// A blank card is given to one person: it is gone from here before it is shown.
export async function takeBlank() {
  const change = (await database()).transaction("blanks", "readwrite", DURABLE);
  const cursor = await change.store.openCursor();
  const found = cursor?.value;
  await cursor?.delete();
  await change.done;
  return found;
}
