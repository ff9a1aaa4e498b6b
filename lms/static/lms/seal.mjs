// Sealed to the server's key: whoever carries it cannot open it, and neither can this phone. lms/seal.py is the twin.

import { packed } from "./packed.mjs";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SAYS = "hamrah sealed 1";
const NAME = 4; // bytes of a key's name

// What somebody wrote, as base64 that only the server can read. `to` is the server's key as it names it.
export async function sealed(text, to) {
  return toText(await seal(await packed(new TextEncoder().encode(text)), toBytes(to)));
}

export async function seal(bytes, to) {
  const [name, point] = [to.subarray(0, NAME), to.subarray(NAME)];
  const { subtle } = crypto;
  const theirs = await subtle.importKey("raw", point, CURVE, false, []);
  const mine = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const own = new Uint8Array(await subtle.exportKey("raw", mine.publicKey));
  const agreed = await subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const source = await subtle.importKey("raw", agreed, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: joined(own, point), info: new TextEncoder().encode(SAYS) };
  const cipher = await subtle.deriveKey(how, source, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const head = joined([1], name, own, iv);
  return joined(head, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, cipher, bytes)));
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
