// The page: one connection that only listens, a picture four times a second, and a cover when none comes.

import { Alarms } from "./alarms.js";
import { drawAlarms, drawAthlete, drawSquad, loadShapes } from "./draw.js";

const STALE_MS = 2000;
const DEAD_MS = 5000; // a connection that says nothing for so long is opened anew
const DRIFT = 1e-4; // two clocks' quartzes part by less
const THEMES = ["auto", "dark", "light", "high contrast"];
const at = (id) => document.getElementById(id);
const [words] = await Promise.all([fetch("words.json").then((answer) => answer.json()), loadShapes()]);
const alarms = new Alarms(words);
let socket = null, newest = null, arrived = null, offset = Infinity, waitMs = 500, beat = false, wasStale = true;

const now = () => ({ steady: performance.now(), date: Date.now() });
// A suspended phone may stop one of its clocks: the larger step counts.
const since = (then) => (then ? Math.max(performance.now() - then.steady, Date.now() - then.date) : Infinity);
const wanted = () => decodeURIComponent(location.hash.slice(1));

function connect() {
  const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}/feed?athlete=${encodeURIComponent(wanted())}`);
  socket = opened;
  offset = Infinity; // perhaps to another server, on another clock
  opened.tried = now();
  opened.onmessage = (message) => opened === socket && show(JSON.parse(message.data));
  opened.onclose = () => opened === socket && again();
}

async function again() {
  socket = null;
  waitMs = Math.min(2 * waitMs, 5000);
  if (!(await admitted())) return;
  setTimeout(() => socket ?? connect(), waitMs);
}

// Whether the page may see the session; asks for the password where it may not.
async function admitted(password = null) {
  const headers = password === null ? {} : { Authorization: `Bearer ${btoa(String.fromCharCode(...new TextEncoder().encode(password)))}` };
  let status = 0;
  try {
    status = (await fetch("login", { headers, cache: "no-store" })).status;
  } catch {
    return true; // no connection at all: try again later
  }
  at("login").hidden = status !== 401 && status !== 429;
  at("login-note").textContent = status === 429 ? "Too many tries: wait a minute." : password ? "That is not the password." : "";
  return at("login").hidden;
}

function show(picture) {
  const before = arrived?.steady ?? Infinity;
  newest = picture;
  arrived = now();
  waitMs = 500;
  offset = Math.min(offset + DRIFT * Math.max(0, arrived.steady - before), arrived.steady - picture.sent);
  beat = !beat;
  document.body.classList.toggle("beat-a", beat);
  document.body.classList.toggle("beat-b", !beat);
  at("title").textContent = picture.athlete ?? (picture.title || "Crampwatch");
  at("back").hidden = picture.athlete === undefined;
  at("counts").textContent = picture.counts;
  at("simulated").hidden = !picture.simulated;
  at("clock").textContent = picture.clock;
  at("notice").textContent = picture.notice;
  at("notice").hidden = !picture.notice;
  if (picture.athlete === undefined) drawSquad(picture, new Set(alarms.open(picture.alarms).map((alarm) => alarm.athlete)));
  else drawAthlete(picture);
  tick();
}

const lateMs = () => (newest && arrived ? arrived.steady - newest.sent - offset : 0); // on its way for so long
const isStale = () => since(arrived) > STALE_MS || lateMs() > STALE_MS || !newest || newest.frozen || newest.ended;

function tick() {
  const stale = isStale();
  document.body.classList.toggle("stale", stale);
  at("stale").ariaHidden = String(!stale);
  if (stale) [at("stale-word").textContent, at("stale-note").textContent] = why();
  if (stale && !wasStale && !newest?.ended) alarms.lost();
  wasStale = stale;
  const open = stale ? [] : newest.alarms;
  drawAlarms(open, alarms.silenced, (id) => (alarms.silence(id), tick()));
  alarms.update(open);
  tellWhere(!stale);
  if (socket && socket.readyState <= 1 && Math.min(since(arrived), since(socket.tried)) > DEAD_MS) {
    socket.close();
    again();
  }
}

function why() {
  const seconds = Math.round(since(arrived) / 1000);
  if (!newest) return ["Connecting", "No picture yet."];
  if (newest.ended) return [newest.notice, "No state is shown, and no alarm can come."];
  if (since(arrived) > STALE_MS) return ["Connection lost", `No picture for ${seconds} s. What you saw is old, and no alarm can come.`];
  if (newest.frozen) return ["Not updating", newest.notice];
  return ["Connection too slow", `What arrives is ${Math.round(lateMs() / 1000)} s old.`];
}

function tellWhere(connected) {
  const calls = newest?.calls ?? true;
  const [word, note] = alarms.where(connected, newest?.elsewhere ?? [], calls);
  at("where-word").textContent = word;
  at("where-note").textContent = note;
  at("where").classList.toggle("nowhere", calls && !(alarms.sounds && connected));
  at("sound").textContent = alarms.sounds ? "Sound off" : "Tap for sound";
  at("test").hidden = !alarms.sounds;
}

function paint() {
  const chosen = localStorage.getItem("theme") ?? "auto";
  const system = matchMedia("(prefers-contrast: more)").matches ? "high contrast" : matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = chosen === "auto" ? system : chosen;
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--background");
  document.querySelector('meta[name="theme-color"]').content = ground;
}

at("sound").onclick = async () => (await (alarms.sounds ? alarms.turnOff() : alarms.turnOn()), tick());
at("test").onclick = () => alarms.play("TEST");
at("back").onclick = () => (location.hash = "");
at("theme").onclick = () => {
  const chosen = localStorage.getItem("theme") ?? "auto";
  localStorage.setItem("theme", THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]);
  paint();
};
at("login").onsubmit = async (event) => {
  event.preventDefault();
  if (await admitted(at("password").value)) connect();
};
at("disclaimer").textContent = words.disclaimer;
addEventListener("hashchange", () => {
  socket?.close();
  connect();
});
document.addEventListener("visibilitychange", () => {
  arrived = null; // whatever stands here was drawn before the page slept
  tick();
});
matchMedia("(prefers-color-scheme: light)").addEventListener("change", paint);
paint();
setInterval(tick, 250);
tick();
if (await admitted()) connect();
navigator.serviceWorker?.register("worker.js").catch(() => {}); // needs a certificate that the phone trusts; the page works without
