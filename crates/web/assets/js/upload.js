// Sends files by tus 1.0 in pieces, shows the progress, and goes on where it stopped after a lost connection or a
// reload. A finished upload becomes a hidden field `<name>.upload`; the form is then submitted or saved as usual.

const piece = 512 * 1024;
const version = { "Tus-Resumable": "1.0.0" };

export function watchUploads() {
  for (const box of document.querySelectorAll("[data-upload]")) watch(box);
}

function watch(box) {
  const input = box.querySelector("input[type=file]");
  const drop = box.querySelector(".upload__drop");
  // The form must not send the file a second time.
  const name = box.dataset.name;
  input.removeAttribute("name");
  input.addEventListener("change", () => { for (const file of input.files) start(box, name, file); input.value = ""; });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.dataset.over = ""; });
  drop.addEventListener("dragleave", () => { delete drop.dataset.over; });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    delete drop.dataset.over;
    for (const file of event.dataTransfer.files) start(box, name, file);
  });
}

function row(box, file) {
  const item = document.createElement("li");
  item.className = "upload__file";
  const icon = box.querySelector(".upload__picture .i").cloneNode(true);
  const title = document.createElement("span");
  title.className = "upload__name";
  title.textContent = file.name;
  const state = document.createElement("span");
  state.className = "upload__state num";
  const bar = document.createElement("progress");
  bar.max = Math.max(file.size, 1);
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(icon, title, state, bar);
  if (!("many" in box.dataset)) box.querySelector("[data-files]").replaceChildren();
  box.querySelector("[data-files]").append(item);
  return { item, state, bar };
}

function show(box, view, state, words) {
  view.item.dataset.state = state;
  view.state.textContent = words;
  if (state !== "sending") box.querySelector("[data-upload-status]").textContent = `${view.bar.getAttribute("aria-label")} ${words}`;
}

function key(box, name, file) {
  return ["upload", location.pathname, name, file.name, file.size, file.lastModified].join("|");
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function csrf(box) {
  return box.closest("form")?.querySelector("input[name=csrf]")?.value ?? "";
}

async function create(box, file) {
  const answer = await fetch(box.dataset.endpoint, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      ...version,
      "Upload-Length": String(file.size),
      "Upload-Metadata": `filename ${base64(file.name)},filetype ${base64(file.type || "application/octet-stream")}`,
      "X-CSRF-Token": csrf(box),
    },
  });
  if (answer.status !== 201) throw new Refused(answer.status);
  return new URL(answer.headers.get("Location"), location.href).pathname;
}

class Refused extends Error {}

async function offset(address) {
  const answer = await fetch(address, { method: "HEAD", headers: version, credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Refused(answer.status);
  return Number(answer.headers.get("Upload-Offset"));
}

async function send(box, address, file, from, moved) {
  let at = from;
  while (at < file.size) {
    const answer = await fetch(address, {
      method: "PATCH",
      credentials: "same-origin",
      headers: { ...version, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream", "X-CSRF-Token": csrf(box) },
      body: file.slice(at, at + piece),
    });
    if (answer.status === 409) at = await offset(address);
    else if (!answer.ok) throw new Refused(answer.status);
    else at = Number(answer.headers.get("Upload-Offset"));
    moved(at);
  }
}

function online() {
  return new Promise((go) => {
    const timer = setTimeout(go, 4000);
    window.addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });
}

async function start(box, name, file) {
  const words = box.dataset;
  const view = row(box, file);
  if (Number(words.max) > 0 && file.size > Number(words.max)) return show(box, view, "failed", words.wordsTooBig);
  const memory = key(box, name, file);
  const moved = (at) => {
    view.bar.value = at;
    show(box, view, "sending", `${words.wordsSending} ${Math.floor((at / Math.max(file.size, 1)) * 100)}%`);
  };
  let address = localStorage.getItem(memory);
  for (;;) {
    try {
      let from = 0;
      if (address) {
        from = await offset(address);
        show(box, view, "sending", words.wordsResumed);
      } else {
        address = await create(box, file);
        localStorage.setItem(memory, address);
      }
      moved(from);
      await send(box, address, file, from, moved);
      break;
    } catch (error) {
      if (error instanceof Refused) {
        localStorage.removeItem(memory);
        // An address from an earlier visit may have expired: begin anew once.
        if (address && Number(error.message) === 404) { address = null; continue; }
        return show(box, view, "failed", words.wordsFailed);
      }
      show(box, view, "waiting", words.wordsWaiting);
      await online();
    }
  }
  localStorage.removeItem(memory);
  finish(box, name, view, address);
}

function finish(box, name, view, address) {
  const words = box.dataset;
  view.bar.remove();
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = `${name}.upload`;
  field.value = decodeURIComponent(address.split("/").pop());
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button button--plain button--small";
  remove.textContent = words.wordsRemove;
  // Several files have a button each: read out, it names its own.
  const whose = document.createElement("span");
  whose.className = "vh";
  whose.textContent = ` ${view.bar.getAttribute("aria-label")}`;
  remove.append(whose);
  remove.addEventListener("click", () => {
    view.item.remove();
    box.closest("form")?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  view.item.append(field, remove);
  show(box, view, "done", words.wordsDone);
  box.closest("form")?.dispatchEvent(new Event("change", { bubbles: true }));
}
