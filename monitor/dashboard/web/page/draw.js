// Draws pictures as elements. Texts become text, never markup; what has not changed is left as it is.

const SVG = "http://www.w3.org/2000/svg";
const drawn = new Map(); // place -> what stands there, as text

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== ""));
  return made;
}

function vector(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// The shapes become part of the page: one that is drawn anew must not wait for a file.
export async function loadShapes() {
  const sprite = new DOMParser().parseFromString(await (await fetch("shapes.svg")).text(), "image/svg+xml").documentElement;
  sprite.id = "sprite";
  document.body.append(document.adoptNode(sprite));
}

export function icon(shape) {
  return vector("svg", { class: "icon", viewBox: "0 0 256 256", "aria-hidden": "true" }, vector("use", { href: `#${shape}` }));
}

export function place(id, shown, build) {
  const text = JSON.stringify(shown);
  if (drawn.get(id) === text) return;
  drawn.set(id, text);
  document.getElementById(id).replaceChildren(...build(shown));
}

const classes = (base, shown) => [base, `look-${shown.look}`, shown.loud ? "loud" : "", shown.lost ? "lost" : ""].filter(Boolean).join(" ");
const link = (name) => `#${encodeURIComponent(name)}`;

function leg(shown) {
  const side = shown.side.slice(0, 1).toUpperCase();
  const age = shown.lost ? `no ${shown.lost}` : shown.age;
  return element("div", { class: classes("leg", shown) }, icon(shown.shape), element("span", {}, shown.word), element("small", {}, `${side} ${age}`));
}

function tile(shown, open) {
  const name = element("h2", { class: shown.name.length > 6 ? "long" : "" }, shown.name);
  const waits = open.has(shown.name) ? " open" : "";
  const attributes = { class: classes("tile", shown) + waits, href: link(shown.name), "aria-label": shown.spoken, "data-athlete": shown.name };
  return element("a", attributes, name, element("div", { class: "legs" }, ...shown.legs.map(leg)));
}

function entry(shown) {
  const who = element("div", {}, `${shown.athlete} ${shown.side}`, element("small", {}, `${shown.word}, ${shown.age}`));
  return element("a", { class: classes("entry", shown), href: link(shown.athlete) }, icon(shown.shape), who);
}

export function drawSquad(shown, open) {
  const waiting = [element("p", { class: "waiting" }, "Waiting for the first data.")];
  const squad = () => [element("div", { id: "squad" }, ...shown.athletes.map((one) => tile(one, open)))];
  place("main", [shown.athletes, [...open]], () => (shown.athletes.length ? squad() : waiting));
  const first = (entries) => (entries.length ? [element("h2", {}, "Comes off first"), ...entries.map(entry)] : []);
  place("first", shown.athletes.length > 1 ? shown.first : [], first);
}

function trend(points, watch) {
  const width = 340, height = 120, left = 44, right = 8, top = 8, bottom = 20;
  const values = points.map((point) => point[1]);
  const low = Math.min(-12, ...values) - 2, high = Math.max(4, ...values) + 1;
  const last = Math.max(points[points.length - 1][0], 0.1), first = points[0][0];
  const x = (minute) => left + ((minute - first) / Math.max(last - first, 0.1)) * (width - left - right);
  const y = (percent) => top + ((high - percent) / (high - low)) * (height - top - bottom);
  const level = (percent, name, kind) => [
    vector("line", { class: kind, x1: left, x2: width - right, y1: y(percent), y2: y(percent) }),
    vector("text", { x: 0, y: y(percent) + 4 }, name),
  ];
  const path = points.map(([minute, percent], i) => `${i ? "L" : "M"}${x(minute).toFixed(1)},${y(percent).toFixed(1)}`).join("");
  const lines = [...level(0, "0 %", "level"), ...(watch === null ? [] : level(watch, "WATCH", "level watch"))];
  const ends = [
    vector("text", { x: left, y: height - 5 }, `${Math.round(first)} min`),
    vector("text", { x: width - right, y: height - 5, "text-anchor": "end" }, `${Math.round(last)} min`),
  ];
  const label = { class: "trend", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Fatigue reading against the own baseline, percent" };
  return vector("svg", label, ...lines, vector("path", { class: "reading", d: path }), ...ends);
}

function card(shown) {
  const action = shown.action ? [element("b", {}, shown.action)] : [];
  const band = element(
    "div", { class: classes("band", shown) }, icon(shown.shape),
    element("div", {}, element("span", { class: "side" }, shown.side), element("h2", {}, shown.headline)),
    element("p", {}, ...action, shown.since),
    ...(shown.progress === null ? [] : [element("progress", { max: 1, value: shown.progress, "aria-label": "baseline gathered" })]),
  );
  const facts = Object.entries(shown.facts).flatMap(([name, fact]) => [element("dt", {}, name), element("dd", {}, fact)]);
  const inside = [
    ...(shown.reasons ? [element("p", {}, shown.reasons)] : []),
    ...(shown.trend.length > 1 ? [trend(shown.trend, shown.watch)] : []),
    ...(facts.length ? [element("dl", { class: "facts" }, ...facts)] : []),
    ...(shown.notes.length ? [element("ul", { class: "notes" }, ...shown.notes.map((note) => element("li", {}, note)))] : []),
  ];
  return element("article", { class: "big" }, band, ...(inside.length ? [element("div", { class: "inside" }, ...inside)] : []));
}

function sensor(shown) {
  const battery = shown.battery ? `, battery ${shown.battery}` : "";
  const warning = shown.warning ? `; ${shown.warning}` : "";
  return element(
    "div", { class: "sensor" }, icon(shown.shape), element("span", {}, `${shown.role}: ${shown.word}`), element("span", {}, shown.age),
    element("small", {}, `${shown.model} ${shown.sensor}${battery}${warning}`),
  );
}

export function drawAthlete(shown) {
  const nobody = [element("p", { class: "waiting" }, `Nobody is called ${shown.athlete} in this session.`)];
  const legs = () => [element("div", { class: "pair" }, ...shown.legs.map(card)), element("div", { class: "sensors" }, ...shown.links.map(sensor))];
  place("main", [shown.legs, shown.links], () => (shown.legs.length ? legs() : nobody));
  place("first", [], () => []);
}

export function drawAlarms(alarms, silenced, silence) {
  const build = () =>
    alarms.map((alarm) => {
      const quiet = silenced.has(alarm.id);
      const who = element("div", {}, element("strong", {}, `${alarm.athlete} ${alarm.leg}`), alarm.text);
      const button = element("button", { type: "button", onclick: () => silence(alarm.id) }, quiet ? "Quiet here" : "Seen");
      button.disabled = quiet;
      return element("div", { class: `${classes("alarm", alarm)}${quiet ? " quiet" : ""}` }, icon(alarm.shape), who, button);
    });
  place("alarms", [alarms, alarms.map((alarm) => silenced.has(alarm.id))], build);
}
