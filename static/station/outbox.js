// Records on their way: kept first, then sent in order, forgotten only when the server has them.
import * as server from "./server.js";
import * as store from "./store.js";
import { newId } from "./card.js";

const BATCH = 50;
const SHORTEST = 1000;
const LONGEST = 30000;

let heard = () => {};
let version = "";
let pause = SHORTEST;
let timer = null;
let flushing = null;
let wanted = false;

// The listener is told {answers}, {online} or {refused} with a station, whichever there is news of,
// and of every record that is kept.
export function listen(listener, shellVersion) {
  heard = listener;
  version = shellVersion;
}

export async function add(record, entryPlace) {
  const [kept] = await addAll([record], entryPlace);
  return kept;
}

// What belongs together is kept together: a record taken back, and the right one instead.
export async function addAll(records, entryPlace) {
  const skew = (await store.get("skew")) ?? 0;
  const wholes = records.map((record) => ({ id: newId(), at: Date.now(), skew, ...record }));
  const kept = await store.keep(
    wholes.map((record) => {
      const { id, card, at } = record;
      const entry = record.kind === "in" && { id, card, at: at - skew, place: entryPlace };
      return { record, entry };
    }),
  );
  heard({});
  return kept;
}

// Two taps, the clock and the network's return may all ask at once; records go out once. What is
// kept while others are on their way goes right after them.
export function flush() {
  wanted = true;
  flushing ??= alone(sendAll).finally(() => {
    flushing = null;
    if (wanted) flush();
  });
  return flushing;
}

async function sendAll() {
  while (wanted) {
    wanted = false;
    await send();
  }
}

// Two windows of one device share the outbox, so they take turns.
function alone(work) {
  return navigator.locks ? navigator.locks.request("jobfair-outbox", work) : work();
}

async function send() {
  clearTimeout(timer);
  try {
    const places = await store.places();
    let [records, after] = [[], 0];
    do {
      records = await store.oldest(BATCH, after);
      await deliver(records.filter((record) => senderOf(record, places)), places);
      after = records.at(-1)?.seq ?? after;
    } while (records.length === BATCH);
    pause = SHORTEST;
    heard({ online: true });
  } catch (fault) {
    if (fault instanceof server.Refused && fault.status === 401) {
      heard({ refused: fault.message, station: fault.station });
      return;
    }
    if (!(fault instanceof server.Unreachable)) throw fault;
    heard({ online: false });
    timer = setTimeout(flush, pause);
    pause = Math.min(pause * 2, LONGEST);
  }
}

// A record is delivered by the station that made it; once that is revoked, by another that does the
// same work at the same fair, a booth for the same employer. Until there is one it waits.
function senderOf(record, places) {
  const same = (one) => ["job", "fair", "employer"].every((name) => one[name] === record[name]);
  return (places.find((one) => one.station === record.station) ?? places.find(same))?.station;
}

// What is recorded on a journey goes to its batch, all else to the fair.
function wayOf(job) {
  return ["boarding", "arrival"].includes(job) ? "batch/records" : "records";
}

// An empty message tells the manager that a station lives.
export async function greet(station) {
  await message("records", [], station);
}

async function message(to, records, station) {
  const waiting = (await store.waiting()) - records.length;
  return server.call(to, { now: Date.now(), version, waiting, records }, station);
}

async function deliver(records, places) {
  const way = (record) => `${record.to ?? "records"} ${senderOf(record, places)}`;
  const other = records.findIndex((record) => way(record) !== way(records[0]));
  if (other > 0) {
    await deliver(records.slice(0, other), places);
    return deliver(records.slice(other), places);
  }
  try {
    const [first] = records;
    const station = first && senderOf(first, places);
    const to = first?.to ?? wayOf(store.standing()?.job);
    const { answers } = await message(to, records, station);
    const results = new Map(answers.map(({ id, result }) => [id, result]));
    const had = records.filter(({ id }) => results.has(id));
    // A sequence that was used before (a device put back to an older state) is no delivery.
    await store.delivered(had.filter(({ id }) => results.get(id) !== "clash"));
    await store.renumber(had.filter(({ id }) => results.get(id) === "clash"));
    if (answers.length) heard({ answers });
  } catch (fault) {
    if (!(fault instanceof server.Refused) || fault.status === 401 || !records.length) throw fault;
    // One record that cannot be read must not hold up the others.
    if (records.length === 1) await store.setAside(records, fault.message);
    else for (const record of records) await deliver([record], places);
  }
}
