// Earlier answers, where they belong. Without this script they are on a page of their own.
"use strict";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-earlier]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const older = parse(await (await load(link.href)).text());
    const row = link.closest(".more");
    const next = older.querySelector("a[data-earlier]");
    const first = older.querySelector(".talk .entry");
    still(() => {
      for (const entry of older.querySelectorAll(".talk .entry")) {
        const node = document.importNode(entry, true);
        put(node, link.dataset.earlier);
        node.classList.remove("new");
      }
      if (next) swap(link, next); else row.remove();
    });
    if (first) { find(first.id).tabIndex = -1; find(first.id).focus(); }
  } catch { location.href = link.href; }
});
