// On a form that somebody has typed into, a change of type size, contrast or theme must not reload the page. Then the
// choice is made in place; in all other cases the link goes to the server, which sets the same cookie and comes back.

const kinds = {
  standard: ["size", "elder"], elder: ["size", "standard"],
  normal: ["contrast", "high"], high: ["contrast", "normal"],
};

export function watchDisplayLinks() {
  document.addEventListener("input", (event) => event.target.form?.setAttribute("data-dirty", ""));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='/display?set='][data-other]");
    if (!link || !document.querySelector("form[data-dirty]")) return;
    const address = new URL(link.href);
    const word = address.searchParams.get("set");
    const kind = kinds[word];
    if (!kind) return;
    event.preventDefault();
    const root = document.documentElement;
    root.dataset[kind[0]] = word;
    const { size, contrast, theme } = root.dataset;
    const lang = root.lang.startsWith("en") ? "en" : "zh";
    document.cookie = `display=${[lang, size, contrast, theme].join(".")}; path=/; max-age=31536000; samesite=lax`;
    // The link now leads back.
    address.searchParams.set("set", kind[1]);
    link.href = address.pathname + address.search;
    const words = link.querySelector("span");
    [words.textContent, link.dataset.other] = [link.dataset.other, words.textContent];
  });
}
