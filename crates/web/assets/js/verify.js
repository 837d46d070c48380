// Checks the QR code of a licence in the browser: what stands behind # in the address never leaves this machine.
// The code is a COSE_Sign1 (RFC 9052) with ES256, and so is the status list that says whether the licence still counts; the trust
// list holds the public keys of the issuing bodies. After one visit `verify-worker.js` keeps page, keys and lists on this device.

/** Reads the few kinds of CBOR that a code of ours holds; throws on anything else and on bytes left over. */
export function cbor(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count) => {
    if (at + count > bytes.length) throw new Error("cut off");
    at += count;
    return at - count;
  };
  const size = (low) => {
    if (low < 24) return low;
    if (low === 24) return view.getUint8(take(1));
    if (low === 25) return view.getUint16(take(2));
    if (low === 26) return view.getUint32(take(4));
    throw new Error("too long");
  };
  const item = (depth) => {
    if (depth > 6) throw new Error("too deep");
    const first = view.getUint8(take(1));
    const [kind, low] = [first >> 5, first & 31];
    if (kind === 7) {
      if (low === 22) return null;
      throw new Error("unexpected value");
    }
    const n = size(low);
    switch (kind) {
      case 0: return n;
      case 1: return -1 - n;
      case 2: { const from = take(n); return bytes.slice(from, from + n); }
      case 3: { const from = take(n); return new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice(from, from + n)); }
      case 4: { const list = []; for (let i = 0; i < n; i += 1) list.push(item(depth + 1)); return list; }
      case 5: { const map = new Map(); for (let i = 0; i < n; i += 1) { const key = item(depth + 1); map.set(key, item(depth + 1)); } return map; }
      default: return { tag: n, value: item(depth + 1) };
    }
  };
  const value = item(0);
  if (at !== bytes.length) throw new Error("bytes left over");
  return value;
}

function unbase64url(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error("not base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const day = (count) => (count === null ? null : new Date(count * 86400000).toISOString().slice(0, 10));

const bstrHead = (n) => (n < 24 ? [0x40 | n] : n < 256 ? [0x58, n] : [0x59, n >> 8, n & 255]);
const bstr = (bytes) => [...bstrHead(bytes.length), ...bytes];

/** Today as a legal day of Asia/Shanghai. */
function today() {
  return new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 10);
}

/** Whether this key signed these bytes along with `aad` (RFC 9052 §4.4). */
async function fits(key, aad, protectedBytes, payload, signature) {
  const message = new Uint8Array([0x84, 0x6a, ...new TextEncoder().encode("Signature1"), ...bstr(protectedBytes), ...bstr(aad), ...bstrHead(payload.length)]);
  const whole = new Uint8Array(message.length + payload.length);
  whole.set(message);
  whole.set(payload, message.length);
  const spki = Uint8Array.from(atob(key.spki), (c) => c.charCodeAt(0));
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const publicKey = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, publicKey, signature, whole);
}

/** Takes a COSE_Sign1 of ours apart; throws when it is none, or when its map has not `size` entries. */
function cose(bytes, size) {
  const sign1 = cbor(bytes);
  if (sign1.tag !== 18 || sign1.value.length !== 4) throw new Error("not COSE_Sign1");
  const [protectedBytes, unprotected, payload, signature] = sign1.value;
  const header = cbor(protectedBytes);
  if (header.get(1) !== -7 || header.size !== 2 || unprotected.size !== 0 || signature.length !== 64) throw new Error("header");
  const map = cbor(payload);
  if (map.size !== size) throw new Error("claims");
  return { protectedBytes, payload, signature, kid: hex(header.get(4)), map };
}

/** `text`: the address or what stands behind its #. Answers `{ok, reason, claims}`; `reason` names the failed check. */
export async function check(text, trust) {
  let code;
  try {
    code = cose(unbase64url(text.slice(text.lastIndexOf("#") + 1).trim()), 10);
  } catch {
    return { ok: false, reason: "unreadable" };
  }
  const { map } = code;
  const key = trust.keys.find((own) => own.kid === code.kid);
  if (!key) return { ok: false, reason: "untrusted" };
  if (!await fits(key, [], code.protectedBytes, code.payload, code.signature)) return { ok: false, reason: "signature" };
  const [list, index] = map.get(10);
  const claims = {
    identifier: `1.2.156.3005.2.${map.get(2)}.${map.get(5)}.${map.get(1)}`,
    holder: map.get(3), code: map.get(4), issuer: key.name, issuerCode: map.get(5),
    issued: day(map.get(6)), from: day(map.get(7)), to: day(map.get(8)), digest: hex(map.get(9)), list, index,
  };
  if (key.code !== claims.issuerCode) return { ok: false, reason: "issuer" };
  if (claims.issued < key.not_before || claims.issued > key.not_after || claims.issued > today()) return { ok: false, reason: "date" };
  const covers = claims.from <= today() && (claims.to === null || today() <= claims.to);
  return { ok: true, reason: covers ? "" : "over", claims };
}

const AAD = new TextEncoder().encode("yichuang.status-list.1");
/** Places in a list; each takes two bits, the lowest pair of a byte first. */
const PLACES = 131072;
const STATES = ["valid", "suspended", "ended", "superseded"];
/** Seconds by which the clocks of this device and of the city may differ. */
const TOLERANCE = 300;

async function unpack(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const parts = [];
  let length = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > PLACES / 4) throw new Error("too long");
    parts.push(value);
  }
  if (length !== PLACES / 4) throw new Error("too short");
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * What a signed status list says about a licence: `{state, asOf, fresh}`, or null when the list is none of a trusted body. `fresh` is
 * false once the list has run out, and also on a device whose clock is behind the list.
 */
export async function standing(bytes, claims, trust, now = Date.now() / 1000) {
  try {
    const list = cose(bytes, 4);
    const key = trust.keys.find((own) => own.kid === list.kid);
    if (!key || !await fits(key, AAD, list.protectedBytes, list.payload, list.signature)) return null;
    const [name, asOf, until, packed] = [1, 2, 3, 4].map((own) => list.map.get(own));
    const signed = day(Math.floor((asOf + 8 * 3600) / 86400));
    if (name !== claims.list || claims.index >= PLACES || signed < key.not_before || signed > key.not_after) return null;
    const bits = await unpack(packed);
    const state = STATES[(bits[claims.index >> 2] >> (2 * (claims.index % 4))) & 3];
    return { state, asOf, fresh: now <= until && now >= asOf - TOLERANCE };
  } catch {
    return null;
  }
}

let list = null;
async function trustList(address) {
  list ??= fetch(address, { credentials: "omit" }).then((answer) => { if (!answer.ok) throw new Error(); return answer.json(); });
  return list;
}

/** Asks for the status list that the code names; null where neither the city nor this device has it. */
async function look(claims, trust) {
  try {
    const answer = await fetch(`/trust/status/${encodeURIComponent(claims.list)}`, { credentials: "omit" });
    return answer.ok ? await standing(new Uint8Array(await answer.arrayBuffer()), claims, trust) : null;
  } catch {
    return null;
  }
}

/**
 * The one word about a code that is genuine. What has ended never counts again, so an old list is enough for that; for everything
 * else a list that has run out says nothing about today.
 */
export function verdict(reason, found) {
  if (found && ["ended", "superseded"].includes(found.state)) return found.state;
  if (reason === "over") return "over";
  if (!found || !found.fresh) return "stale";
  return found.state === "suspended" ? "suspended" : "good";
}

const moment = (seconds) => new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 16).replace("T", " ");
const capital = (word) => word[0].toUpperCase() + word.slice(1);

async function show(box, text) {
  const words = box.dataset;
  let [result, found] = [null, null];
  try {
    const trust = await trustList(words.trust);
    result = await check(text, trust);
    if (result.ok) found = await look(result.claims, trust);
  } catch {
    result = { ok: false, reason: "list" };
  }
  // The page's own licence: the code must be about the same one.
  if (result.ok && words.identifier && (words.identifier !== result.claims.identifier || words.digest !== result.claims.digest)) {
    result = { ok: false, reason: "other" };
  }
  const state = !result.ok ? (result.reason === "list" ? "unknown" : "bad") : verdict(result.reason, found);
  box.dataset.state = state;
  box.hidden = false;
  const part = (name) => box.querySelector(`[data-part="${name}"]`);
  part("word").textContent = words[`word${capital(state)}`];
  const reason = result.ok && result.reason === "" ? "fine" : result.reason;
  const lines = [words[`reason${capital(reason)}`] ?? ""];
  if (result.ok && state === "stale") {
    lines.push(found ? words.asOfUnknown.replace("@", moment(found.asOf)) : words.noList);
  } else if (found) {
    lines.push(words.asOf.replace("@", moment(found.asOf)));
  }
  part("reason").textContent = lines.join(" ");
  const facts = part("facts");
  facts.replaceChildren();
  if (result.ok) {
    const { claims } = result;
    const period = `${claims.from} — ${claims.to ?? words.forever}`;
    for (const [label, value] of [[words.holder, claims.holder], [words.code, claims.code], [words.issuer, claims.issuer], [words.period, period]]) {
      const row = document.createElement("div");
      row.className = "facts__row";
      const [key, text] = [document.createElement("dt"), document.createElement("dd")];
      key.textContent = label;
      text.textContent = value;
      row.append(key, text);
      facts.append(row);
    }
  }
}

/** Dropping a file anywhere on the form is choosing it. */
function watchDrops(form) {
  const input = form.elements.file;
  if (!input) return;
  const over = (on) => form.classList.toggle("form--drop", on);
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  form.addEventListener("dragleave", () => over(false));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

const box = document.querySelector("[data-qr-check]");
if (box) {
  if (location.hash.length > 40) show(box, location.hash);
  const form = document.querySelector("form[data-qr-form]");
  // The page without a network has nobody to send a form to.
  const alone = form?.dataset.qrForm === "alone";
  if (alone) form.hidden = false;
  if (form) watchDrops(form);
  form?.addEventListener("submit", (event) => {
    const text = form.elements.what.value.trim();
    const chosen = form.elements.file?.files.length > 0;
    // Only a code can be checked here; addresses and files are the server's business.
    if (!alone && (chosen || !text.includes("#"))) return;
    event.preventDefault();
    show(box, text).then(() => box.focus());
  });
  // Where the browser keeps nothing, in a private window for instance, the check needs a network.
  navigator.serviceWorker?.register("/verify-worker.js", { scope: "/v" }).catch(() => {});
}
