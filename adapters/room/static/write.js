// Writing: the form at the edge of the page, replies, and what became of what was sent.
"use strict";
const draftName = page.chat;
const writing = { opener: null, pending: "" };

/* ── the form ───────────────────────────────────────────────────────────── */

function form() {
  const say = find("say");
  if (!say) return;
  say.addEventListener("submit", (event) => { event.preventDefault(); send(say); });
  say.addEventListener("input", () => { find("wrong").textContent = ""; keep(); });
  find("to").addEventListener("change", (event) => { event.target.dataset.chosen = "yes"; keep(); });
  find("unreply").addEventListener("click", (event) => { event.preventDefault(); reply("", "", ""); keep(); goBack(); });
  restore(say);
}

function keep() {
  find("sent").textContent = "";
  const fields = find("say").elements;
  const to = find("to").dataset.chosen ? fields.to.value : "";
  drafts.save(draftName, {
    text: fields.text.value, to, reply: fields.reply.value, whom: find("whom").textContent, what: find("what").textContent,
    unnamed: Boolean(fields.unnamed?.checked), token: writing.pending, me: page.me,
  });
}

// What the server gives back after a refusal, or is asked to reply to, comes first.
function restore(say) {
  const draft = drafts.read(draftName);
  const fields = say.elements;
  if (!fields.text.value.trim() && draft.text) {
    fields.text.value = draft.text;
    if (fields.unnamed) fields.unnamed.checked = draft.unnamed;
    // it may have been posted though no answer came: the same form counts once
    if (draft.token && draft.me === page.me) fields.token.value = writing.pending = draft.token;
    if (draft.to && [...fields.to.options].some((one) => one.value === draft.to)) {
      fields.to.value = draft.to;
      fields.to.dataset.chosen = "yes";
    }
  }
  if (!fields.reply.value && draft.reply) reply(draft.reply, draft.whom, draft.what);
  else if (fields.reply.value || fields.text.value.trim()) keep();
}

async function send(say) {
  const button = say.querySelector("button");
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  find("wrong").textContent = "";
  writing.pending = say.elements.token.value;
  keep();
  try {
    const body = new URLSearchParams(new FormData(say));
    const answer = await fetch(say.action, { method: "POST", headers: json, body, signal: AbortSignal.timeout(PATIENCE) });
    const told = await answer.json();
    if (!answer.ok) refused(told.problem); else if (told.go) goTo(say, told.go); else sent(say, told);
  } catch {
    refused(_("That did not reach us. Your text is still here: please send it again; it will not be posted twice."));
  }
  button.removeAttribute("aria-disabled");
}

function refused(words) {
  find("wrong").textContent = words;
}

// What they typed was about themselves, and is no message: another page says what was done.
function goTo(say, path) {
  writing.pending = "";
  say.elements.text.value = "";
  reply("", "", "");
  keep();
  location.assign(path);
}

function sent(say, told) {
  say.elements.token.value = told.token;
  writing.pending = "";
  say.elements.text.value = "";
  if (say.elements.unnamed) say.elements.unnamed.checked = false;
  find("text").removeAttribute("aria-invalid");
  find("text-problem")?.remove();
  delete find("to").dataset.chosen;
  reply("", "", "");
  keep();
  const entry = told.html && parse(told.html).querySelector(".entry");
  if (entry && !find(told.question)) look(); else if (entry) still(() => put(entry, told.question));
  const held = told.unseen && parse(told.unseen).getElementById("unseen");
  if (held) still(() => swap(find("unseen"), held));
  find("sent").replaceChildren(...parse(told.sent).body.childNodes);
  goBack();
}

/* ── replies ────────────────────────────────────────────────────────────── */

function reply(what, whom, words) {
  find("say").elements.reply.value = what;
  find("whom").textContent = whom;
  find("what").textContent = words;
  find("replying").hidden = !what;
  find("choose").hidden = Boolean(what);
  for (const one of document.querySelectorAll(".answering")) one.classList.remove("answering");
  if (what) document.querySelector(`[data-about="${CSS.escape(what)}"]`)?.classList.add("answering");
}

// To where the reader was: the message that they replied to, or the form.
function goBack() {
  const opener = writing.opener?.isConnected ? writing.opener : null;
  writing.opener = null;
  (opener || find("text")).focus({ preventScroll: true });
}

const docked = () => Boolean(find("dock")) && getComputedStyle(find("dock")).position === "sticky";

// To the form without leaving the place: it is on the screen already.
document.addEventListener("click", (event) => {
  const field = event.target.closest("a[href='#answer']") && (find("text") || find("name"));
  if (!field || !docked()) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
});

// The form comes to the reader; the message stays where it stands, above the form.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reply]");
  if (!link || !find("say")) return;
  event.preventDefault();
  const entry = link.closest(".entry");
  writing.opener = link;
  reply(link.dataset.reply, entry.querySelector(".name").textContent, entry.querySelector(".text").textContent.trim().slice(0, 90));
  keep();
  find("text").focus({ preventScroll: docked() });
  const covered = docked() ? entry.getBoundingClientRect().bottom - find("dock").getBoundingClientRect().top : 0;
  if (covered > 0) scrollBy({ top: covered + 8, behavior: "instant" });
});

// The form is larger while somebody is in it. A press of the mouse leaves the focus where it is: otherwise the form would
// change its size under the pointer, and at the page's end the button would be elsewhere before the press is over.
find("dock")?.addEventListener("mousedown", (event) => { if (event.target.closest("button, a")) event.preventDefault(); });

// Whoever has just joined goes on from the form, not from the question that the page opens at, before all its answers.
// Not on a phone: its keyboard would cover the question.
const JOINING = "convenor joining";
function joined() {
  try {
    find("name")?.form.addEventListener("submit", () => sessionStorage.setItem(JOINING, page.chat));
    const here = sessionStorage.getItem(JOINING) === page.chat && find("text");
    if (!here) return;
    sessionStorage.removeItem(JOINING);
    if (docked() && !matchMedia("(pointer: coarse)").matches) find("text").focus({ preventScroll: true });
  } catch { /* a browser that keeps nothing */ }
}

// How much of the page the form covers, for what is scrolled into view.
function measure(dock) {
  document.documentElement.style.setProperty("--dock", docked() ? `${dock.offsetHeight}px` : "0px");
}
if (find("dock")) new ResizeObserver(() => measure(find("dock"))).observe(find("dock"));

form();
addEventListener("load", () => setTimeout(joined)); // after the browser has gone to the question
reveal(find("talk"));
// what an address said about a form was for once
if (location.search) history.replaceState(null, "", location.pathname + location.hash);
