// Days as date fields have them: 2026-11-23.

const DAY = 24 * 3600e3;

// Whole days from one date to another.
export const daysBetween = (one, other) => Math.round((Date.parse(other) - Date.parse(one)) / DAY);

// Today where this phone is.
export function today(now = new Date()) {
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
