// Single keys at the desk: j and k walk along a list, n and p go to the next and previous case, m to the next material
// without a verdict, y and x give it, and the letter beside an action opens it. Without this script the browser's access
// keys do the same. The keys can be turned off (WCAG 2.1.4), and never act while somebody types.

const off = () => localStorage.getItem("desk-keys") === "off";
const typing = (element) =>
  element.closest("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");

function walk(step) {
  const links = [...document.querySelectorAll("main [data-queue] a, [data-queue] a")];
  if (links.length === 0) return;
  const here = links.indexOf(document.activeElement);
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  const from = here >= 0 ? here : current >= 0 ? current : step > 0 ? -1 : links.length;
  links[Math.min(Math.max(from + step, 0), links.length - 1)].focus();
}

function material() {
  const boxes = [...document.querySelectorAll("[data-verdict]")];
  const open = boxes.filter((box) => !box.querySelector("input:checked"));
  const next = open[0] ?? boxes[0];
  next?.querySelector("input").focus();
  next?.closest(".scan")?.scrollIntoView({ block: "nearest" });
}

// In order: on to the next one. Defective: say what is wrong.
function judge(word) {
  const box = document.activeElement?.closest("[data-verdict]");
  if (!box) return false;
  const choice = box.querySelector(`input[value=${word}]`);
  choice.checked = true;
  choice.focus();
  if (word === "bad") {
    box.querySelector("textarea").focus();
    return true;
  }
  const open = [...document.querySelectorAll("[data-verdict]")].find((other) => !other.querySelector("input:checked"));
  if (open) material();
  else document.querySelector("[data-key=v]")?.focus();
  return true;
}

function act(target) {
  if (target.matches("input")) return target.focus();
  if (!target.matches("summary")) return target.click();
  const details = target.parentElement;
  const opened = !details.open || details.matches(".act");
  details.open = opened;
  if (!opened) return target.focus();
  const field = details.querySelector(".act__body input:not([type=hidden]), .act__body textarea, .act__body select, .act__go button");
  (field ?? target).focus();
  details.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || off()) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const known = {
    j: () => walk(1),
    k: () => walk(-1),
    m: material,
    y: () => judge("ok"),
    x: () => judge("bad"),
  }[event.key];
  const target = [...document.querySelectorAll("[data-key]")].find((own) => own.dataset.key === event.key);
  if (!known && !target) return;
  event.preventDefault();
  if (known) known();
  else act(target);
});

const button = document.querySelector("[data-keys-switch]");
if (button) {
  const show = () => {
    button.textContent = off() ? button.dataset.on : button.dataset.off;
    document.documentElement.toggleAttribute("data-keys", !off());
  };
  button.addEventListener("click", () => {
    localStorage.setItem("desk-keys", off() ? "on" : "off");
    show();
  });
  show();
}
