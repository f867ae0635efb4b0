// The panel read at arm's length: a sign and a word, so that colour is never all that tells.
import { say } from "./words.js";
import { signal } from "./signal.js";

// Sign; name of the text; sound.
const LOOKS = {
  stored: ["↓", "stored", "good"],
  new: ["✓", "isIn", "good"],
  again: ["↻", "isAgain", "again"],
  out: ["→", "isOut", "good"],
  undone: ["−", "undone", "good"],
  expected: ["?", "isExpected", "again"],
  unknown: ["?", "isUnknown", "bad"],
  revoked: ["✕", "isRevoked", "bad"],
  toComplete: ["…", "toComplete", "again"],
  unreadable: ["✕", "isUnreadable", "bad"],
  slip: ["✕", "isSlip", "bad"],
  met: ["☺", "isMet", "good"],
  kept: ["✓", "isKept", "good"],
  offered: ["✓", "isOffered", "good"],
  promised: ["✓", "isPromised", "good"],
  requested: ["↓", "isRequested", "again"],
  accepted: ["✓", "isAccepted", "good"],
  refused: ["✕", "isRefused", "bad"],
  boarded: ["✓", "isBoarded", "good"],
  arrived: ["✓", "isArrived", "good"],
  handedOver: ["✓", "isHandedOver", "good"],
  departs: ["→", "isDeparting", "good"],
  reached: ["✓", "isReached", "good"],
  twice: ["↻", "isTwice", "again"],
  notListed: ["✕", "isNotListed", "bad"],
};

const panel = document.getElementById("result");

export function looksOf(state) {
  const [sign, word] = LOOKS[state] ?? LOOKS.unknown;
  return `${sign} ${say(word)}`;
}

export function showResult({ state, name = "", more = "" }, loud = true) {
  const [sign, word, sound] = LOOKS[state] ?? LOOKS.unknown;
  const [mark, title, who, rest] = panel.children;
  panel.dataset.state = state;
  mark.textContent = sign;
  title.textContent = say(word);
  who.textContent = name;
  rest.textContent = more;
  if (loud) signal(sound);
}
