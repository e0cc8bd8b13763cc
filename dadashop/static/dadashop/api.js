/**
 * The calls a sign-in page makes of /v1, and nothing about the page itself: any front end can copy it.
 * Every function answers the server's JSON or throws an ApiError.
 */

const BASE = "/v1";
const TIMEOUT_MS = 15_000;

/**
 * `code` is the server's (RFC 9457 problem+json), or one of ours where no answer came:
 * "offline", "timeout", "broken" (an answer that isn't the API's).
 * `detail` is in the shopper's language; `problem` is the whole answer, e.g. `problem.retry_after`.
 */
export class ApiError extends Error {
  constructor(code, problem = {}) {
    super(problem.detail ?? code);
    this.code = code;
    this.detail = problem.detail;
    this.problem = problem;
  }
}

/**
 * Asks for a code by text: `{id, phone (masked), purpose, status, expires_in, resend_after}`.
 * `status` is "sent", or "unknown" where the platform fell silent: the text may come all the same.
 */
export const sendCode = (phone, purpose) => call("POST", "/verifications/codes", { body: { phone, purpose } });

/** Trades a right code for `{token, created, user: {id, username, phone}}`. */
export const verifyCode = (phone, purpose, code) =>
  call("POST", "/verifications/verify", { body: { phone, purpose, code } });

/** Whose token this is: `{id, username, phone}`. */
export const currentUser = (token) => call("GET", "/users/me", { token });

async function call(method, path, { body, token } = {}) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(BASE + path, {
      method,
      headers: headers(body, token),
      body: body && JSON.stringify(body),
      credentials: "omit", // the token is the only credential, so there is nothing for a forged request to ride on
      cache: "no-store",
      signal: controller.signal,
    });
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(controller.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

function headers(body, token) {
  const all = { Accept: "application/json" };
  if (body) all["Content-Type"] = "application/json";
  if (token) all.Authorization = `Bearer ${token}`;
  return all;
}

async function read(response) {
  const text = await response.text();
  const answer = parse(text);
  if (!answer) throw new ApiError("broken"); // a proxy's HTML page, say
  if (!response.ok) throw new ApiError(answer.code ?? "broken", answer);
  return answer;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
