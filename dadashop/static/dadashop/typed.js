/** What people type, paste or let the browser read, made plain. The server judges it; this spares them the tidying. */

/** "＋86 138-0013-8000" -> "13800138000"; another country's number keeps its "+". */
export function plainPhone(text) {
  const plain = text.normalize("NFKC").replace(/[^\d+]/g, "").replace(/(?!^)\+/g, "");
  return plain.replace(/^(\+86|0086)/, "").replace(/^86(?=1\d{10}$)/, "");
}

/** A number the "+86" in front of the field does not belong to. */
export const isForeign = (phone) => /^(\+|00)/.test(phone);

/** Surely unfinished, so not worth asking the server about. */
export const isTooShort = (phone) => phone.length < (isForeign(phone) ? 5 : 11);

/** "13800138000" -> "138 0013 8000", as Chinese numbers are read. */
export const groupedPhone = (phone) =>
  isForeign(phone) ? phone : [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)].filter(Boolean).join(" ");

export const maskedPhone = (phone) => phone.replace(/^(?:\+86)?(\d{3})\d{4}(\d{4})$/, "$1****$2");

export const plainCode = (text, length) => text.normalize("NFKC").replace(/\D/g, "").slice(0, length);

/** The code out of whatever was copied: "123 456", or the whole text message around it. */
export function codeWithin(text, length) {
  const runs = text.normalize("NFKC").replace(/(\d)[\s-]+(?=\d)/g, "$1").match(/\d+/g) ?? [];
  return runs.find((run) => run.length === length) ?? plainCode(text, length);
}

/** WebOTP: a browser that can read the text hands over the code, with the shopper's consent. Otherwise null. */
export async function codeFromText(length, signal) {
  if (!("OTPCredential" in window)) return null;
  const text = await navigator.credentials.get({ otp: { transport: ["sms"] }, signal }).catch(() => null);
  return text && !signal.aborted ? plainCode(text.code, length) : null;
}

/** Puts `shown` into the field with the caret behind as many digits as were before it. */
export function retype(field, shown) {
  if (shown === field.value) return;
  let left = plainPhone(field.value.slice(0, field.selectionStart)).length;
  let caret = 0;
  while (left > 0 && caret < shown.length) if (shown[caret++] !== " ") left--;
  field.value = shown;
  if (document.activeElement === field) field.setSelectionRange(caret, caret);
}

/** 37 -> "37秒" or "37 sec"; a daily limit can be hours away. */
export function duration(seconds, language) {
  const [value, unit] =
    seconds < 120 ? [seconds, "second"] : seconds < 7200 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(Math.ceil(value));
}
