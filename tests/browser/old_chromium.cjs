// Playwright asks each element whether it can be seen, in words that Chromium has from 105 on. That is all it lacks to
// drive Chromium 90, so its own code gets other words when it is read. The page itself gets nothing that it has not.

const { registerHooks } = require("node:module");

const ASKS = "element.checkVisibility()";

registerHooks({
  load(address, context, next) {
    const loaded = next(address, context);
    if (!address.endsWith("/coreBundle.js")) return loaded;
    const source = String(loaded.source);
    if (!source.includes(ASKS)) throw new Error("This Playwright asks in another way: see tests/browser/old_chromium.cjs.");
    return { ...loaded, source: source.replaceAll(ASKS, "element.getClientRects().length") };
  },
});
