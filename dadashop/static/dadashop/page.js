/**
 * The sign-in page: phone, code, welcome. The server decides everything (api.js);
 * this shows where things stand and keeps the focus where the hands are.
 */
import { ApiError, currentUser, sendCode, verifyCode } from "./api.js";
import * as typed from "./typed.js";

const camel = (name) => name.replace(/-(\w)/g, (_all, letter) => letter.toUpperCase());
const ui = Object.fromEntries(Array.from(document.querySelectorAll("[id]"), (node) => [camel(node.id), node]));
const words = ui.app.dataset;
const CODE_LENGTH = ui.code.maxLength;

/** `phone`: the one the last code was asked for. `resendAt`: when it is worth asking again. */
const state = { step: "phone", phone: "", busy: false, resendAt: 0, mayHaveCode: false };

// ---- What is shown ----------------------------------------------------------------------------

const purpose = () => ui.signin.elements.purpose.value;
const forPurpose = (word) => words[camel(`${word}-${purpose()}`)];

function show(step, title) {
  state.step = ui.app.dataset.step = step;
  ui.title.textContent = title;
  ui.signin.hidden = step === "welcome";
  ui.welcome.hidden = step !== "welcome";
  ui.stepPhone.hidden = ui.note.hidden = step !== "phone";
  ui.stepCode.hidden = ui.afterCode.hidden = step !== "code";
  clearError("phone");
  clearError("code");
  render();
}

/** The labels that follow the state and the clock. */
function render() {
  const seconds = Math.ceil((state.resendAt - Date.now()) / 1000);
  const waiting = seconds > 0;
  const onPhone = state.step === "phone";
  const label = (now, later) =>
    waiting ? later.replace("{t}", typed.duration(seconds, document.documentElement.lang)) : now;
  ui.note.textContent = forPurpose("note");
  ui.submitLabel.textContent = onPhone ? label(words.doSend, words.sendIn) : forPurpose("do");
  ui.resend.textContent = label(words.doResend, words.resendIn);
  ui.haveCode.hidden = !(onPhone && waiting && state.mayHaveCode);
  // aria-disabled, not disabled: a button that has the focus keeps it.
  ui.submit.setAttribute("aria-disabled", state.busy || (onPhone && waiting));
  ui.resend.setAttribute("aria-disabled", state.busy || waiting);
  ui.signin.setAttribute("aria-busy", state.busy);
  ui.phone.readOnly = ui.modes.disabled = state.busy;
  ui.code.readOnly = state.busy && ui.code.value.length === CODE_LENGTH; // it is being checked
}

let clock;
function waitBeforeResend(seconds) {
  state.resendAt = Date.now() + seconds * 1000;
  clearInterval(clock);
  // Counts to a deadline, so that a phone that slept shows the right second when it wakes.
  clock = setInterval(() => {
    render();
    if (Date.now() >= state.resendAt) clearInterval(clock);
  }, 1000);
  render();
}

function showStatus(status) {
  ui.status.dataset.status = status;
  ui.status.textContent = words[camel(`status-${status}`)] ?? "";
}

function showError(field, text, valueIsWrong) {
  ui[`${field}Error`].textContent = text;
  ui[field].setAttribute("aria-invalid", valueIsWrong);
  if (valueIsWrong) ui[field].focus();
}

function clearError(field) {
  ui[`${field}Error`].textContent = "";
  ui[field].setAttribute("aria-invalid", false);
  ui.switchMode.hidden = true;
}

// ---- Asking the server ------------------------------------------------------------------------

/** One request at a time; what goes wrong is said beside the field in use, and nothing typed is lost. */
async function once(request) {
  if (state.busy) return;
  setBusy(true);
  clearError(state.step);
  try {
    await request();
    setBusy(false);
  } catch (error) {
    setBusy(false);
    if (!(error instanceof ApiError)) throw error;
    explain(error);
  }
}

function setBusy(busy) {
  state.busy = busy;
  render();
}

const VALUE_IS_WRONG = new Set(["invalid_phone", "country_not_allowed", "phone_blocked", "code_incorrect"]);

function explain({ code, detail, problem }) {
  showError(state.step, detail || words[code] || words.broken, VALUE_IS_WRONG.has(code));
  if (code === "cooldown") state.mayHaveCode = true; // the page was reloaded, most likely
  if (problem.status === 429) waitBeforeResend(problem.retry_after);
  if (code === "code_incorrect") ui.code.select();
  if (problem.attempts_left === 0 || code === "code_expired" || code === "too_many_attempts") offerNewCode();
  if (code === "already_registered") offerOtherMode("login");
  if (code === "not_registered") offerOtherMode("register");
}

function offerNewCode() {
  if (state.step !== "code") return;
  showStatus("");
  ui.code.value = "";
  ui.resend.focus();
}

function offerOtherMode(mode) {
  ui.switchMode.value = mode;
  ui.switchMode.textContent = words[camel(`instead-${mode}`)];
  ui.switchMode.hidden = false;
  ui.switchMode.focus();
}

function askForCode() {
  const phone = state.step === "phone" ? typed.plainPhone(ui.phone.value) : state.phone;
  if (Date.now() < state.resendAt) return;
  if (typed.isTooShort(phone)) return showError("phone", words.needPhone, true);
  once(async () => {
    showStatus(""); // so that a screen reader is told of the second text as of the first
    const sent = await sendCode(phone, purpose());
    state.mayHaveCode = true;
    waitBeforeResend(sent.resend_after);
    awaitCode(phone, sent.phone);
    showStatus(sent.status);
  });
}

function awaitCode(phone, masked) {
  state.phone = phone;
  ui.sentTo.textContent = masked;
  show("code", words.titleCode);
  ui.code.focus();
  readText();
}

function submitCode() {
  const code = ui.code.value;
  if (code.length < CODE_LENGTH) return showError("code", words.needCode, true);
  once(async () => {
    const { token, created, user } = await verifyCode(state.phone, purpose(), code);
    session((store) => store.setItem(TOKEN, token));
    welcome(user, created ? words.titleCreated : words.titleWelcome);
  });
}

// ---- While the text is on its way -------------------------------------------------------------

let reading = new AbortController();
const stopReading = () => reading.abort();

async function readText() {
  stopReading();
  reading = new AbortController();
  const code = await typed.codeFromText(CODE_LENGTH, reading.signal);
  if (code) fillCode(code);
}

// ---- Logged in and out ------------------------------------------------------------------------

const TOKEN = "dadashop.token";

/** Gone with the tab. A browser may refuse storage altogether; then the log-in lasts until a reload. */
function session(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

function welcome(user, title) {
  stopReading();
  ui.username.textContent = user.username;
  ui.userPhone.textContent = user.phone;
  ui.phone.value = ui.code.value = "";
  forgetWait();
  show("welcome", title);
  ui.title.focus();
}

function backToPhone() {
  stopReading();
  ui.code.value = "";
  show("phone", forPurpose("title"));
  ui.phone.focus();
}

/** The wait was another number's or purpose's; if it is everybody's, the server will say so again. */
function forgetWait() {
  state.mayHaveCode = false;
  waitBeforeResend(0);
}

function signOut() {
  session((store) => store.removeItem(TOKEN));
  backToPhone();
}

function restore() {
  const token = session((store) => store.getItem(TOKEN));
  if (!token) return;
  once(async () => {
    const user = await currentUser(token).catch((error) => {
      if (error.problem.status !== 401) throw error; // offline, say: the token may be good after a reload
      session((store) => store.removeItem(TOKEN));
    });
    if (user) welcome(user, words.titleWelcome);
  });
}

// ---- Wiring -----------------------------------------------------------------------------------

/** Fields are tidied as they are edited, except in the middle of an input method's composition. */
function onEdit(name, tidy) {
  const handle = () => {
    clearError(name);
    tidy(ui[name]);
  };
  ui[name].addEventListener("input", (event) => event.isComposing || handle());
  ui[name].addEventListener("compositionend", handle);
}

function fillCode(text) {
  ui.code.value = text;
  if (text.length === CODE_LENGTH) submitCode();
}

onEdit("phone", (field) => {
  const phone = typed.plainPhone(field.value);
  typed.retype(field, typed.groupedPhone(phone));
  ui.phoneBox.classList.toggle("foreign", typed.isForeign(phone));
  forgetWait();
});
onEdit("code", (field) => fillCode(typed.plainCode(field.value, CODE_LENGTH)));
ui.code.addEventListener("paste", (event) => {
  event.preventDefault(); // maxlength would cut "123 456" short before it could be tidied
  clearError("code");
  fillCode(typed.codeWithin(event.clipboardData.getData("text"), CODE_LENGTH));
});
ui.signin.addEventListener("submit", (event) => {
  event.preventDefault();
  if (state.step === "phone") askForCode();
  else submitCode();
});
ui.modes.addEventListener("change", () => {
  forgetWait();
  show("phone", forPurpose("title"));
});
ui.resend.addEventListener("click", askForCode);
ui.haveCode.addEventListener("click", () => {
  const phone = typed.plainPhone(ui.phone.value);
  awaitCode(phone, typed.maskedPhone(phone));
});
ui.changePhone.addEventListener("click", () => state.busy || backToPhone());
ui.signOut.addEventListener("click", signOut);
ui.switchMode.addEventListener("click", () => {
  ui.signin.elements.purpose.value = ui.switchMode.value;
  ui.code.value = "";
  ui.code.focus(); // this button is about to go
  forgetWait();
  askForCode();
});
restore();
