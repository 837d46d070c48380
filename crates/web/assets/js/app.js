// Entry of our scripts. Pages work without them; each module makes one thing quicker and is loaded only where needed.
import { watchDisplayLinks } from "./prefs.js";
import { watchCopyButtons } from "./copy.js";

const root = document.documentElement;
root.dataset.js = "";
watchDisplayLinks();
watchCopyButtons();

// The error summary takes the focus, so that a screen reader reads it and the keyboard starts there.
document.querySelector("[data-focus]")?.focus();
for (const link of document.querySelectorAll(".errors a[href^='#']")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus({ preventScroll: true });
    (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
  });
}

// Menus close when one leaves them.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

if (document.querySelector("[data-upload]")) import("./upload.js").then(({ watchUploads }) => watchUploads());
if (document.querySelector("[data-screen]")) import("./screen.js").then(({ watchScreen }) => watchScreen());
if (document.querySelector("[data-kiosk], [data-kiosk-connect], [data-kiosk-enrol]")) import("./kiosk.js").then(({ watchKiosk }) => watchKiosk());
if (document.querySelector("form[data-autosave]")) import("./autosave.js").then(({ watchForms }) => watchForms());

// Forms for passkeys show themselves now, where the browser can do it: later they would push away what somebody is about to press.
// A passkey belongs to one domain; under another name of this machine the browser would refuse it.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || location.hostname !== form.dataset.party) continue;
  form.hidden = false;
  for (const none of document.querySelectorAll("[data-passkey-none]")) none.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    (await import("./passkey.js")).ask(form);
  });
}
