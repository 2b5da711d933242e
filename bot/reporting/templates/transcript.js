"use strict";
(() => {
  const form = document.getElementById("search");
  const field = document.getElementById("words");
  const told = document.getElementById("found");
  const unfold = document.getElementById("unfold");
  const parts = [...document.querySelectorAll("#conversation > section")];
  const folds = [...document.querySelectorAll("details.thread")];
  const openAtFirst = new Set(folds.filter((one) => one.open));
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let posts = null;

  const setFolds = () => {
    const all = unfold.getAttribute("aria-pressed") === "true";
    for (const one of folds) one.open = all || openAtFirst.has(one);
  };

  const show = (matches, searching) => {
    for (const part of parts) {
      for (const item of part.querySelectorAll(".talk > li")) item.hidden = searching;
      for (const head of part.querySelectorAll("h3")) head.hidden = searching;
      part.hidden = searching && !matches.some((one) => part.contains(one));
    }
    for (const one of searching ? matches : []) {
      for (let item = one.closest("li"); item; item = item.parentElement.closest(".talk > li")) item.hidden = false;
      const fold = one.closest("details.thread");
      if (fold) fold.open = true;
    }
  };

  const search = () => {
    posts ??= [...document.querySelectorAll("#conversation .post")].map((one) => [one, plain(one.textContent)]);
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const matches = posts.filter(([, text]) => words.every((word) => text.includes(word))).map(([one]) => one);
    setFolds();
    show(matches, words.length > 0);
    const said = matches.length === 0 ? form.dataset.none : matches.length === 1 ? form.dataset.one : form.dataset.many;
    told.textContent = words.length === 0 ? "" : said.replace("{number}", matches.length);
  };

  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  unfold.addEventListener("click", () => {
    unfold.setAttribute("aria-pressed", String(unfold.getAttribute("aria-pressed") !== "true"));
    search();
  });
  addEventListener("hashchange", () => {
    if (field.value && document.querySelector(":target")?.closest("[hidden]")) {
      field.value = "";
      search();
      document.querySelector(":target").scrollIntoView();
    }
  });
  form.hidden = false;
})();
