// A form that is being filled in is kept on the server a moment after each change, so that another device goes on from
// there. Without this script it is kept whenever a button is pressed.
"use strict";
const translations = JSON.parse(document.body.dataset.words || "{}");
const _ = (text) => translations[text] || text;
const form = document.getElementById("kept-form");
const kept = document.getElementById("kept");
const PAUSE = 1500; // milliseconds after the last key
let waiting = 0, sending = null, again = false;

async function keep() {
  clearTimeout(waiting);
  waiting = 0;
  if (sending) { again = true; return; }
  const fields = new FormData(form);
  fields.delete("file");
  const body = new URLSearchParams(fields);
  try {
    sending = fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: body.toString().length < 60000 });
    const answer = await sending;
    const found = await answer.json();
    if (answer.ok) {
      form.elements.revision.value = found.revision;
      kept.textContent = _("Kept.");
      const discard = document.getElementById("discard");
      if (discard) discard.hidden = !found.revision;
    } else {
      kept.textContent = found.problem;
    }
  } catch {
    kept.textContent = _("Not kept yet: there is no connection. Leave this page open.");
  } finally {
    sending = null;
    if (again) { again = false; keep(); }
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  kept.textContent = "";
  waiting = setTimeout(keep, PAUSE);
});
// What was typed before this script had come.
if ([...form.elements].some((one) => one.type !== "hidden" && "defaultValue" in one && one.value !== one.defaultValue)) waiting = setTimeout(keep, PAUSE);
addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && waiting) keep(); });
// A button waits for what is under way, so that the form that it sends has the newest revision.
form.addEventListener("submit", (event) => {
  clearTimeout(waiting);
  waiting = again = 0;
  if (!sending) return;
  event.preventDefault();
  sending.finally(() => setTimeout(() => form.requestSubmit(event.submitter)));
});
