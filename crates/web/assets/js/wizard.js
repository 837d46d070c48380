// On a step of an application: when an answer decides which questions follow, the questions are drawn anew at once.
// Without this script the next page does it: "continue" comes back with the questions that were added.

const form = document.querySelector("form[data-controls]");
if (form) {
  const controls = form.dataset.controls.split(" ").filter(Boolean);
  form.addEventListener("change", async (event) => {
    if (!controls.includes(event.target.name)) return;
    const data = new URLSearchParams(new FormData(form));
    data.set("do", "redraw");
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-questions]");
    const place = form.querySelector("[data-questions]");
    if (!fresh || !place) return;
    const focused = document.activeElement?.id;
    const before = place.querySelectorAll("[data-asks]").length;
    place.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus();
    const more = place.querySelectorAll("[data-asks]").length - before;
    const status = form.querySelector("[data-grown]");
    if (status) status.textContent = more > 0 ? status.dataset.grown : "";
  });
}
