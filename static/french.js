// How does an amount read while it is typed? In integer cents: floating point never touches money. null = not readable, and the
// page then says nothing: the server explains.
const SPACES = /[\s\u00a0\u202f]/g;

export function readCents(text) {
  const found = /^(-?)(\d{1,13})(?:[.,](\d{1,2}))?$/.exec(text.replace(SPACES, "").replace("€", ""));
  if (!found) return null;
  const cents = BigInt(found[2]) * 100n + BigInt((found[3] || "").padEnd(2, "0"));
  return found[1] ? -cents : cents;
}

export function writeEuros(cents) {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return `${cents < 0n ? "\u2212" : ""}${whole},${digits.slice(-2)}\u00a0€`;
}
