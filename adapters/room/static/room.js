// A chat's page that follows the conversation. Without scripts it reads and posts all the same. `line.js` brings the
// updates, `earlier.js` older answers, `write.js` has the form, `drafts.js` keeps what is being written.
// What arrives is HTML that the server has escaped. Focus, scroll and half-written text stay as they are.
"use strict";
const page = document.body.dataset;
const chat = `/${page.chat}`;
const stream = page.stream || `${chat}/stream`;
const find = (id) => document.getElementById(id);
const translations = JSON.parse(page.words || "{}"); // in another language than English
const _ = (text) => translations[text] || text;
const WAIT = 6000; // milliseconds between two announcements

const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const PATIENCE = 20000; // milliseconds for a page: what has gone mute is given up
const load = (url) => fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
const mine = async () => parse(await (await load(location.pathname)).text());
const json = { Accept: "application/json" };

/* ── keeping the reader's place ─────────────────────────────────────────── */

// The first thing in view keeps its place on the screen while `change` moves what is above it.
function still(change) {
  const active = document.activeElement;
  const focused = active && active !== document.body && active.id !== "main" ? active : null;
  const seen = (one) => { const box = one.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; };
  const rows = [...document.querySelectorAll(".panel > h2, .panel li[id], .entry, .part > h2")];
  const fixed = focused && seen(focused) && !focused.closest("#now, #jump, #dock, .deck") ? focused : rows.find(seen);
  const key = fixed && fixed.id;
  const before = fixed && fixed.getBoundingClientRect().top;
  const trail = focused && [focused.id || focused.closest("[id]")?.id, focused.getAttribute("href"), focused];
  change();
  if (trail && !trail[2].isConnected) refocus(trail);
  const now = fixed && (fixed.isConnected ? fixed : key && find(key));
  if (now && scrollY > 0) scrollBy({ top: now.getBoundingClientRect().top - before, behavior: "instant" });
}

// The same link or field in what replaced it.
function refocus([id, href]) {
  const home = id && find(id);
  if (!home) return;
  const twin = href ? [...home.querySelectorAll("a")].find((one) => one.getAttribute("href") === href) : home;
  twin?.focus({ preventScroll: true });
}

/* ── one message ────────────────────────────────────────────────────────── */

// What only this reader may use.
function reveal(root) {
  for (const link of root.querySelectorAll("[data-for]")) {
    link.hidden = link.dataset.for === "own" ? !own(link.closest(".entry")) : page.here !== "yes" || !find("say");
  }
  for (const one of root.matches?.(".entry") ? [root] : root.querySelectorAll(".entry")) {
    one.querySelector(".message")?.classList.toggle("mine", own(one));
  }
}

// Whether one of these public ids is this reader's, who may have a second one for what they sent without a name.
const isMe = (marks) => Boolean(marks) && marks.split(" ").some((one) => page.me.split(" ").includes(one));

const own = (entry) => isMe(entry.dataset.mark);

// Somebody else's, and not one that is only shown here again.
const counts = (entry) => !own(entry) && !("again" in entry.dataset);

// Puts a message in its place by time. True if it was not here before.
function put(entry, key) {
  const list = find(key)?.querySelector(".entries");
  if (!list) return false;
  reveal(entry);
  const old = find(entry.id);
  if (old && old.parentElement === list) { old.replaceWith(entry); return false; }
  old?.remove();
  if (!find("unseen").querySelector(".entry")) find("unseen").hidden = true;
  const later = [...list.children].find((one) => Number(one.dataset.at) > Number(entry.dataset.at));
  list.insertBefore(entry, later || null);
  list.nextElementSibling.hidden = true;
  if (!old) entry.classList.add("new");
  return !old;
}

// Whether a message is older than what the page shows of its question, so that it comes with the earlier ones.
function outOfView(entry, key) {
  const part = find(key);
  const first = part?.querySelector("a[data-earlier]") && part.querySelector(".entry[data-about]");
  return Boolean(first) && !find(entry.id) && Number(entry.dataset.at) < Number(first.dataset.at);
}

function drop(id) {
  const entry = find(id);
  const list = entry?.parentElement;
  if (entry && own(entry)) personal();
  entry?.remove();
  if (list && !list.children.length) list.nextElementSibling.hidden = false;
}

/* ── saying a little of it aloud ────────────────────────────────────────── */

const news = { answers: 0, words: [], timer: 0, last: 0 };

function announce(answers, words) {
  count(answers + (words ? 1 : 0));
  news.answers += answers;
  if (words) news.words.push(words);
  if (news.timer || !(news.answers || news.words.length)) return;
  news.timer = setTimeout(speak, Math.max(300, news.last + WAIT - Date.now()));
}

// The title says how much is new to somebody who looks at another page.
const title = { words: document.title, fresh: 0 };

function count(fresh) {
  title.fresh = document.hidden ? title.fresh + fresh : 0;
  document.title = title.fresh ? `(${title.fresh}) ${title.words}` : title.words;
}

document.addEventListener("visibilitychange", () => count(0));

function speak() {
  const answers = news.answers && (news.answers === 1 ? _("1 new answer") : _("{number} new answers").replace("{number}", news.answers));
  find("said").textContent = [...news.words, answers].filter(Boolean).join(". ");
  Object.assign(news, { answers: 0, words: [], timer: 0, last: Date.now() });
}

/* ── updates ────────────────────────────────────────────────────────────── */

function heard(update) {
  let fresh = 0;
  let lost = false;
  still(() => {
    for (const one of update.messages) {
      const entry = parse(one.html).querySelector(".entry");
      lost = lost || !find(one.question);
      if (outOfView(entry, one.question)) continue;
      if (put(entry, one.question) && counts(entry)) fresh += 1;
    }
    update.gone.forEach(drop);
    for (const [key, total] of Object.entries(update.counts)) {
      const count = document.querySelector(`[data-count="${CSS.escape(key)}"]`);
      if (count) count.textContent = total;
    }
  });
  announce(fresh, "");
  if (lost) again();
}

// Fetches what is the same for everybody and takes over what differs.
async function again() {
  const answer = await load(`${chat}/fragment`);
  if (!answer.ok) throw new Error(`fragment ${answer.status}`);
  const fresh = parse(await answer.text());
  const asked = current(fresh);
  const told = current(document);
  const known = new Set([...document.querySelectorAll("#talk .entry")].map((one) => one.id));
  const opened = fresh.getElementById("talk").dataset.open !== find("talk").dataset.open;
  still(() => {
    for (const id of ["status", "now", "jump"]) {
      if (find(id).outerHTML !== fresh.getElementById(id).outerHTML) swap(find(id), fresh.getElementById(id));
    }
    lead();
    reconcile(fresh.getElementById("talk"), fresh);
    choices(fresh.getElementById("to"));
  });
  title.words = title.words.replace(/^[^:]+:/, { coming: _("Coming:"), live: _("Live:"), over: _("Over:"), off: _("Called off:") }[find("talk").dataset.state]);
  const others = [...document.querySelectorAll("#talk .entry:has(.message)")];
  const arrived = others.filter((one) => !known.has(one.id) && counts(one)).length;
  announce(arrived, asked && asked !== told ? asked.replace(/^Q(\d+)\.\s*/, (all, number) => `${_("Question {number}").replace("{number}", number)}: `) : "");
  if (opened) await composer();
}

// Whoever was handed the lead sees the way to the controls: at the top, and by the form, wherever they are reading.
function lead() {
  const way = find("lead-on");
  if (!way || !isMe(way.dataset.to)) { find("lead-near")?.remove(); page.leads = ""; return; }
  way.hidden = false;
  way.firstElementChild.href = `${chat}/host`;
  if (page.leads || document.body.classList.contains("leading")) return;
  page.leads = "yes";
  const near = way.firstElementChild.cloneNode(true);
  near.id = "lead-near";
  find("sent").append(" ", near);
}

const current = (root) => root.querySelector("#now:not([hidden]) .asked")?.textContent.trim() || "";

const swap = (old, now) => old.replaceWith(document.importNode(now, true));

function reconcile(fresh, whole) {
  const talk = find("talk");
  Object.assign(talk.dataset, fresh.dataset);
  talk.querySelectorAll(":scope > .none").forEach((one) => one.remove());
  const parts = [...fresh.children];
  for (const part of [...talk.children]) if (!parts.some((one) => one.id === part.id)) part.remove();
  parts.forEach((part, index) => {
    if (!part.id || !find(part.id)) {
      const node = document.importNode(part, true);
      reveal(node);
      talk.insertBefore(node, talk.children[index] || null);
      return;
    }
    const kept = new Set([...part.querySelectorAll(".entry")].map((one) => one.id));
    // earlier ones that this page has because somebody asked for them are gone if the server no longer names them
    const older = whole.querySelector(`[data-older="${CSS.escape(part.id)}"]`);
    for (const id of older?.textContent.trim().split(" ") || []) kept.add(id);
    const oldest = Number(older?.dataset.since || part.querySelector(".entry")?.dataset.at || 0);
    for (const entry of find(part.id).querySelectorAll(".entry")) {
      if (!kept.has(entry.id) && Number(entry.dataset.at) >= oldest) drop(entry.id);
    }
    for (const entry of part.querySelectorAll(".entry")) {
      const node = document.importNode(entry, true);
      reveal(node);
      if (!same(find(entry.id), part.id, node)) put(node, part.id);
    }
  });
}

const same = (old, part, now) => Boolean(old) && words(old) === words(now) && old.closest(".part")?.id === part;

const words = (entry) => entry.firstElementChild.textContent;

// New questions to choose from. Whoever is in the middle of writing keeps what they had chosen.
function choices(fresh) {
  const select = find("to");
  if (!select || !fresh) return;
  const chosen = select.value;
  const writing = find("text").value.trim() !== "" || select.dataset.chosen;
  select.replaceChildren(...[...fresh.options].map((one) => document.importNode(one, true)));
  if (writing) select.value = chosen;
}

// Posting has opened or closed: fetch this reader's own form, unless they are writing.
async function composer() {
  if (find("text")?.value.trim() || find("name") === document.activeElement) return;
  const fresh = await mine();
  const answer = fresh.getElementById("answer");
  if (!answer) return;
  still(() => {
    swap(find("answer"), answer);
    if (find("dock")) find("dock").className = fresh.getElementById("dock").className;
  });
  form();
  reveal(find("talk"));
}

// What only this reader sees may have changed: theirs was kept, held or left out.
async function personal() {
  const fresh = (await mine()).getElementById("unseen");
  if (fresh) still(() => swap(find("unseen"), fresh));
}

lead();
