// The line to the server. A connection may end without a word, so the server sends a beat every 15 seconds, and
// silence counts as an end. Whatever was missed comes with the next connection.
"use strict";
const SILENCE = 45000; // milliseconds without a sign of life after which the connection counts as lost
const DOUBT = 20000; // the same when somebody comes back to the page: a beat is overdue
const OPENING = 12000; // milliseconds in which a connection has to open
const WORDS = {
  on: _("Live updates are on"),
  wait: _("Connecting…"),
  lost: _("Connection lost. Trying again…"),
  offline: _("You are offline. We try again as soon as you are back."),
  paused: _("Live updates are paused"),
};

const line = { source: null, paused: false, tries: 0, retry: 0, heard: Date.now() };

// Shown by the form, and told by screen readers when it changes.
function state(name) {
  const link = find("link");
  link.dataset.state = name;
  if (link.textContent !== WORDS[name]) link.textContent = WORDS[name];
}

function alive() {
  line.heard = Date.now();
  line.tries = 0;
  state("on");
}

function connect() {
  hangUp();
  line.heard = Date.now();
  const source = new EventSource(`${stream}?seen=${encodeURIComponent(find("talk").dataset.stamp)}`);
  line.source = source;
  source.onopen = alive;
  source.addEventListener("beat", (event) => {
    alive();
    readers(event.data);
  });
  source.addEventListener("heard", (event) => {
    alive();
    find("talk").dataset.stamp = event.lastEventId;
    heard(JSON.parse(event.data));
  });
  // a little spread, so that three hundred pages do not ask in the same instant
  source.addEventListener("again", () => { alive(); setTimeout(look, Math.random() * 400); });
  // only whoever leads the chat is told of this
  source.addEventListener("stirred", () => { alive(); document.dispatchEvent(new Event("stirred")); });
  source.onerror = () => {
    lost();
    if (source.readyState === EventSource.CLOSED) later();
  };
}

function hangUp() {
  clearTimeout(line.retry);
  line.source?.close();
}

const lost = () => state(navigator.onLine ? "lost" : "offline");

function later() {
  if (line.paused) return;
  line.tries += 1;
  clearTimeout(line.retry);
  line.retry = setTimeout(connect, Math.min(60, 2 ** line.tries) * 1000 * (0.75 + Math.random() / 2));
}

// How long nothing was heard, and what that means.
function watch() {
  const silent = Date.now() - line.heard;
  const opening = line.source?.readyState === EventSource.CONNECTING;
  if (line.paused || silent < (opening ? OPENING : SILENCE)) return;
  lost();
  connect();
}

// Somebody is back: at the page, or on the network. What they see should be true at once.
function back() {
  if (line.paused || document.hidden) return;
  const broken = line.source?.readyState !== EventSource.OPEN;
  if (broken || Date.now() - line.heard > DOUBT) connect();
}

async function look() {
  if (line.paused) return;
  try { await again(); } catch { line.retry = setTimeout(look, 5000); }
}

function pause() {
  line.paused = !line.paused;
  find("pause").textContent = line.paused ? _("Resume live updates") : _("Pause live updates");
  if (!line.paused) { connect(); return; }
  hangUp();
  state("paused");
}

function readers(data) {
  const here = find("talk").dataset.open === "yes" && data && JSON.parse(data).here;
  if (find("here")) find("here").textContent = !here ? "" : here === 1 ? _("You are reading along") : _("{number} people are reading along").replace("{number}", here);
}

find("live").hidden = find("link").hidden = false;
find("pause").addEventListener("click", pause);
addEventListener("online", back);
addEventListener("offline", () => { if (!line.paused) lost(); });
addEventListener("pageshow", (event) => { if (event.persisted) back(); });
document.addEventListener("visibilitychange", back);
setInterval(watch, 5000);
connect();
