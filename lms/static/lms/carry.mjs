// What is still on this phone as a file, for a messenger or a cable: sealed, so that whoever takes it to where there is
// a network can send it and cannot read it. It stays here until the server has answered for it, whichever way it comes.

import { sealed } from "./seal.mjs";

const FIRST = "Hamrah 1";
const MOST = 50; // lines in one seal

export async function contentOf(log, to) {
  const token = await log.ownToken();
  const device = (await log.store.get("token")) && !(await log.store.get("guest")) ? null : log.device;
  const rows = await log.store.next();
  const seals = [];
  for (let at = 0; at < rows.length; at += MOST) {
    const records = rows.slice(at, at + MOST).map(({ line }) => line);
    seals.push(await sealed(JSON.stringify({ token, device, records }), to));
  }
  return [FIRST, ...seals, ""].join("\n");
}

// To another app where the phone can do that, else into its downloads. False when somebody thought better of it.
export async function handOver(content, day, page, browser) {
  const file = new File([content], `answers-${day}.txt`, { type: "text/plain" });
  if (browser.canShare && browser.canShare({ files: [file] })) {
    return browser.share({ files: [file] }).then(() => true, () => false);
  }
  const link = page.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
  return true;
}
