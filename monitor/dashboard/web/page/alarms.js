// Sound, vibration and the wake lock of this page; and the sentence that says where alarms go.

const LOST = [[660, 0.2], [0, 0.05], [440, 0.4]]; // falling: the connection is lost
const FADE_S = 0.01;

export class Alarms {
  constructor(words) {
    this.words = words;
    this.silenced = new Set(JSON.parse(sessionStorage.getItem("silenced") ?? "[]"));
    this.sounded = new Map(); // alarm -> how many of its alerts have sounded here
    this.audio = null;
    this.lock = null;
    this.wanted = false;
    document.addEventListener("visibilitychange", () => this.keepAwake());
  }

  get sounds() {
    return this.wanted && this.audio?.state === "running";
  }

  // Only a tap may do this: browsers let no page sound by itself.
  async turnOn() {
    this.wanted = true;
    this.audio ??= new AudioContext();
    await this.audio.resume();
    this.play("TEST");
    await this.keepAwake();
  }

  async turnOff() {
    this.wanted = false;
    await this.audio?.suspend();
    await this.lock?.release();
  }

  async keepAwake() {
    if (!this.wanted || document.visibilityState !== "visible") return;
    if (this.audio?.state !== "running") this.audio?.resume().catch(() => {}); // a phone may keep it: the screen comes first
    if (!("wakeLock" in navigator) || this.lock) return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
      this.lock.addEventListener("release", () => (this.lock = null));
    } catch {
      this.lock = null; // battery saver: the sentence below says that the screen may go dark
    }
  }

  silence(id) {
    this.silenced.add(id);
    sessionStorage.setItem("silenced", JSON.stringify([...this.silenced].slice(-200)));
  }

  open(alarms) {
    return alarms.filter((alarm) => !this.silenced.has(alarm.id));
  }

  // The most urgent that has gone out sounds; again when it goes out again, until somebody has seen it.
  update(alarms) {
    const due = this.open(alarms).filter((alarm) => alarm.sent > (this.sounded.get(alarm.id) ?? 0));
    if (!due.length || !this.sounds) return;
    for (const alarm of due) this.sounded.set(alarm.id, alarm.sent);
    const worst = due.some((alarm) => alarm.state === "CRAMP") ? "CRAMP" : "WARN";
    this.play(worst);
    navigator.vibrate?.(worst === "CRAMP" ? [300, 100, 300, 100, 300] : [400, 150, 400]);
  }

  lost() {
    if (!this.sounds) return;
    this.notes(LOST);
    navigator.vibrate?.([150, 100, 150]);
  }

  play(melody) {
    this.notes(this.words.melodies[melody]);
  }

  notes(melody) {
    let at = this.audio.currentTime + 0.02;
    for (const [frequency, length] of melody) {
      if (frequency) this.note(frequency, at, length);
      at += length;
    }
    document.documentElement.dataset.played = String(1 + Number(document.documentElement.dataset.played ?? 0));
  }

  note(frequency, at, length) {
    const loudness = this.audio.createGain();
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.8, at + FADE_S);
    loudness.gain.setValueAtTime(0.8, at + length - FADE_S);
    loudness.gain.linearRampToValueAtTime(0, at + length);
    loudness.connect(this.audio.destination);
    const voice = this.audio.createOscillator();
    voice.type = "triangle";
    voice.frequency.value = frequency;
    voice.connect(loudness);
    voice.start(at);
    voice.stop(at + length);
  }

  // [word, note]: where alarms go. elsewhere: what calls besides this page, as the computer says.
  // calls: whether the session alerts anybody at all.
  where(connected, elsewhere, calls) {
    if (!calls) return ["Alarms: nowhere", "A replay alerts nobody."];
    const places = [...(connected && this.sounds ? ["this page"] : []), ...(connected ? elsewhere : [])];
    const word = `Alarms: ${places.join(", ") || (connected ? "nowhere" : "not from here")}`;
    if (!connected) return [word, "No new picture: this page cannot call."];
    if (!this.sounds) return [word, "This page is silent until you tap."];
    const felt = "vibrate" in navigator ? "Sound and vibration." : "Sound, no vibration.";
    return [word, this.lock ? `${felt} The screen stays on.` : `${felt} Keep the screen on: a dark page does not call.`];
  }
}
