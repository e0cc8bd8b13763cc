/**
 * <dada-sms-code>: a phone number, a text, the right code. One file that depends on nothing:
 *
 *   <script type="module" src="https://sms.example.com/static/dadashop/dada-sms-code.js"></script>
 *   <dada-sms-code purpose="login"></dada-sms-code>
 *
 * The server decides everything; this shows where things stand and keeps the focus where the hands
 * are. docs/frontend.md has its attributes, events, methods and colours.
 */

export const WORDS = {
  zh: {
    phone: "手机号",
    country: "国家代码",
    code: "短信验证码",
    send: "获取验证码",
    sendIn: "{t}后可再次获取",
    resend: "重新发送",
    resendIn: "重新发送（{t}）",
    login: "登录",
    register: "注册",
    verify: "验证",
    insteadLogin: "改为登录",
    insteadRegister: "改为注册",
    haveCode: "已收到验证码，去输入",
    sentTo: "验证码发送至",
    change: "修改号码",
    secret: "请勿将验证码告诉任何人，客服也不会向你索取。",
    done: "手机号已验证",
    needPhone: "请输入完整的 11 位手机号",
    needCode: "请输入短信中的 {n} 位验证码",
    offline: "网络连接不上，请检查网络后重试。已填写的内容都还在。",
    timeout: "网络有些慢，没有等到回应，请重试。",
    broken: "服务暂时不可用，请稍后再试。",
    unverified: "安全验证没有完成，请重试；若仍不成功，请换一个浏览器。",
    statusChecking: "正在进行安全验证…",
    statusQueued: "短信正在发送",
    statusSent: "短信已发送，请查收",
    statusUnknown: "短信可能稍有延迟，没收到可重新发送",
    statusDelivered: "短信已送达，请查收",
    statusUndelivered: "短信未送达，请检查手机和号码后重新发送",
    statusFailed: "短信发送失败，请重新发送或修改号码",
    statusExpired: "短信没有及时发出，请重新发送",
  },
  en: {
    phone: "Phone number",
    country: "Country code",
    code: "Code from the text",
    send: "Get a code",
    sendIn: "Try again in {t}",
    resend: "Resend",
    resendIn: "Resend in {t}",
    login: "Log in",
    register: "Register",
    verify: "Verify",
    insteadLogin: "Log in instead",
    insteadRegister: "Register instead",
    haveCode: "I have a code already",
    sentTo: "Sent to",
    change: "Change number",
    secret: "Never share this code. Our staff will not ask for it.",
    done: "Your number is verified",
    needPhone: "Please enter all 11 digits of your phone number.",
    needCode: "Please enter the {n} digits from the text.",
    offline: "You seem to be offline. Check your connection and try again; what you typed is still here.",
    timeout: "The network is slow and no answer came. Please try again.",
    broken: "The service is unavailable right now. Please try again shortly.",
    unverified: "The security check did not finish. Try again; if that does not help, use another browser.",
    statusChecking: "Running a security check…",
    statusQueued: "Sending the text",
    statusSent: "Text sent, check your phone",
    statusUnknown: "The text may be late; resend if none comes",
    statusDelivered: "Text delivered, check your phone",
    statusUndelivered: "Not delivered; check your number, resend",
    statusFailed: "Not sent; resend or change the number",
    statusExpired: "The text was not sent in time; please resend",
  },
};

const camel = (name) => name.replace(/-(\w)/g, (_all, letter) => letter.toUpperCase());
const wordFor = (before, name) => before + name[0].toUpperCase() + name.slice(1);

// ---- What people type, paste or let the browser read, made plain; the server judges it ------------

/** "＋86 138-0013-8000" -> "13800138000"; another country's number keeps its "+". */
function plainPhone(text) {
  const plain = text.normalize("NFKC").replace(/[^\d+]/g, "").replace(/(?!^)\+/g, "");
  return plain.replace(/^(\+86|0086)/, "").replace(/^86(?=1\d{10}$)/, "");
}

/** A number the "+86" in front of the field does not belong to. */
const isForeign = (phone) => /^(\+|00)/.test(phone);

/** Surely unfinished, so not worth asking the server about. */
const isTooShort = (phone) => phone.length < (isForeign(phone) ? 5 : 11);

/** "13800138000" -> "138 0013 8000", as Chinese numbers are read. */
const groupedPhone = (phone) =>
  isForeign(phone) ? phone : [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)].filter(Boolean).join(" ");

const maskedPhone = (phone) => phone.replace(/^(?:\+86)?(\d{3})\d{4}(\d{4})$/, "$1****$2");

const plainCode = (text, length) => text.normalize("NFKC").replace(/\D/g, "").slice(0, length);

/** The code out of whatever was copied: "123 456", or the whole text message around it. */
function codeWithin(text, length) {
  const runs = text.normalize("NFKC").replace(/(\d)[\s-]+(?=\d)/g, "$1").match(/\d+/g) ?? [];
  return runs.find((run) => run.length === length) ?? plainCode(text, length);
}

/** WebOTP: a browser that can read the text hands over the code, with the shopper's consent. Otherwise null. */
async function codeFromText(length, signal) {
  if (!("OTPCredential" in window)) return null;
  const text = await navigator.credentials.get({ otp: { transport: ["sms"] }, signal }).catch(() => null);
  return text && !signal.aborted ? plainCode(text.code, length) : null;
}

/** Puts `shown` into the field with the caret behind as many digits as were before it. */
function retype(field, shown) {
  if (shown === field.value) return;
  let left = plainPhone(field.value.slice(0, field.selectionStart)).length;
  let caret = 0;
  while (left > 0 && caret < shown.length) if (shown[caret++] !== " ") left--;
  field.value = shown;
  if (field.getRootNode().activeElement === field) field.setSelectionRange(caret, caret);
}

/** 37 -> "37秒" or "37 sec"; a daily limit can be hours away. */
function duration(seconds, language) {
  const [value, unit] =
    seconds < 120 ? [seconds, "second"] : seconds < 7200 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(Math.ceil(value));
}

// ---- Asking the server -----------------------------------------------------------------------------

const TIMEOUT_MS = 15_000;

/**
 * `code` is the server's (RFC 9457 problem+json), or one of ours where no answer came: "offline",
 * "timeout", "broken" (an answer that isn't the API's), "unverified" (no captcha was solved).
 * `detail` is in the shopper's language; `problem` is the whole answer, e.g. `problem.retry_after`.
 */
class Refusal extends Error {
  constructor(code, problem = {}) {
    super(problem.detail ?? code);
    this.code = code;
    this.problem = problem;
  }
}

async function call(method, url, language, body) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit", // nobody is known by a cookie, so there is nothing for a forged request to ride on
      cache: "no-store",
      signal: controller.signal,
    });
    return await read(response);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(controller.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

async function read(response) {
  const answer = await response.text().then(JSON.parse).catch((error) => {
    if (error instanceof SyntaxError) return null; // a proxy's HTML page, say
    throw error;
  });
  if (!answer) throw new Refusal("broken");
  if (!response.ok) throw new Refusal(answer.code ?? "broken", answer);
  return answer;
}

// ---- The captcha: ALTCHA's proof of work -----------------------------------------------------------

const WORK_MS = 60_000;
// The browser derives keys in threads of its own, so the page stays free; more than two gain nothing.
const LANES = 2;
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What POST /v1/verifications/codes takes as `captcha`, for a challenge of GET /v1/verifications/captcha. */
export async function solve(challenge) {
  const start = performance.now();
  let solution;
  const search = async (counter) => {
    for (; !solution; counter += LANES) {
      const derivedKey = await derive(challenge.parameters, counter);
      if (derivedKey.startsWith(challenge.parameters.keyPrefix)) solution ??= { counter, derivedKey };
      if (performance.now() - start > WORK_MS) throw new Error("no answer in time");
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_none, lane) => search(lane)));
  const time = Math.round(performance.now() - start);
  return btoa(JSON.stringify({ challenge, solution: { ...solution, time } }));
}

async function derive({ algorithm, nonce, salt, cost, keyLength = 32 }, counter) {
  const password = new Uint8Array([...bytesOf(nonce), 0, 0, 0, 0]);
  new DataView(password.buffer).setUint32(password.length - 4, counter);
  const [name, hash] = algorithm.split("/"); // PBKDF2/SHA-256
  const key = await crypto.subtle.importKey("raw", password, name, false, ["deriveBits"]);
  const how = { name, hash, salt: bytesOf(salt), iterations: cost };
  return hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
}

// ---- What becomes of a text ------------------------------------------------------------------------

const FIRST_MS = 2_000;
const SLOWER = 1.5;
const PATIENCE_MS = 60_000;
const MAY_CHANGE = new Set(["queued", "sent", "unknown"]);

/**
 * Asks every two seconds at first, then less and less often, for a minute at most, and only while
 * somebody looks. Calls `show(status)` for each new one, as long as `wanted()`.
 */
async function follow(ask, status, show, wanted) {
  const end = Date.now() + PATIENCE_MS;
  for (let wait = FIRST_MS; MAY_CHANGE.has(status); wait *= SLOWER) {
    await new Promise((done) => setTimeout(done, wait));
    await untilVisible();
    if (!wanted() || Date.now() > end) return;
    // Without an answer there is no news; the code can be typed all the same.
    const answer = await ask().catch(() => null);
    if (!wanted()) return;
    if (answer && answer.status !== status) show((status = answer.status));
  }
}

const untilVisible = () =>
  new Promise((done) => {
    if (!document.hidden) done();
    else document.addEventListener("visibilitychange", done, { once: true });
  });

// ---- How it looks ----------------------------------------------------------------------------------

// Sizes are of the letters around it, which the page may enlarge; colours are --dada-*, or these.
const COLOURS = {
  ink: ["#241e1a", "#f3ece7"],
  muted: ["#6a615b", "#a99f97"],
  edge: ["#948a82", "#7d736b"],
  surface: ["#fffdfb", "#211d1a"],
  sunken: ["#f5efe9", "#171412"],
  accent: ["#c63d14", "#d0441a"],
  "accent-deep": ["#a9310d", "#b5370f"],
  "on-accent": ["#fff", "#fff"],
  link: ["#b3380f", "#ff9c78"],
  error: ["#b0172d", "#ff8f98"],
  "error-tint": ["#fdf1f2", "#3a2327"],
  good: ["#1d7349", "#6fd0a0"],
};
const palette = (colour) =>
  Object.entries(COLOURS).map(([name, pair]) => `--_${name}: var(--dada-${name}, ${colour(...pair)});`).join(" ");

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host { display: block; width: 100%; max-width: 24em; container-type: inline-size; color: var(--_ink); line-height: 1.6; ${palette((light) => light)} --_radius: var(--dada-radius, .75em); }
/* Dark where the page says that it can be: a form on white paper stays light. */
@supports (color: light-dark(#fff, #000)) { :host { ${palette((light, dark) => `light-dark(${light}, ${dark})`)} } }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
p, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
button, input { margin: 0; font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--_link); outline-offset: 2px; }
#done:focus { outline: none; } /* focused by the script only, to be read out */
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.label { display: block; margin-bottom: .43em; font-size: .875em; font-weight: 500; }
.phone { display: flex; align-items: stretch; height: 3.25em; border: 1px solid var(--_edge); border-radius: var(--_radius); transition: border-color .15s, box-shadow .15s; }
.phone:focus-within { border-color: var(--_link); box-shadow: 0 0 0 1px var(--_link); }
.phone:has([aria-invalid="true"]) { border-color: var(--_error); box-shadow: 0 0 0 1px var(--_error); background: var(--_error-tint); }
.prefix { display: flex; align-items: center; padding: 0 .22em 0 .89em; color: var(--_muted); font-size: 1.125em; }
.foreign .prefix { display: none; }
.phone input { flex: 1; min-width: 0; padding: 0 .89em 0 .44em; border: 0; border-radius: inherit; outline: 0; background: none; font-size: 1.125em; letter-spacing: .03em; font-variant-numeric: tabular-nums; }

/* Drawn slots under one real field: paste, autofill and screen readers meet an ordinary input. */
.code { --slot: calc(100cqi / (var(--length) - .12)); position: relative; width: calc(var(--length) * var(--slot)); height: 3.5em; margin-inline: calc(var(--slot) * -.06); overflow: hidden; overflow: clip; }
.slots { position: absolute; inset: 0; display: flex; }
.slots i { flex: none; width: calc(var(--slot) * .88); margin: 0 calc(var(--slot) * .06); border: 1px solid var(--_edge); border-radius: var(--_radius); transition: border-color .15s, box-shadow .15s; }
.code:focus-within i { border-color: var(--_link); }
.code:has([aria-invalid="true"]) i { border-color: var(--_error); box-shadow: inset 0 0 0 1px var(--_error); background: var(--_error-tint); }
/* A band of selection would run across the gaps between the slots. */
.code input::selection { background: none; color: var(--_link); }
.code input[aria-invalid="true"]::selection { color: var(--_error); }
.code input {
  position: relative; width: calc((var(--length) + 1) * var(--slot)); height: 100%; border: 0; outline: 0; background: none; border-radius: 0;
  padding: 0 0 0 calc((var(--slot) - 1ch) / 2); letter-spacing: calc(var(--slot) - 1ch);
  font: 600 1.5em/1 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Roboto Mono", "DejaVu Sans Mono", monospace;
}
.error { display: flex; gap: .57em; min-height: 2.15em; padding-top: .43em; color: var(--_error); font-size: .875em; line-height: 1.5; }
.error:not(:empty)::before { content: "!"; content: "!" / ""; flex: none; width: 1.5em; height: 1.5em; margin-top: .13em; border-radius: 50%; background: var(--_error); color: var(--_surface); font-size: .857em; font-weight: 700; line-height: 1.5; text-align: center; }

.primary { display: flex; align-items: center; justify-content: center; gap: .625em; width: 100%; min-height: 3.25em; margin-top: .5em; padding: .5em 1em; border: 1px solid transparent; border-radius: var(--_radius); background: var(--_accent); color: var(--_on-accent); font-weight: 600; transition: background-color .15s; }
.primary:hover, .primary:active { background: var(--_accent-deep); }
.primary[aria-disabled="true"] { background: var(--_sunken); color: var(--_muted); cursor: default; }
.link { display: inline-flex; align-items: center; min-width: 2.94em; min-height: 2.94em; padding: 0; border: 0; border-radius: .4em; background: none; color: var(--_link); font-size: .9375em; font-variant-numeric: tabular-nums; text-align: start; }
.link:hover { text-decoration: underline; text-underline-offset: .25em; }
.link[aria-disabled="true"] { color: var(--_muted); text-decoration: none; cursor: default; }
[aria-busy="true"] .primary { background: var(--_accent); color: var(--_on-accent); cursor: progress; }
[aria-busy="true"] .primary::before { content: ""; width: 1.125em; height: 1.125em; border: 2px solid; border-right-color: transparent; border-radius: 50%; animation: turn .8s linear infinite; }
@keyframes turn { to { transform: rotate(1turn); } }

.note { color: var(--_muted); font-size: .875em; }
#note { margin-top: .86em; }
.sent-to { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 1em; margin-bottom: 1em; color: var(--_muted); }
.sent-to strong { color: var(--_ink); font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.after { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 1em; padding-top: .375em; }
.after .note { flex-basis: 100%; margin-top: .29em; }
/* As wide as it may get and two lines high, so that no word about the text moves what is around it. */
.status { flex: 1 1 11.43em; display: flex; align-items: center; gap: .57em; min-height: 3.2em; color: var(--_muted); font-size: .875em; }
.status:not(:empty)::before { content: ""; flex: none; width: .57em; height: .57em; border-radius: 50%; background: currentcolor; }
.status[data-status="delivered"]::before, #done::before { background: var(--_good); }
.status:is([data-status="undelivered"], [data-status="failed"], [data-status="expired"]) { color: var(--_error); }
#done { display: flex; align-items: center; gap: .57em; min-height: 3.25em; }
#done::before { content: ""; flex: none; width: .57em; height: .57em; border-radius: 50%; }

@media (prefers-reduced-motion: reduce) { *, ::before, ::after { transition: none !important; animation-duration: 2.4s !important; } }
@media (forced-colors: active) {
  .primary { border-color: ButtonText; }
  .primary[aria-disabled="true"], .link[aria-disabled="true"] { border-color: GrayText; color: GrayText; }
  .phone:focus-within { outline: 2px solid Highlight; }
  .code:focus-within i { border: 2px solid Highlight; }
  .code input { forced-color-adjust: none; color: CanvasText; } /* no backplate over the slots */
  .status::before, #done::before { forced-color-adjust: none; }
}`);

const TEMPLATE = document.createElement("template");
// method=post: whatever happens, nothing typed can end up in an address.
TEMPLATE.innerHTML = `
<form id="form" method="post" novalidate><fieldset id="fields">
  <div id="step-phone">
    <label class="label" part="label" for="phone" data-word="phone"></label>
    <div class="phone" id="phone-box" part="field">
      <span class="prefix" id="phone-prefix"><span class="unseen" data-word="country"></span> +86</span>
      <input id="phone" part="input" name="phone" type="tel" inputmode="tel" autocomplete="tel-national" maxlength="32"
        required enterkeyhint="send" aria-describedby="phone-prefix phone-error note">
    </div>
    <p id="phone-error" class="error" part="error" role="alert"></p>
    <p id="checking" class="unseen" role="status"></p>
  </div>
  <div id="step-code" hidden>
    <p class="sent-to">
      <span id="sent-to-line"><span data-word="sentTo"></span> <strong id="sent-to"></strong></span>
      <button type="button" id="change-phone" class="link" part="link" data-word="change"></button>
    </p>
    <label class="label" part="label" for="code" data-word="code"></label>
    <div class="code" id="code-box">
      <span class="slots" id="slots" aria-hidden="true"></span>
      <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
        required spellcheck="false" enterkeyhint="done" aria-describedby="sent-to-line code-error">
    </div>
    <p id="code-error" class="error" part="error" role="alert"></p>
    <button type="button" id="switch-mode" class="link" part="link" hidden></button>
  </div>
  <button type="submit" id="submit" class="primary" part="button"><span id="submit-label"></span></button>
  <p id="note" class="note"><slot name="note"></slot></p>
  <button type="button" id="have-code" class="link" part="link" data-word="haveCode" hidden></button>
  <div id="after-code" class="after" hidden>
    <p id="status" class="status" part="status" role="status"></p>
    <button type="button" id="resend" class="link" part="link"></button>
    <p class="note" data-word="secret"></p>
  </div>
  <p id="done" part="status" tabindex="-1" data-word="done" hidden></p>
</fieldset></form>`;

// ---- The element -----------------------------------------------------------------------------------

const VALUE_IS_WRONG = new Set(["invalid_phone", "country_not_allowed", "phone_blocked", "code_incorrect"]);
const NAMED = new Set(["login", "register"]); // purposes whose last button has a word of its own
const OTHER = { already_registered: "login", not_registered: "register" };

export class DadaSmsCode extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["purpose", "lang"];

  #internals = this.attachInternals();
  #ui;
  #words = WORDS.zh;
  #step = "phone"; // phone, code or done
  #phone = ""; // the one the last code was asked for
  #proof = "";
  #text = ""; // the id of the text that is followed
  #busy = false;
  #checking = false;
  #resendAt = 0; // when it is worth asking again
  #mayHaveCode = false;
  #refused = {}; // the last wrong guess since the newest text, and what was said of it
  #spent = false; // the code is used up: only another text helps
  #staying = false; // while the purpose changes and the step does not
  #length = 6;
  #reading = new AbortController();
  #clock;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    root.append(TEMPLATE.content.cloneNode(true));
    this.#ui = Object.fromEntries(Array.from(root.querySelectorAll("[id]"), (node) => [camel(node.id), node]));
    this.#wire();
  }

  connectedCallback() {
    this.#length = Number(this.getAttribute("length")) || 6;
    this.#ui.code.maxLength = this.#length;
    this.#ui.codeBox.style.setProperty("--length", this.#length);
    this.#ui.slots.replaceChildren(...Array.from({ length: this.#length }, () => document.createElement("i")));
    this.#localize();
    this.#adopt();
    this.#show(this.#step);
  }

  disconnectedCallback() {
    this.#stopWaiting();
    clearInterval(this.#clock);
  }

  attributeChangedCallback(name, before, now) {
    if (name === "lang") this.#localize();
    else if (before !== now) this.#changePurpose();
  }

  formResetCallback() {
    this.reset();
  }

  formDisabledCallback(disabled) {
    this.#ui.fields.disabled = disabled;
  }

  /** What the code is for: login, register, reset_password, change_phone or pickup. */
  get purpose() {
    return this.getAttribute("purpose") ?? "login";
  }

  set purpose(purpose) {
    this.setAttribute("purpose", purpose);
  }

  /** "phone", "code" or "done"; a `statechange` tells of another one, and of `busy`. */
  get step() {
    return this.#step;
  }

  /** Whether an answer of the server is awaited. */
  get busy() {
    return this.#busy;
  }

  /** To the start, with nothing typed but what the attribute `phone` has. */
  reset() {
    this.#stopWaiting();
    this.#forgetWait();
    this.#phone = this.#proof = this.#ui.code.value = "";
    this.#fillPhone(this.getAttribute("phone") ?? "");
    this.#show("phone");
  }

  /** To where something is to be typed. */
  focus(options) {
    this.#ui[this.#step].focus(options);
  }

  /** Says beside the field in use what the page's own server thinks of it, such as of a wrong code. */
  refuse(words) {
    if (this.#step !== "done") this.#showError(words, true);
  }

  // ---- What is shown

  #localize() {
    this.#words = this.#language.startsWith("en") ? WORDS.en : WORDS.zh;
    this.#ui.form.lang = this.#language;
    for (const node of this.shadowRoot.querySelectorAll("[data-word]")) node.textContent = this.#words[node.dataset.word];
    this.#render();
  }

  get #language() {
    const wanted = this.closest("[lang]")?.lang ?? "";
    return /^en\b/i.test(wanted) ? "en" : "zh-CN";
  }

  /** What was typed before this script came, in an input that stood in its place. */
  #adopt() {
    const before = this.querySelector(":scope > input:not([slot]), :scope > :not([slot]) input");
    this.#fillPhone(before?.value || this.#ui.phone.value || this.getAttribute("phone") || "");
    const active = document.activeElement;
    const meant = before && (active === before || (before.autofocus && active === document.body));
    for (const child of [...this.children]) if (!child.slot) child.remove();
    if (meant) this.#ui.phone.focus();
  }

  #fillPhone(text) {
    const phone = plainPhone(text);
    this.#ui.phone.value = groupedPhone(phone);
    this.#ui.phoneBox.classList.toggle("foreign", isForeign(phone));
  }

  #show(step) {
    const ui = this.#ui;
    this.#step = step;
    ui.stepPhone.hidden = ui.note.hidden = step !== "phone";
    ui.stepCode.hidden = ui.afterCode.hidden = step !== "code";
    ui.submit.hidden = step === "done" || (step === "code" && this.#leavesVerifying);
    ui.done.hidden = step !== "done";
    this.#clearError("phone");
    this.#clearError("code");
    this.#changed();
  }

  get #leavesVerifying() {
    return this.hasAttribute("no-verify");
  }

  #changed() {
    this.#render();
    this.#tellForm();
    this.#tell("statechange");
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /** The labels that follow the state and the clock. */
  #render() {
    const ui = this.#ui;
    const words = this.#words;
    const seconds = Math.ceil((this.#resendAt - Date.now()) / 1000);
    const waiting = seconds > 0;
    const onPhone = this.#step === "phone";
    const label = (now, later) => (waiting ? later.replace("{t}", duration(seconds, this.#language)) : now);
    const send = this.#checking ? words.statusChecking : label(words.send, words.sendIn);
    const act = NAMED.has(this.purpose) ? this.purpose : "verify";
    ui.submitLabel.textContent = onPhone ? send : words[act];
    ui.resend.textContent = label(words.resend, words.resendIn);
    ui.haveCode.hidden = !(onPhone && waiting && this.#mayHaveCode);
    // aria-disabled, not disabled: a button that has the focus keeps it.
    ui.submit.setAttribute("aria-disabled", this.#busy || (onPhone ? waiting : this.#nothingToSend));
    ui.resend.setAttribute("aria-disabled", this.#busy || waiting);
    ui.form.setAttribute("aria-busy", this.#busy);
    ui.phone.readOnly = this.#busy;
    ui.code.readOnly = this.#busy && ui.code.value.length === this.#length; // it is being checked
  }

  get #nothingToSend() {
    return this.#spent && !this.#ui.code.value;
  }

  #waitBeforeResend(seconds) {
    this.#resendAt = Date.now() + seconds * 1000;
    clearInterval(this.#clock);
    // Counts to a deadline, so that a phone that slept shows the right second when it wakes.
    this.#clock = setInterval(() => {
      this.#render();
      if (Date.now() >= this.#resendAt) clearInterval(this.#clock);
    }, 1000);
    this.#render();
  }

  /** The wait was another number's or purpose's; if it is everybody's, the server will say so again. */
  #forgetWait() {
    this.#mayHaveCode = false;
    this.#waitBeforeResend(0);
  }

  #showStatus(status) {
    this.#ui.status.dataset.status = status;
    this.#ui.status.textContent = (status && this.#words[wordFor("status", status)]) ?? "";
  }

  /** On the button while the phone is typed, where it is read out by a line that is not seen. */
  #showChecking(checking) {
    this.#checking = checking;
    this.#ui.checking.textContent = checking ? this.#words.statusChecking : "";
    if (this.#step === "code") this.#showStatus(checking ? "checking" : "");
    this.#render();
  }

  #showError(text, valueIsWrong) {
    const field = this.#ui[this.#step];
    this.#ui[`${this.#step}Error`].textContent = text;
    field.setAttribute("aria-invalid", valueIsWrong);
    if (valueIsWrong) field.focus();
  }

  #clearError(field) {
    this.#ui[`${field}Error`].textContent = "";
    this.#ui[field].setAttribute("aria-invalid", false);
    this.#ui.switchMode.hidden = true;
  }

  /** What a form around it submits, and whether it may: a code to be checked, or a phone that is verified. */
  #tellForm() {
    const ui = this.#ui;
    const done = this.#step === "done";
    const typed = this.#step === "code" && ui.code.value.length === this.#length;
    if (done || (this.#leavesVerifying && typed)) {
      const values = new FormData();
      values.set(this.getAttribute("phone-name") ?? "phone", this.#phone);
      if (done && this.#proof) values.set("proof", this.#proof);
      if (!done) values.set(this.getAttribute("code-name") ?? "code", ui.code.value);
      this.#internals.setFormValue(values);
      this.#internals.setValidity({});
    } else {
      this.#internals.setFormValue(null);
      const missing = this.#step === "phone" ? this.#words.needPhone : this.#needCode;
      this.#internals.setValidity({ valueMissing: true }, missing, ui[this.#step]);
    }
  }

  get #needCode() {
    return this.#words.needCode.replace("{n}", this.#length);
  }

  // ---- Asking the server

  #ask(method, path, body) {
    const base = this.getAttribute("base-url")?.replace(/\/$/, "") ?? new URL(import.meta.url).origin;
    return call(method, `${base}/v1/verifications${path}`, this.#language, body);
  }

  /**
   * One request at a time, which answers what to do then. What goes wrong is said beside the field in
   * use, and nothing typed is lost.
   */
  async #once(request) {
    if (this.#busy) return;
    this.#setBusy(true);
    this.#clearError(this.#step);
    const { purpose } = this;
    let then;
    try {
      then = await request();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      then = () => this.#explain(error);
    } finally {
      this.#setBusy(false);
    }
    if (this.purpose === purpose) then();
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.#changed();
  }

  #explain({ code, problem }) {
    const words = problem.detail || this.#words[code] || this.#words.broken;
    this.#showError(words, VALUE_IS_WRONG.has(code));
    if (code === "cooldown") this.#mayHaveCode = true; // the page was reloaded, most likely
    if (problem.status === 429) this.#waitBeforeResend(problem.retry_after);
    if (code === "code_incorrect") this.#ui.code.select();
    if (problem.attempts_left === 0 || code === "code_expired" || code === "too_many_attempts") this.#offerNewCode();
    if (code in OTHER) this.#offerOther(OTHER[code]);
    this.#tell("refused", { code, ...problem });
  }

  #offerNewCode() {
    if (this.#step !== "code") return;
    this.#stopFollowing();
    this.#ui.code.value = "";
    this.#spent = true;
    this.#render();
    this.#ui.resend.focus();
  }

  #offerOther(purpose) {
    this.#ui.switchMode.value = purpose;
    this.#ui.switchMode.textContent = this.#words[wordFor("instead", purpose)];
    this.#ui.switchMode.hidden = false;
    this.#ui.switchMode.focus();
  }

  #takeOther() {
    this.#staying = true; // the phone is the same
    this.purpose = this.#ui.switchMode.value;
    this.#staying = false;
    this.#ui.code.value = "";
    this.#ui.code.focus(); // the button is about to go
    this.#askForCode();
  }

  #changePurpose() {
    this.#forgetWait();
    if (this.#staying || !this.isConnected) return;
    this.#stopWaiting();
    this.#ui.code.value = "";
    this.#show("phone");
  }

  #askForCode() {
    const phone = this.#step === "phone" ? plainPhone(this.#ui.phone.value) : this.#phone;
    if (Date.now() < this.#resendAt) return;
    if (isTooShort(phone)) return this.#showError(this.#words.needPhone, true);
    this.#once(async () => {
      this.#stopFollowing(); // and a screen reader is told of the second text as of the first
      const sent = await this.#sendUnlessRobot({ phone, purpose: this.purpose });
      this.#refused = {};
      return () => {
        this.#mayHaveCode = true;
        this.#waitBeforeResend(sent.resend_after);
        this.#awaitCode(phone, sent.phone);
        this.#followText(sent);
        this.#tell("sent", sent);
      };
    });
  }

  /** Most are asked for no captcha. Who is, waits a second longer and has nothing to do for it. */
  async #sendUnlessRobot(body) {
    try {
      return await this.#ask("POST", "/codes", body);
    } catch (error) {
      if (error.code !== "captcha_required") throw error;
    }
    this.#showChecking(true);
    try {
      return await this.#ask("POST", "/codes", { ...body, captcha: await this.#solved() });
    } finally {
      this.#showChecking(false);
    }
  }

  /** A page with another captcha sets `solveCaptcha`, of the same shape as `solve`. */
  async #solved() {
    const challenge = await this.#ask("GET", "/captcha");
    try {
      return await (this.solveCaptcha ?? solve)(challenge);
    } catch {
      throw new Refusal("unverified");
    }
  }

  #awaitCode(phone, masked) {
    this.#phone = phone;
    this.#spent = false;
    this.#ui.sentTo.textContent = masked;
    this.#show("code");
    this.#ui.code.focus();
    this.#readText();
  }

  #submitCode() {
    const code = this.#ui.code.value;
    if (this.#nothingToSend) return;
    if (code.length < this.#length) return this.#showError(this.#needCode, true);
    if (this.#leavesVerifying) return this.#internals.form?.requestSubmit();
    const guess = { phone: this.#phone, purpose: this.purpose, code };
    if (JSON.stringify(guess) === this.#refused.guess) return this.#showWrongCode(this.#refused.words);
    this.#once(async () => {
      const answer = await this.#verify(guess);
      return () => this.#finish(answer);
    });
  }

  /** Remembers a wrong one: its last digit sent it, and an Enter behind it shall not cost another guess. */
  async #verify(guess) {
    try {
      return await this.#ask("POST", "/verify", guess);
    } catch (error) {
      if (error.code === "code_incorrect") this.#refused = { guess: JSON.stringify(guess), words: error.message };
      throw error;
    }
  }

  #showWrongCode(words) {
    this.#showError(words, true);
    this.#ui.code.select();
  }

  #finish(answer) {
    this.#stopWaiting();
    this.#proof = answer.proof ?? "";
    this.#ui.phone.value = this.#ui.code.value = "";
    this.#forgetWait();
    this.#show("done");
    this.#ui.done.focus();
    this.#tell("verified", answer);
  }

  // ---- While the text is on its way

  async #readText() {
    this.#reading.abort();
    this.#reading = new AbortController();
    const code = await codeFromText(this.#length, this.#reading.signal);
    if (code) this.#fillCode(code);
  }

  #followText({ id, status }) {
    this.#text = id;
    this.#showStatus(status);
    const ask = () => this.#ask("GET", `/codes/${encodeURIComponent(id)}`);
    follow(ask, status, (news) => this.#showStatus(news), () => this.#text === id);
  }

  #stopFollowing() {
    this.#text = "";
    this.#showStatus("");
  }

  #stopWaiting() {
    this.#reading.abort();
    this.#stopFollowing();
  }

  #backToPhone() {
    this.#stopWaiting();
    this.#ui.code.value = "";
    this.#show("phone");
    this.#ui.phone.focus();
  }

  // ---- Wiring

  #wire() {
    const ui = this.#ui;
    this.#onEdit("phone", () => {
      const phone = plainPhone(ui.phone.value);
      retype(ui.phone, groupedPhone(phone));
      ui.phoneBox.classList.toggle("foreign", isForeign(phone));
      this.#forgetWait();
    });
    this.#onEdit("code", () => this.#fillCode(plainCode(ui.code.value, this.#length)));
    ui.code.addEventListener("paste", (event) => {
      event.preventDefault(); // maxlength would cut "123 456" short before it could be tidied
      this.#clearError("code");
      this.#fillCode(codeWithin(event.clipboardData.getData("text"), this.#length));
    });
    ui.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#step === "phone") this.#askForCode();
      else this.#submitCode();
    });
    ui.resend.addEventListener("click", () => this.#askForCode());
    ui.haveCode.addEventListener("click", () => {
      const phone = plainPhone(ui.phone.value);
      this.#awaitCode(phone, maskedPhone(phone));
    });
    ui.changePhone.addEventListener("click", () => this.#busy || this.#backToPhone());
    ui.switchMode.addEventListener("click", () => this.#takeOther());
  }

  /** Fields are tidied as they are edited, except in the middle of an input method's composition. */
  #onEdit(name, tidy) {
    const handle = () => {
      this.#clearError(name);
      tidy();
    };
    this.#ui[name].addEventListener("input", (event) => event.isComposing || handle());
    this.#ui[name].addEventListener("compositionend", handle);
  }

  #fillCode(text) {
    this.#ui.code.value = text;
    this.#render();
    this.#tellForm();
    if (text.length === this.#length && !this.#leavesVerifying) this.#submitCode();
  }
}

customElements.define("dada-sms-code", DadaSmsCode);
