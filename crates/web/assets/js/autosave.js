// Saves a form while it is being filled in: <form data-autosave="/apply/123/save"> with an element
// <p data-saved data-saved-words="已保存" data-failed-words="还没存上，恢复网络后会再试" role="status">.
// The server gets the same fields as on submit, plus `do=autosave`, and answers 2xx.

const pause = 900;

export function watchForms() {
  for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);
}

function watch(form) {
  const status = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  let timer = 0;
  let running = false;
  let again = false;
  // Whether something was changed that is not on its way yet.
  let pending = false;

  const say = (state, words) => {
    if (!status) return;
    status.dataset.state = state;
    status.textContent = words;
  };

  function post(keepalive) {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("do", "autosave");
    pending = false;
    return fetch(form.dataset.autosave, {
      method: "POST", body: new URLSearchParams(data), credentials: "same-origin", redirect: "error", keepalive,
    });
  }

  async function save() {
    if (running) { again = true; return; }
    running = true;
    try {
      const answer = await post(false);
      if (!answer.ok) throw new Error(String(answer.status));
      const now = new Date();
      const clock = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
      say("saved", `${status?.dataset.savedWords ?? ""} ${clock}`);
      form.removeAttribute("data-dirty");
    } catch {
      say("failed", status?.dataset.failedWords ?? "");
      clearTimeout(timer);
      timer = setTimeout(save, 10000);
    } finally {
      running = false;
      if (again) { again = false; save(); }
    }
  }

  const later = () => { pending = true; clearTimeout(timer); timer = setTimeout(save, pause); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("online", () => { if (status?.dataset.state === "failed") save(); });
  form.addEventListener("submit", () => { pending = false; clearTimeout(timer); });
  // Whoever leaves at once keeps what was just typed or uploaded: the browser finishes this request without the page.
  window.addEventListener("pagehide", () => { if (pending) post(true).catch(() => {}); });
}
