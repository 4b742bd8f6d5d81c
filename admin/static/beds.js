/* The bed board by keyboard and by hand. Arrow keys go from bed to bed, Enter opens a bed's card,
   Escape goes back to the bed; somebody is dragged onto a ready bed, and the card asks whether so. */

const ACROSS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

class BedDesk {
  constructor(desk) {
    this.desk = desk;
    this.chosen = desk.querySelector('.bed[aria-current="true"]')?.id;
    this.current = this.chosen ?? "";
    desk.addEventListener("keydown", (event) => this.press(event));
    desk.addEventListener("focusin", (event) => this.goTo(event.target.closest(".bed")));
    desk.addEventListener("dragstart", (event) => this.pickUp(event));
    desk.addEventListener("dragover", (event) => this.hoverOver(event));
    desk.addEventListener("drop", (event) => this.drop(event));
    desk.addEventListener("dragend", () => this.letGo());
    document.body.addEventListener("htmx:beforeRequest", (event) => this.holdStill(event));
    document.body.addEventListener("htmx:afterSwap", () => this.arrange());
    document.body.addEventListener("htmx:configRequest", (event) => this.choose(event.detail.elt));
    this.arrange();
  }

  get beds() {
    return [...this.desk.querySelectorAll(".bed")];
  }

  /* One stop of the tab key for the whole board; the chosen bed stays marked on a new drawing. */
  arrange() {
    const beds = this.beds;
    const stop = beds.find((bed) => bed.id === this.current) ?? beds[0];
    for (const bed of beds) {
      bed.tabIndex = bed === stop ? 0 : -1;
      if (bed.id === this.chosen) bed.setAttribute("aria-current", "true");
      else bed.removeAttribute("aria-current");
    }
  }

  goTo(bed) {
    if (!bed || bed.id === this.current) return;
    this.current = bed.id;
    this.arrange();
  }

  choose(element) {
    if (!element.matches?.(".bed")) return;
    this.chosen = element.id;
    this.current = element.id;
    this.arrange();
  }

  press(event) {
    const bed = event.target.closest(".bed");
    if (bed && ACROSS.has(event.key)) {
      event.preventDefault();
      this.neighbour(bed, event.key)?.focus();
    } else if (event.key === "Escape" && !bed) {
      document.getElementById(this.current)?.focus();
    }
  }

  neighbour(bed, key) {
    const beds = this.beds;
    const place = beds.indexOf(bed);
    if (key === "Home") return beds[0];
    if (key === "End") return beds.at(-1);
    if (key === "ArrowLeft") return beds[place - 1];
    if (key === "ArrowRight") return beds[place + 1];
    return nearest(bed, beds, key === "ArrowDown" ? 1 : -1);
  }

  pickUp(event) {
    const bed = event.target.closest?.(".bed[draggable=true]");
    if (!bed) return;
    this.dragged = bed;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", bed.id);
    this.desk.classList.add("bed-desk--moving");
  }

  hoverOver(event) {
    if (this.target(event)) event.preventDefault();
  }

  drop(event) {
    const target = this.target(event);
    if (!target) return;
    event.preventDefault();
    const to = target.id.replace("bed-", "");
    const source = this.dragged;
    this.letGo();
    this.choose(source);
    window.htmx.ajax("GET", `${source.getAttribute("href")}?to=${to}`, "#bed-card");
  }

  letGo() {
    this.dragged = undefined;
    this.desk.classList.remove("bed-desk--moving");
  }

  /* Where the dragged one may go: a ready bed of the same kind. */
  target(event) {
    const bed = event.target.closest?.('.bed[data-state="free"]');
    return this.dragged && bed?.dataset.kind === this.dragged.dataset.kind ? bed : undefined;
  }

  /* While somebody is in the hand the board is not drawn anew. */
  holdStill(event) {
    if (this.dragged && event.detail.elt.id === "board") event.preventDefault();
  }
}

/* The bed of the next row above or below that stands nearest. */
function nearest(bed, beds, direction) {
  const here = bed.getBoundingClientRect();
  const away = (one) => one.getBoundingClientRect();
  const beyond = beds.filter((one) => (away(one).top - here.top) * direction > 4);
  const next = Math.min(...beyond.map((one) => Math.abs(away(one).top - here.top)));
  const row = beyond.filter((one) => Math.abs(away(one).top - here.top) < next + 4);
  return row.sort((a, b) => Math.abs(away(a).left - here.left) - Math.abs(away(b).left - here.left))[0];
}

document.querySelectorAll('[data-module="beds"]').forEach((desk) => new BedDesk(desk));
