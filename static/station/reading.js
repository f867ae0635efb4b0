// From what camera, photo, scanner or hand gives to the card that is meant.
import * as roster from "./roster.js";
import * as server from "./server.js";
import { codeDigestOf, digestOf, readCode, readToken } from "./card.js";

const SAME = 4000; // milliseconds in which a card before the camera is one scan

const last = { text: "", at: 0 };

// Whether the camera still sees the card it has just read.
export function isRepeated(text) {
  const now = Date.now();
  const repeated = text === last.text && now - last.at < SAME;
  Object.assign(last, { text, at: now });
  return repeated;
}

// A code issued since the roster came is asked of the server, if there is one.
async function ask(text) {
  try {
    const { people } = await server.call("search", { text });
    return people[0]?.card ?? null;
  } catch {
    return null;
  }
}

async function cardOf(code, text) {
  return roster.cardOfCode(code) ?? (await ask(text));
}

// {card, how}, or {fault}: slip, unreadable, unknown. A code's card is looked for by its digest.
export async function cardIn(text, find = cardOf) {
  const token = readToken(text);
  if (token) return { card: await digestOf(token), how: "qr" };
  const { code, slip } = readCode(text);
  if (!code) return { fault: slip ? "slip" : "unreadable" };
  const card = await find(await codeDigestOf(code), code);
  return card ? { card, how: "code" } : { fault: "unknown" };
}
