// Seals what is typed of a person to the server: this device cannot open it again.
const INFO = new TextEncoder().encode("jobfair envelope 1");
const CURVE = { name: "ECDH", namedCurve: "P-256" };

function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
}

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

// The key is the server's point in hex; what is sealed opens only for the record of this id.
export async function sealTo(key, id, value) {
  const theirs = await crypto.subtle.importKey("raw", bytesOf(key), CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
  const shared = await crypto.subtle.deriveBits(
    { name: "ECDH", public: theirs },
    ours.privateKey,
    256,
  );
  const seed = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const sealing = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: point, info: INFO },
    seed,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(value));
  const place = new TextEncoder().encode(id);
  const body = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: place },
    sealing,
    text,
  );
  return base64(Uint8Array.of(...point, ...nonce, ...new Uint8Array(body)));
}
