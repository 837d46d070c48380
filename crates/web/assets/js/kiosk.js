// A registered device. <body data-kiosk="ID" data-idle="90" data-warn="20" data-beat="60"> is a page in the frame of a kiosk: it says
// that it is alive, and when nobody touches it for a while it asks, then ends the visit and forgets everything.
// <form data-kiosk-enrol> makes the device's key, which never leaves this browser; <form data-kiosk-connect> proves it again.
const keeper = () =>
  new Promise((done, failed) => {
    const opened = indexedDB.open("yichuang-terminal", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("keys");
    opened.onsuccess = () => done(opened.result);
    opened.onerror = () => failed(opened.error);
  });

const ask = async (mode, work) => {
  const keys = await keeper();
  try {
    return await new Promise((done, failed) => {
      const asked = work(keys.transaction("keys", mode).objectStore("keys"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  } finally {
    keys.close();
  }
};
const kept = () => ask("readonly", (keys) => keys.get("own"));
const keep = (own) => ask("readwrite", (keys) => keys.put(own, "own"));

const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const sign = async (key, words) =>
  text(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, new TextEncoder().encode(words)));

export function watchKiosk() {
  const enrolling = document.querySelector("form[data-kiosk-enrol]");
  const connecting = document.querySelector("form[data-kiosk-connect]");
  if (enrolling) enrolling.addEventListener("submit", (event) => enrol(event, enrolling));
  if (connecting) connect(connecting);
  if (document.body.dataset.kiosk) frame(document.body.dataset);
}

async function enrol(event, form) {
  event.preventDefault();
  const status = form.querySelector("[role=status]");
  try {
    const usage = { name: "ECDSA", namedCurve: "P-256" };
    const { publicKey, privateKey } = await crypto.subtle.generateKey(usage, false, ["sign"]);
    // As the server reads it: capitals, without signs that only make it readable.
    const code = form.elements.code.value.replace(/[^0-9a-z]/gi, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
    form.elements.key.value = text(await crypto.subtle.exportKey("spki", publicKey));
    form.elements.signature.value = await sign(privateKey, `yichuang-device-enrol.${code}`);
    await keep({ device: "", privateKey });
    form.submit();
  } catch {
    status.textContent = form.dataset.failed;
  }
}

// Comes back by itself after a restart, once: a device that was revoked is told so and waits.
async function connect(form) {
  try {
    const own = await kept();
    if (!own?.device) return;
    const answer = await fetch("/kiosk/challenge", { method: "POST", credentials: "same-origin" });
    if (!answer.ok) return;
    const { challenge } = await answer.json();
    form.elements.device.value = own.device;
    form.elements.challenge.value = challenge;
    form.elements.signature.value = await sign(own.privateKey, `yichuang-device-session.${challenge}`);
    form.submit();
  } catch {
    // No key here: somebody types a code.
  }
}

function frame({ kiosk, idle, warn, beat }) {
  kept().then((own) => own && own.device !== kiosk && keep({ ...own, device: kiosk })).catch(() => {});
  const dialog = document.querySelector("[data-idle-dialog]");
  const left = dialog.querySelector("[data-left]");
  const end = dialog.querySelector("[data-end]");
  // The first page, where nobody has begun nor chosen another display, has nothing to forget.
  const chosen = document.cookie.includes("display=");
  const fresh = location.pathname === "/kiosk" && !("person" in document.body.dataset) && !chosen;
  let touched = Date.now();
  let over = false;

  const forget = () => {
    if (over) return;
    over = true;
    sessionStorage.clear();
    localStorage.clear();
    end.submit();
  };
  const touch = () => {
    if (!dialog.open) touched = Date.now();
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll", "touchstart"]) {
    addEventListener(kind, touch, { capture: true, passive: true });
  }
  dialog.querySelector("[data-stay]").addEventListener("click", () => {
    touched = Date.now();
    dialog.close();
  });
  dialog.addEventListener("cancel", () => (touched = Date.now()));
  setInterval(() => {
    const quiet = (Date.now() - touched) / 1000;
    if (fresh || quiet < Number(idle)) return;
    if (!dialog.open) {
      dialog.showModal();
      dialog.querySelector("[data-stay]").focus();
    }
    const rest = Math.ceil(Number(idle) + Number(warn) - quiet);
    left.textContent = Math.max(rest, 0);
    if (rest <= 0) forget();
  }, 500);

  // Links leave no trail: the button "back" finds nothing of the visit before. What it brings from memory is fetched anew.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || link.hasAttribute("download") || event.defaultPrevented) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    location.replace(link.href);
  });
  const [entry] = performance.getEntriesByType("navigation");
  const returned = () => location.pathname !== "/kiosk" && !("person" in document.body.dataset);
  if (entry?.type === "back_forward" && returned()) location.replace("/kiosk");
  addEventListener("pageshow", (event) => event.persisted && location.replace("/kiosk"));

  const say = async () => {
    const body = new URLSearchParams({ csrf: end.elements.csrf.value });
    try {
      const answer = await fetch("/kiosk/beat", { method: "POST", credentials: "same-origin", body });
      if (answer.status === 404) location.replace("/kiosk");
    } catch {
      // Without a network nothing can be said; the watch notices the silence.
    }
  };
  setInterval(say, Number(beat) * 1000);

  for (const button of document.querySelectorAll("[data-print-frame]")) {
    button.addEventListener("click", () => document.querySelector("iframe[data-paper]").contentWindow.print());
  }
  const waiting = document.querySelector("form[data-kiosk-wait]");
  if (waiting) wait(waiting);
}

// Until the person has said yes on the phone.
async function wait(form) {
  const body = () => new URLSearchParams(new FormData(form));
  for (;;) {
    await new Promise((done) => setTimeout(done, 1500));
    try {
      const answer = await fetch("/kiosk/sign-in/state", { method: "POST", credentials: "same-origin", body: body() });
      if (answer.ok && (await answer.json()).accepted) return form.submit();
      if (!answer.ok && answer.status !== 429) return;
    } catch {
      // Tried again.
    }
  }
}
