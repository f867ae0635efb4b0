// Calls of the server. Each ends: a network that swallows everything is no network.
import * as store from "./store.js";

const PATIENCE = 15000;

export class Unreachable extends Error {}

export class Refused extends Error {
  constructor(status, code, message, station) {
    super(message);
    this.status = status;
    this.code = code;
    this.station = station;
  }
}

let secrets = new Map(); // station → what it shows
let here = null; // as which station the device calls unless told otherwise

// Return the place the device works at, null when it is not paired.
export async function open() {
  const key = await store.get("key");
  const sealed = await store.places();
  const opened = sealed.map(async (one) => [one.station, await store.unseal(key, one.secret)]);
  secrets = new Map(await Promise.all(opened));
  const place = await store.stand();
  here = place?.station ?? null;
  return place;
}

// Milliseconds this device's clock is ahead of the server's, half of the way there and back allowed for.
async function noteClock(told, sent, received) {
  if (typeof told === "number") await store.put("skew", Math.round((sent + received) / 2 - told));
}

export async function call(path, body, station = here) {
  const secret = secrets.get(station);
  const sent = Date.now();
  let answer;
  try {
    answer = await fetch(`/station/${path}`, {
      method: body ? "POST" : "GET",
      headers: {
        ...(body && { "Content-Type": "application/json" }),
        ...(secret && { Authorization: `Bearer ${secret}` }),
      },
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
  } catch (fault) {
    throw new Unreachable(String(fault));
  }
  if (answer.status >= 500) throw new Unreachable(String(answer.status));
  const told = await answer.json().catch(() => null);
  if (told === null) throw new Unreachable("no answer of ours"); // a hall's sign-in page, say
  if (!answer.ok) throw new Refused(answer.status, told.error, told.message, station);
  await noteClock(told.now, sent, Date.now());
  return told;
}
