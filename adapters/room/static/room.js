// Live updates for a chat's page. Without this script the page reads and posts all the same.
// What arrives is HTML that the server has escaped. Focus, scroll and half-written text stay as they are.
"use strict";
const page = document.body.dataset;
const chat = `/${page.chat}`;
const stream = page.stream || `${chat}/stream`;
const find = (id) => document.getElementById(id);
const WAIT = 6000; // milliseconds between two announcements

const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const mine = async () => parse(await (await fetch(location.pathname)).text());
const json = { Accept: "application/json" };

/* ── keeping the reader's place ─────────────────────────────────────────── */

// The first thing in view keeps its place on the screen while `change` moves what is above it.
function still(change) {
  const active = document.activeElement;
  const focused = active && active !== document.body && active.id !== "main" ? active : null;
  const seen = (one) => { const box = one.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; };
  const rows = [...document.querySelectorAll(".panel > h2, .panel li[id], .entry, .part > h2, #answer")];
  const fixed = focused && seen(focused) && !focused.closest("#now, #jump, .deck") ? focused : rows.find(seen);
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

const own = (entry) => Boolean(page.me) && entry.dataset.mark === page.me;

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
  news.answers += answers;
  if (words) news.words.push(words);
  if (news.timer || !(news.answers || news.words.length)) return;
  news.timer = setTimeout(speak, Math.max(300, news.last + WAIT - Date.now()));
}

function speak() {
  const count = news.answers && `${news.answers} new ${news.answers === 1 ? "answer" : "answers"}`;
  find("said").textContent = [...news.words, count].filter(Boolean).join(". ");
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
  const answer = await fetch(`${chat}/fragment`);
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
    reconcile(fresh.getElementById("talk"));
    choices(fresh.getElementById("to"));
  });
  document.title = document.title.replace(/^\w+:/, { coming: "Coming:", live: "Live:", over: "Over:" }[find("talk").dataset.state]);
  const others = [...document.querySelectorAll("#talk .entry:has(.message)")];
  const count = others.filter((one) => !known.has(one.id) && counts(one)).length;
  announce(count, asked && asked !== told ? asked.replace(/^Q(\d+)\.\s*/, "Question $1: ") : "");
  if (opened) await composer();
}

const current = (root) => root.querySelector("#now:not([hidden]) .asked")?.textContent.trim() || "";

const swap = (old, now) => old.replaceWith(document.importNode(now, true));

function reconcile(fresh) {
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
    const oldest = Number(part.querySelector(".entry")?.dataset.at || 0);
    for (const entry of find(part.id).querySelectorAll(".entry")) {
      if (!kept.has(entry.id) && Number(entry.dataset.at) >= oldest) drop(entry.id);
    }
    for (const entry of part.querySelectorAll(".entry")) {
      const node = document.importNode(entry, true);
      reveal(node);
      if (!same(find(entry.id), node)) put(node, part.id);
    }
  });
}

const same = (old, now) => Boolean(old) && words(old) === words(now) && old.parentElement.closest(".part")?.id;

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
  if (find("text")?.value.trim()) return;
  const fresh = (await mine()).getElementById("answer");
  if (!fresh) return;
  still(() => swap(find("answer"), fresh));
  form();
  reveal(find("talk"));
}

// What only this reader sees may have changed: theirs was kept, held or left out.
async function personal() {
  const fresh = (await mine()).getElementById("unseen");
  if (fresh) still(() => swap(find("unseen"), fresh));
}

/* ── the line to the server ─────────────────────────────────────────────── */

const line = { source: null, paused: false, tries: 0, retry: 0 };
const state = (words) => { if (find("link").textContent !== words) find("link").textContent = words; };
function connect() {
  clearTimeout(line.retry);
  line.source?.close();
  const source = new EventSource(`${stream}?seen=${encodeURIComponent(find("talk").dataset.stamp)}`);
  line.source = source;
  source.onopen = () => { line.tries = 0; state("Live updates are on"); };
  source.addEventListener("heard", (event) => {
    find("talk").dataset.stamp = event.lastEventId;
    heard(JSON.parse(event.data));
  });
  // a little spread, so that three hundred pages do not ask in the same instant
  source.addEventListener("again", () => setTimeout(look, Math.random() * 400));
  // only whoever leads the chat is told of this
  source.addEventListener("stirred", () => document.dispatchEvent(new Event("stirred")));
  source.onerror = () => {
    state("Connection lost. Trying again…");
    if (source.readyState !== EventSource.CLOSED || line.paused) return;
    line.tries += 1;
    line.retry = setTimeout(connect, Math.min(60, 2 ** line.tries) * 1000);
  };
}

async function look() {
  if (line.paused) return;
  try { await again(); } catch { line.retry = setTimeout(look, 5000); }
}

function pause() {
  line.paused = !line.paused;
  find("pause").textContent = line.paused ? "Resume live updates" : "Pause live updates";
  if (!line.paused) { connect(); return; }
  clearTimeout(line.retry);
  line.source?.close();
  state("Live updates are paused");
}

/* ── writing ────────────────────────────────────────────────────────────── */

function form() {
  const say = find("say");
  if (!say) return;
  say.addEventListener("submit", (event) => { event.preventDefault(); send(say); });
  find("to").addEventListener("change", (event) => { event.target.dataset.chosen = "yes"; });
  find("unreply").addEventListener("click", (event) => { event.preventDefault(); reply("", "", ""); find("text").focus(); });
}

async function send(say) {
  const button = say.querySelector("button");
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  find("wrong").textContent = "";
  try {
    const answer = await fetch(say.action, { method: "POST", headers: json, body: new URLSearchParams(new FormData(say)) });
    const told = await answer.json();
    if (answer.ok) sent(say, told); else find("wrong").textContent = told.problem;
  } catch {
    find("wrong").textContent = "That did not reach us. Your text is still here: please send it again; it will not be posted twice.";
  }
  button.removeAttribute("aria-disabled");
}

function sent(say, told) {
  say.elements.token.value = told.token;
  find("text").value = "";
  find("text").removeAttribute("aria-invalid");
  find("text-problem")?.remove();
  delete find("to").dataset.chosen;
  reply("", "", "");
  const entry = told.html && parse(told.html).querySelector(".entry");
  if (entry && !find(told.question)) look(); else if (entry) still(() => put(entry, told.question));
  const held = told.unseen && parse(told.unseen).getElementById("unseen");
  if (held) still(() => swap(find("unseen"), held));
  announce(0, entry ? "Your message is posted" : held ? "Only you see your message for now: a moderator looks at it first" : "Your message has arrived and will appear soon, or a moderator looks at it first");
  find("text").focus();
}

function reply(what, whom, words) {
  find("say").elements.reply.value = what;
  find("whom").textContent = whom;
  find("what").textContent = words;
  find("replying").hidden = !what;
  find("choose").hidden = Boolean(what);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reply]");
  if (!link || !find("say")) return;
  event.preventDefault();
  const entry = link.closest(".entry");
  reply(link.dataset.reply, entry.querySelector(".name").textContent, entry.querySelector(".text").textContent.trim().slice(0, 90));
  find("text").focus();
});

form();
reveal(find("talk"));
find("live").hidden = false;
find("pause").addEventListener("click", pause);
connect();
