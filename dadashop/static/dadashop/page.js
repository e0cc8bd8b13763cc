/** The sign-in page: log in or register, welcome. All between a phone and its right code is <dada-sms-code>. */
import "./dada-sms-code.js";

const TOKEN = "dadashop.token";
const camel = (name) => name.replace(/-(\w)/g, (_all, letter) => letter.toUpperCase());
const ui = Object.fromEntries(Array.from(document.querySelectorAll("[id]"), (node) => [camel(node.id), node]));
const words = ui.app.dataset;

/** Gone with the tab. A browser may refuse storage altogether; then the log-in lasts until a reload. */
function session(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

function render() {
  const { step, busy, purpose } = ui.sms;
  const register = purpose === "register";
  const onPhone = register ? words.titleRegister : words.titleLogin;
  ui.app.dataset.step = step;
  if (step !== "done") ui.title.textContent = step === "code" ? words.titleCode : onPhone;
  ui.note.textContent = register ? words.noteRegister : words.noteLogin;
  ui.modes.disabled = busy;
  ui.modes.querySelector(`[value=${purpose}]`).checked = true;
}

function welcome(user, title) {
  ui.username.textContent = user?.username ?? "";
  ui.userPhone.textContent = user?.phone ?? "";
  ui.sms.hidden = Boolean(user);
  ui.welcome.hidden = !user;
  if (!user) return;
  ui.app.dataset.step = "welcome";
  ui.title.textContent = title;
  ui.title.focus();
}

async function restore() {
  const token = session((store) => store.getItem(TOKEN));
  if (!token) return;
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch("/v1/users/me", { headers, cache: "no-store" }).catch(() => null);
  // Offline, say: the token may be good after a reload.
  if (answer?.status === 401) session((store) => store.removeItem(TOKEN));
  if (answer?.ok && ui.sms.step === "phone") welcome(await answer.json(), words.titleWelcome);
}

ui.sms.addEventListener("statechange", render);
ui.sms.addEventListener("verified", ({ detail: { token, created, user } }) => {
  session((store) => store.setItem(TOKEN, token));
  welcome(user, created ? words.titleCreated : words.titleWelcome);
});
ui.modes.addEventListener("change", ({ target }) => (ui.sms.purpose = target.value));
ui.signOut.addEventListener("click", () => {
  session((store) => store.removeItem(TOKEN));
  welcome(null);
  ui.sms.reset();
  ui.sms.focus();
});
ui.sms.purpose = ui.modes.querySelector(":checked").value; // chosen while this script was on its way
render();
restore();
