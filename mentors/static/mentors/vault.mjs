// Sealed under a PIN: a courtesy lock, since who takes the phone apart can try all PINs in a while.

const ROUNDS = 300000; // about a second on a cheap phone
const EASY = "01234567890 09876543210";

// Six digits, 0 to 9, that are not the first that anybody would try.
export const isGood = (pin) => /^\d{6}$/.test(pin) && !/^(\d)\1+$/.test(pin) && !EASY.includes(pin);

// { salt, iv, content }: what IndexedDB keeps as it is.
export async function locked(pin, value) {
  const [salt, iv] = [16, 12].map((bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
  const said = new TextEncoder().encode(JSON.stringify(value));
  const content = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(pin, salt), said);
  return { salt, iv, content };
}

// Null where the PIN is another one.
export async function opened(pin, { salt, iv, content }) {
  const key = await keyOf(pin, salt);
  const said = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, content).catch(() => null);
  return said && JSON.parse(new TextDecoder().decode(said));
}

async function keyOf(pin, salt) {
  const { subtle } = crypto;
  const said = await subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return subtle.deriveKey(way, said, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
