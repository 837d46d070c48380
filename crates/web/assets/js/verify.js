// Checks the QR code of a licence in the browser: what stands behind # in the address never leaves this machine.
// The code is a COSE_Sign1 (RFC 9052) with ES256; the trust list holds the public keys of the issuing bodies.

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

function bstr(bytes) {
  const n = bytes.length;
  const head = n < 24 ? [0x40 | n] : n < 256 ? [0x58, n] : [0x59, n >> 8, n & 255];
  return [...head, ...bytes];
}

/** Today as a legal day of Asia/Shanghai. */
function today() {
  return new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 10);
}

/** `text`: the address or what stands behind its #. Answers `{ok, reason, claims}`; `reason` names the failed check. */
export async function check(text, trust) {
  let protectedBytes, payload, signature, kid, map;
  try {
    const cose = cbor(unbase64url(text.slice(text.lastIndexOf("#") + 1).trim()));
    if (cose.tag !== 18 || cose.value.length !== 4) throw new Error("not COSE_Sign1");
    let unprotected;
    [protectedBytes, unprotected, payload, signature] = cose.value;
    const header = cbor(protectedBytes);
    kid = header.get(4);
    if (header.get(1) !== -7 || header.size !== 2 || unprotected.size !== 0 || signature.length !== 64) throw new Error("header");
    map = cbor(payload);
    if (map.size !== 10) throw new Error("claims");
  } catch {
    return { ok: false, reason: "unreadable" };
  }
  const key = trust.keys.find((own) => own.kid === hex(kid));
  if (!key) return { ok: false, reason: "untrusted" };
  const message = new Uint8Array([0x84, 0x6a, ...new TextEncoder().encode("Signature1"), ...bstr(protectedBytes), 0x40, ...bstr(payload)]);
  const spki = Uint8Array.from(atob(key.spki), (c) => c.charCodeAt(0));
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const publicKey = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  const fits = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, publicKey, signature, message);
  if (!fits) return { ok: false, reason: "signature" };
  const claims = {
    identifier: `1.2.156.3005.2.${map.get(2)}.${map.get(5)}.${map.get(1)}`,
    holder: map.get(3), code: map.get(4), issuer: key.name, issuerCode: map.get(5),
    issued: day(map.get(6)), from: day(map.get(7)), to: day(map.get(8)), digest: hex(map.get(9)),
  };
  if (key.code !== claims.issuerCode) return { ok: false, reason: "issuer" };
  if (claims.issued < key.not_before || claims.issued > key.not_after || claims.issued > today()) return { ok: false, reason: "date" };
  const covers = claims.from <= today() && (claims.to === null || today() <= claims.to);
  return { ok: true, reason: covers ? "" : "over", claims };
}

let list = null;
async function trustList(address) {
  list ??= fetch(address, { credentials: "omit" }).then((answer) => { if (!answer.ok) throw new Error(); return answer.json(); });
  return list;
}

async function show(box, text) {
  const words = box.dataset;
  let result;
  try {
    result = await check(text, await trustList(words.trust));
  } catch {
    result = { ok: false, reason: "list" };
  }
  // The page's own licence: the code must be about the same one.
  if (result.ok && words.identifier && (words.identifier !== result.claims.identifier || words.digest !== result.claims.digest)) {
    result = { ok: false, reason: "other" };
  }
  const state = !result.ok ? (result.reason === "list" ? "unknown" : "bad") : result.reason === "over" ? "over" : "good";
  box.dataset.state = state;
  box.hidden = false;
  const part = (name) => box.querySelector(`[data-part="${name}"]`);
  part("word").textContent = words[`word${state[0].toUpperCase()}${state.slice(1)}`];
  const reason = result.reason === "" ? "fine" : result.reason;
  part("reason").textContent = words[`reason${reason[0].toUpperCase()}${reason.slice(1)}`] ?? "";
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

const box = document.querySelector("[data-qr-check]");
if (box) {
  if (location.hash.length > 40) show(box, location.hash);
  const form = document.querySelector("form[data-qr-form]");
  form?.addEventListener("submit", (event) => {
    const text = form.elements.what.value.trim();
    const chosen = form.elements.file?.files.length > 0;
    // Only a code can be checked here; addresses and files are the server's business.
    if (chosen || !text.includes("#")) return;
    event.preventDefault();
    show(box, text).then(() => box.focus());
  });
}
