// What somebody is writing is kept in their browser until it is posted: through a reload, a closed tab, a lost network.
// It never leaves the browser by this, and is dropped after three days, or when somebody leaves the chat.
"use strict";
const DRAFT = "convenor draft ";
const OLD = 3 * 24 * 3600 * 1000; // milliseconds

const drafts = {
  read(name) {
    try { return JSON.parse(localStorage.getItem(DRAFT + name)) || {}; } catch { return {}; }
  },
  // Where a browser keeps nothing, as in a private window that forbids it, writing goes on without.
  save(name, draft) {
    try {
      if (draft.text?.trim() || draft.reply) localStorage.setItem(DRAFT + name, JSON.stringify({ ...draft, at: Date.now() }));
      else localStorage.removeItem(DRAFT + name);
    } catch { /* see above */ }
  },
  drop(old = 0) {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(DRAFT) && Date.now() - (drafts.read(key.slice(DRAFT.length)).at || 0) >= old) localStorage.removeItem(key);
      }
    } catch { /* see above */ }
  },
};
drafts.drop(OLD);

// A form without a script of its own. `was` is the text before: once it is saved, the page shows another one, or says
// in its address that something was posted.
function keepText(field) {
  const name = field.dataset.draft;
  if (new URLSearchParams(location.search).has("posted")) drafts.save(name, {});
  const draft = drafts.read(name);
  const was = field.defaultValue;
  if (draft.was === was) field.value = draft.text; else drafts.save(name, {});
  if (field.value !== was) field.closest("details")?.setAttribute("open", "");
  field.addEventListener("input", () => drafts.save(name, { text: field.value, was }));
}

for (const field of document.querySelectorAll("textarea[data-draft]")) keepText(field);
// Whoever leaves may leave the computer to others.
for (const form of document.querySelectorAll("form[action$='/leave'], form[action$='/out']")) form.addEventListener("submit", () => drafts.drop());
