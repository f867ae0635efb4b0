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

// The listener is told {answers}, {online} or {refused}, whichever there is news of, and of every
// record that is kept.
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
    let left = true;
    while (left) {
      const records = await store.oldest(BATCH);
      await deliver(records);
      left = records.length === BATCH;
    }
    pause = SHORTEST;
    heard({ online: true });
  } catch (fault) {
    if (fault instanceof server.Refused && fault.status === 401) {
      heard({ refused: fault.message });
      return;
    }
    if (!(fault instanceof server.Unreachable)) throw fault;
    heard({ online: false });
    timer = setTimeout(flush, pause);
    pause = Math.min(pause * 2, LONGEST);
  }
}

// An empty message tells the manager that this station lives.
async function deliver(records) {
  const to = records[0]?.to ?? "records";
  const other = records.findIndex((record) => (record.to ?? "records") !== to);
  if (other > 0) {
    await deliver(records.slice(0, other));
    return deliver(records.slice(other));
  }
  const waiting = await store.waiting();
  try {
    const { answers } = await server.call(to, {
      now: Date.now(),
      version,
      waiting: waiting - records.length,
      records,
    });
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
    else for (const record of records) await deliver([record]);
  }
}
