/* The duty desk: clocks that run beside calls for help, and a sound for new ones, off until wanted. */

const SECOND = 1000;

function waited(since) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function runClocks() {
  for (const clock of document.querySelectorAll("[data-since]")) {
    clock.textContent = waited(clock.dataset.since);
  }
}

/* Two short tones when more people wait than a moment ago; a browser lets nothing sound unasked. */
class AlarmSound {
  constructor(button) {
    this.button = button;
    this.waiting = this.count();
    button.hidden = false;
    button.addEventListener("click", () => this.turn());
    document.body.addEventListener("htmx:afterSettle", () => this.listen());
  }

  count() {
    return Number(document.getElementById("alarms")?.dataset.nobodys ?? 0);
  }

  turn() {
    const isOn = this.button.getAttribute("aria-pressed") !== "true";
    this.button.setAttribute("aria-pressed", String(isOn));
    this.audio ??= new AudioContext();
    if (isOn) this.play();
  }

  listen() {
    const waiting = this.count();
    if (waiting > this.waiting && this.button.getAttribute("aria-pressed") === "true") this.play();
    this.waiting = waiting;
  }

  play() {
    [0, 0.35].forEach((later) => {
      const tone = this.audio.createOscillator();
      tone.frequency.value = 880;
      tone.connect(this.audio.destination);
      tone.start(this.audio.currentTime + later);
      tone.stop(this.audio.currentTime + later + 0.2);
    });
  }
}

setInterval(runClocks, SECOND);
document.querySelectorAll('[data-module="alarm-sound"]').forEach((button) => new AlarmSound(button));
