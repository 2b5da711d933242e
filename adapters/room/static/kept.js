// Forms of the host's page that are half written are kept on the server, a moment after each change, until they are
// sent: through a reload, a restart, and for another device that opened the same link.
"use strict";

(() => {
  const WAIT = 1500; // milliseconds after the last key
  const at = document.body.dataset.kept;

  function watch(form) {
    let revision = Number(form.dataset.revision), waiting = 0, sending = null, again = false, sent = false;
    const written = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.tagName !== "BUTTON");
    for (const one of written()) if (one.value) one.value = one.value; // from now on no fresh page changes it

    async function keep() {
      clearTimeout(waiting);
      waiting = 0;
      if (sending) { again = true; return; }
      const fields = sent ? {} : Object.fromEntries(written().map((one) => [one.name, one.value]));
      const body = new URLSearchParams({ token: form.elements.token.value, form: form.dataset.half, revision, fields: JSON.stringify(fields) });
      try {
        sending = fetch(at, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: body.toString().length < 60000 });
        const answer = await sending;
        const found = await answer.json();
        if (typeof found.revision === "number") revision = found.revision;
        if (!answer.ok && !sent) tell(`${found.problem} ${found.text ? `“${found.text}”` : ""}`);
      } catch { /* the next change, or the sending itself, says that there is no connection */ } finally {
        sending = null;
        if (again) { again = false; keep(); }
      }
    }

    const changed = () => { sent = false; clearTimeout(waiting); waiting = setTimeout(keep, WAIT); };
    addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && waiting) keep(); });
    form.addEventListener("submit", () => { clearTimeout(waiting); waiting = again = 0; });
    // It was carried out, which removed it; what was still under way is removed after it.
    form.addEventListener("sent", () => {
      clearTimeout(waiting);
      waiting = 0;
      sent = true;
      if (sending) again = true; else revision = 0;
    });
    return changed;
  }

  function tell(words) {
    const place = document.getElementById("receipt") || document.getElementById("kept");
    place.classList.remove("none");
    place.textContent = words;
  }

  // Forms come and go with the state of the chat.
  const watched = new WeakMap();
  const known = (form) => watched.get(form) || watched.set(form, watch(form)).get(form);
  for (const form of document.querySelectorAll("form[data-half]")) known(form);
  document.addEventListener("input", (event) => { if (event.target.form?.matches("[data-half]")) known(event.target.form)(); });
})();
