// gzip, where the browser has it.

// What is packed begins otherwise than JSON, so whoever opens a seal sees which it is.
export async function packed(bytes) {
  if (!globalThis.CompressionStream) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The content of a request, and the head that it needs.
export async function gzip(text) {
  if (!globalThis.CompressionStream) return [text];
  return [await packed(new TextEncoder().encode(text)), { "Content-Encoding": "gzip" }];
}
