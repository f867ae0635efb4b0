// What a scanner reads or a hand types, told apart by its looks; the rules of the server's cards.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TOKEN = new RegExp(`^[${ALPHABET}]{29}$`);
const CODE = new RegExp(`^[${ALPHABET}]{9}$`);
const BETWEEN = /[\s\-–—_.·]+/g;
const LOOK_ALIKES = { O: "0", I: "1", L: "1" };
const POLYNOMIAL = 0b100101; // GF(32)

export function readToken(text) {
  const token = text.trim().toUpperCase();
  return TOKEN.test(token) ? token : null;
}

// A code with its check character gone wrong is no code: a slip is told before it becomes a record.
export function readCode(text) {
  const plain = text
    .normalize("NFKC")
    .replace(BETWEEN, "")
    .toUpperCase()
    .replace(/[OIL]/g, (sign) => LOOK_ALIKES[sign]);
  if (!CODE.test(plain)) return { code: null, slip: false };
  let folded = 0;
  for (const sign of plain) {
    folded <<= 1;
    if (folded > 31) folded ^= POLYNOMIAL;
    folded ^= ALPHABET.indexOf(sign);
  }
  return folded ? { code: null, slip: true } : { code: plain, slip: false };
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

// A card is named by sixteen bytes of its token's digest.
export async function digestOf(token) {
  return hex((await sha256(token)).slice(0, 16));
}

export async function codeDigestOf(code) {
  return hex((await sha256(code)).slice(0, 8));
}

// UUIDv7, RFC 9562, made where even plain HTTP has randomness.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return hex(bytes);
}
