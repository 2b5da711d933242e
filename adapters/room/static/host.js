// The host's controls without reloading. Without this script each button sends its form and the page comes back.
// What arrives is HTML that the server has escaped. What is open, typed or focused stays as it is.
"use strict";

(() => {
  const own = location.pathname;
  const get = (id) => document.getElementById(id);
  const read = (html) => new DOMParser().parseFromString(html, "text/html");
  const PARTS = ["tell", "console"];
  const EACH = 1000; // milliseconds between two fetches
  const TICK = 15000;
  const PATIENCE = 20000;

  /* ── taking over what differs ─────────────────────────────────────────── */

  const kept = (node, name) => node.tagName === "DETAILS" && name === "open";
  const alike = (one, other) => one.nodeName === other.nodeName && (one.id || "") === (other.id || "");

  function morph(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) { old.data = fresh.data; return; }
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !kept(old, name)) old.removeAttribute(name);
    if (old.tagName === "TEXTAREA") return;
    const chosen = old.tagName === "SELECT" ? old.value : null;
    const named = new Map([...old.children].filter((one) => one.id).map((one) => [one.id, one]));
    let at = old.firstChild;
    for (const want of [...fresh.childNodes]) {
      const twin = want.id ? named.get(want.id) : at && alike(at, want) ? at : null;
      if (!twin) { old.insertBefore(document.importNode(want, true), at); continue; }
      if (twin === at) at = at.nextSibling; else old.insertBefore(twin, at);
      morph(twin, want);
    }
    while (at) { const next = at.nextSibling; at.remove(); at = next; }
    if (chosen !== null && [...old.options].some((one) => one.value === chosen)) old.value = chosen;
  }

  function show(html) {
    const fresh = read(html);
    const active = document.activeElement;
    const home = active?.closest(".panel, .tell");
    still(() => { for (const id of PARTS) if (fresh.getElementById(id)) morph(get(id), fresh.getElementById(id)); });
    for (const token of document.querySelectorAll("#console input[name=token], #tell input[name=token]")) {
      token.value = fresh.querySelector("input[name=token]").value;
    }
    wayBack();
    measure();
    // what had the focus is gone: stay in the same part
    if (home && active !== document.body && !active.isConnected) (home.querySelector("h2") || get("receipt")).focus({ preventScroll: true });
  }

  // All is read before anything is set: after each of the two the browser styles the whole page again.
  function measure() {
    const root = document.documentElement.style;
    const deck = document.querySelector(".deck").offsetHeight, reach = get("reach"), height = reach?.offsetHeight || 0;
    const there = !reach || reach.checkVisibility?.() !== false; // while somebody writes it makes room for the form
    root.setProperty("--deck", `${deck}px`);
    if (there) root.setProperty("--reach", `${height}px`);
  }

  // The way back leaves the top after its time; the log keeps it. Whoever has it under their finger keeps it, too.
  let leaving = 0;
  function wayBack() {
    clearTimeout(leaving);
    if (get("pass-copy")) get("pass-copy").hidden = !(navigator.share || navigator.clipboard);
    const back = get("way-back");
    if (back) leaving = setTimeout(() => {
      if (back.matches(":hover, :focus-within")) { wayBack(); return; }
      still(() => back.remove());
      measure();
    }, Number(back.dataset.seconds) * 1000);
  }

  /* ── staying up to date ───────────────────────────────────────────────── */

  const line = { busy: false, again: false, last: 0, timer: 0, sending: false, button: null, after: null };

  function soon() {
    if (line.timer) return;
    line.timer = setTimeout(look, Math.max(0, line.last + EACH - Date.now()));
  }

  async function look() {
    line.timer = 0;
    if (line.sending) { line.again = true; return; }
    line.last = Date.now();
    try {
      const answer = await fetch(`${own}/fragment`, { signal: AbortSignal.timeout(PATIENCE) });
      const html = await answer.text();
      if (line.sending) { line.again = true; return; }
      if (answer.ok) show(html); else if (answer.status === 404) say(read(html).querySelector(".lead")?.textContent || "");
    } catch { /* the line is down; the page says so, and the next tick tries again */ }
  }

  /* ── sending ──────────────────────────────────────────────────────────── */

  const mine = (form) => form.method === "post" && form.getAttribute("action") === own;

  // One after the other: a press while another is under way waits, unless it is the same button once more.
  async function send(form, button) {
    if (line.sending) { if (button !== line.button) line.after = [form, button]; return; }
    line.sending = true;
    line.button = button;
    button?.setAttribute("aria-disabled", "true");
    try {
      const fields = new URLSearchParams(new FormData(form, button || undefined));
      const answer = await fetch(own, { method: "POST", headers: { Accept: "application/json" }, body: fields, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) took(form, await answer.text()); else say((await answer.json()).problem);
    } catch {
      say(_("That did not reach us. Please press it again; it will not be done twice."));
    }
    button?.removeAttribute("aria-disabled");
    line.sending = false;
    const after = line.after;
    line.after = null;
    const there = after && after[0].isConnected && (!after[1] || after[1].form === after[0]);
    if (there) { send(...after); return; }
    if (line.again) { line.again = false; soon(); }
  }

  function took(form, html) {
    const fresh = read(html);
    if (fresh.getElementById("receipt").dataset.done === "yes") {
      for (const one of form.querySelectorAll("textarea:not([data-kept])")) one.value = "";
      form.dispatchEvent(new Event("sent"));
      form.closest("details.opener")?.removeAttribute("open");
    }
    // what was not understood stays, so that it can be put right
    if (form.id === "command") get("do-line").value = fresh.getElementById("do-line").defaultValue;
    const within = form.contains(document.activeElement);
    show(html);
    // at the top of a small phone the bar at the lower edge would cover the answer and its Undo
    const reach = get("reach");
    const covered = reach && getComputedStyle(reach).position === "fixed" ? get("tell").getBoundingClientRect().bottom + 8 - reach.getBoundingClientRect().top : 0;
    if (covered > 0) scrollBy({ top: covered, behavior: "instant" });
    if (get("sure")) get("sure").querySelector("button").focus({ preventScroll: true });
    else if (within && !document.activeElement.checkVisibility?.()) form.closest("details")?.querySelector("summary").focus({ preventScroll: true });
  }

  // An answer that did not come from the desk.
  function say(words) {
    const receipt = get("receipt");
    receipt.classList.remove("none");
    if (receipt.textContent !== words) receipt.textContent = words;
    measure();
  }

  // A link to pass on: by whatever the phone shares with, or else the clipboard.
  document.addEventListener("click", async (event) => {
    if (event.target.id !== "pass-copy") return;
    const url = get("pass-link").value;
    try {
      if (navigator.share) await navigator.share({ url }); else await navigator.clipboard.writeText(url);
      event.target.textContent = _("Done");
    } catch { get("pass-link").select(); }
  });

  // A double click is one press, though its first half may be answered before the second comes.
  let pressed = "";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button?.form || !mine(button.form)) return;
    const what = [button.form.id, button.name, button.value].join(" ");
    if (event.detail > 1 && what === pressed) event.preventDefault();
    pressed = what;
  });

  document.addEventListener("submit", (event) => {
    if (!mine(event.target)) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  // What became of a post goes after a while, and with it the form that came to the reader.
  const SAID = 30000;
  let going = 0;
  new MutationObserver(() => {
    clearTimeout(going);
    going = setTimeout(() => { if (!get("sent").matches(":hover, :focus-within")) still(() => get("sent").replaceChildren()); }, SAID);
  }).observe(get("sent"), { childList: true });

  /* ── what can be done to a message that arrived since ─────────────────── */

  function equip() {
    for (const entry of document.querySelectorAll("#talk .entry[data-about]:not(:has(.tools))")) {
      const tools = get("tools").content.cloneNode(true);
      for (const one of tools.querySelectorAll("button")) one.value = `${one.value}${entry.dataset.about}`;
      tools.querySelector("summary bdi").textContent = entry.querySelector(".name").textContent;
      entry.append(tools);
    }
  }

  new MutationObserver(equip).observe(get("talk").parentElement, { childList: true, subtree: true });
  document.addEventListener("stirred", soon);
  setInterval(soon, TICK);
  addEventListener("resize", measure);
  equip();
  wayBack();
  measure();
})();
