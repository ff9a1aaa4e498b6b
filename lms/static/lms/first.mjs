// The first page of all: a phone that knows several people asks who it is.

import { People } from "./people.mjs";
import { book } from "./record.mjs";

// Whether to ask, of those whose faces may be shown. Who is hidden changes nothing.
export const asks = (seen, here) => seen.length > 1 || (seen.length === 1 && !here);

async function first(page) {
  const seen = await new People(book).seen();
  const reads = /(?:^|; )reads=([a-z]+)/.exec(page.cookie) || [0, page.documentElement.lang];
  if (asks(seen, await book.get("here"))) location.replace(`/${reads[1]}/start/who/`);
}

if (typeof document !== "undefined") first(document).catch(() => null); // a browser may close its store to us
