// Owns how foreign text enters HTML and SVG: everything that is not ours (names, options, model text) passes through here.

/** Safe in element content and in attributes with either kind of quotes. Control characters, which no browser shows, become �. */
export function escapeHtml(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}/gu, '�')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
